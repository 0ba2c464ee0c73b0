"""Planning and decoding, in one process, without any I/O."""

import timeit
from collections.abc import Callable
from statistics import median

import numpy as np

from bench.report import figure, head
from bench.workload import hundred_points
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.plan import plan_points
from stripchart.model.profile import Profile
from stripchart.profiles.library import ProfileLibrary

_REPEATS = 7


def run() -> None:
    head("Planning and decoding (median of 7)")
    profile = hundred_points()
    figure("decode 100 points in 125 registers", f"{decode_us(profile):.1f} us", "< 60 us")
    figure("plan 100 points", f"{plan_us(profile):.0f} us")
    for shipped in ProfileLibrary.shipped().all():
        requests = compile_profile(shipped).requests_per_cycle
        points = len(shipped.points)
        figure(
            f"{shipped.key}: {points} points, {requests} requests",
            f"{plan_us(shipped):.0f} us plan, {decode_us(shipped):.0f} us decode",
        )


def decode_us(profile: Profile) -> float:
    """Microseconds to decode every point of the profile once, quality and limits included."""
    decoders = [read.decoder for read in compile_profile(profile).reads]
    random = np.random.default_rng(7)
    words = [random.integers(0, 20_000, decoder.word_count).astype(np.uint16) for decoder in decoders]
    current = np.full(len(profile.points), np.nan)

    def decode() -> None:
        for decoder, own in zip(decoders, words, strict=True):
            decoder.decode(own, current)

    return _median_us(decode, 500)


def plan_us(profile: Profile) -> float:
    """Microseconds to plan the reads of every point of the profile."""
    return _median_us(lambda: plan_points(profile.points, profile.pacing), 20)


def _median_us(work: Callable[[], object], count: int) -> float:
    return median(timeit.repeat(work, number=count, repeat=_REPEATS)) / count * 1e6
