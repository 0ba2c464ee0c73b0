"""A counter that cannot lie: glitches are marked, resets and new meters are believed in time."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.point import Counter
from stripchart.model.quality import Quality
from stripchart.model.sample import SampleBatch
from stripchart.pipeline.counters import Counters
from tests.unit.pipeline.points import a_point

STEP, GOOD = Quality.UNCERTAIN_STEP, Quality.GOOD
POINT = np.array([7], np.int32)
KILOWATTS_360 = Counter(rollover=10_000, max_per_hour=360)
"""0.1 a second at the most; 6 a minute."""


def watching(counter: Counter | None = KILOWATTS_360, scale: float = 0.1) -> Counters:
    counters = Counters()
    counters.declare(POINT, [a_point(counter=counter, scale=scale)], SampleBatch.all_bad(POINT, 0))
    return counters


def judged(counters: Counters, values: list[float], every_s: float = 10, start_s: float = 1000) -> list[Quality]:
    at_ms = (start_s + np.arange(len(values)) * every_s) * 1000
    quality = [Quality.BAD_COMM if np.isnan(value) else GOOD for value in values]
    batches = [
        SampleBatch(POINT, np.array([at], np.int64), np.array([value]), np.array([code], np.uint8))
        for at, value, code in zip(at_ms, values, quality, strict=True)
    ]
    return [Quality(int(counters.judged(batch).quality[0])) for batch in batches]


def test_a_counter_that_grows_as_it_can_is_good() -> None:
    assert judged(watching(), [5000.0, 5000.0, 5000.9, 5001.9, 5002.0]) == [GOOD] * 5


@pytest.mark.parametrize("glitch", [0.0, 9999.0, 4000.0, 5100.0, -1.0])
def test_a_glitch_is_uncertain_and_what_goes_on_behind_it_is_good_at_once(glitch: float) -> None:
    assert judged(watching(), [5000.0, glitch, 5001.0, 5002.0]) == [GOOD, STEP, GOOD, GOOD]


def test_a_counter_may_pass_its_rollover() -> None:
    assert judged(watching(), [9999.5, 0.2, 1.0]) == [GOOD, GOOD, GOOD]


def test_a_reset_is_believed_when_the_next_sample_goes_on_from_it() -> None:
    assert judged(watching(Counter(max_per_hour=360)), [5000.0, 0.3, 1.0, 1.9]) == [GOOD, STEP, GOOD, GOOD]


def test_another_meter_is_believed_after_a_minute() -> None:
    values = [5000.0, *[700.0 + number for number in range(8)]]
    assert judged(watching(), values) == [GOOD, *[STEP] * 6, GOOD, GOOD]


def test_a_counter_set_by_hand_is_believed_after_three_samples_however_rare_they_are() -> None:
    values = [5000.0, 2000.0, 2010.0, 2020.0, 2030.0]
    assert judged(watching(), values, every_s=3600) == [GOOD, STEP, STEP, GOOD, GOOD]


def test_noise_that_never_goes_on_is_never_believed() -> None:
    values = [5000.0, *[float(value) for value in range(9000, 5100, -100)], 5010.0]
    assert judged(watching(), values) == [GOOD, *[STEP] * 39, GOOD]


def test_a_long_silence_allows_for_a_long_growth() -> None:
    counters = watching()
    judged(counters, [5000.0])
    assert judged(counters, [float("nan"), 5359.0], start_s=4600) == [Quality.BAD_COMM, GOOD]


def test_a_step_of_its_resolution_is_always_possible() -> None:
    slow = Counter(max_per_hour=0.001)
    assert judged(watching(slow, scale=1.0), [5.0, 6.0, 6.0, 8.0]) == [GOOD, GOOD, GOOD, STEP]


@pytest.mark.parametrize("counter", [None, Counter(), Counter(rollover=100)])
def test_without_a_greatest_rate_no_step_is_impossible(counter: Counter | None) -> None:
    assert judged(watching(counter), [5000.0, 0.0, 9e9]) == [GOOD] * 3


def test_the_first_sample_after_a_restart_is_held_against_the_last_before() -> None:
    counters = Counters()
    newest = SampleBatch(POINT, np.array([999_000]), np.array([5000.0]), np.zeros(1, np.uint8))
    counters.declare(POINT, [a_point(counter=KILOWATTS_360)], newest)
    assert judged(counters, [0.0, 5000.5]) == [STEP, GOOD]


def test_a_point_that_is_no_counter_any_more_passes_and_one_declared_again_remembers() -> None:
    counters = watching()
    judged(counters, [5000.0])
    stale = SampleBatch(POINT, np.array([1]), np.array([1.0]), np.zeros(1, np.uint8))
    counters.declare(POINT, [a_point(counter=None)], stale)
    assert judged(counters, [9e9]) == [GOOD]
    counters.declare(POINT, [a_point(counter=KILOWATTS_360)], stale)
    assert judged(counters, [5000.5, 0.0]) == [GOOD, STEP]


def test_points_of_one_batch_are_judged_apart() -> None:
    counters = Counters()
    points = np.array([3, 4, 5], np.int32)
    described = [a_point(counter=KILOWATTS_360), a_point(), a_point(counter=KILOWATTS_360)]
    counters.declare(points, described, SampleBatch.all_bad(points, 0))
    first, second = (
        SampleBatch(points, np.full(3, at), np.array(values), np.zeros(3, np.uint8))
        for at, values in ((1000, [5000.0, 1.0, 10.0]), (2000, [0.0, 9e9, 10.1]))
    )
    assert counters.judged(first) is not None
    assert counters.judged(second).quality.tolist() == [STEP, GOOD, GOOD]
    assert second.quality.tolist() == [GOOD] * 3, "the batch of the driver is not written to"


@given(st.data())
def test_no_glitch_is_consumption_and_nothing_consumed_is_lost(data: st.DataObject) -> None:
    growth = data.draw(st.lists(st.floats(0, 0.9), min_size=4, max_size=60))
    truth = list(itertools.accumulate([5000.0, *growth]))
    seen: list[float] = []
    glitches = 0
    for value in truth:
        glitches = glitches + 1 if data.draw(st.booleans()) and seen and glitches < 1 else 0
        seen.append(data.draw(st.sampled_from([0.0, 65_535.0, 2500.0, float("nan")])) if glitches else value)
    seen.append(truth[-1])
    quality = judged(watching(Counter(max_per_hour=360)), seen)
    good = [value for value, code in zip(seen, quality, strict=True) if code is GOOD]
    consumed = sum(max(0.0, later - earlier) for earlier, later in itertools.pairwise(good))
    assert consumed == pytest.approx(truth[-1] - truth[0])


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=40), st.integers(1, 40))
def test_samples_are_judged_alike_however_they_are_batched(values: list[float], size: int) -> None:
    at_ms = np.arange(len(values)) * 1000 + 10_000_000
    points = np.full(len(values), 7, np.int32)
    batch = SampleBatch(points, at_ms, np.array(values), np.zeros(len(values), np.uint8))

    def judged_in(step: int) -> list[int]:
        counters = watching()
        parts = [counters.judged(batch.where(slice(i, i + step))) for i in range(0, len(values), step)]
        return [int(code) for code in SampleBatch.joined(parts).quality]

    assert judged_in(size) == judged_in(1)
