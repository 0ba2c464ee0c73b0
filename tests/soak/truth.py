"""Devices whose every value says which device, point and time it is of, so that a wrong one gives itself away."""

import time

import numpy as np

from stripchart.model.point import DataType, Point, Table
from stripchart.model.profile import Pacing, Profile
from stripchart.model.sample import SampleBatch
from stripchart.simulator.faults import Fault
from stripchart.wire.errors import IllegalRequestError
from stripchart.wire.pdu import exception_reply, parse_request, words_reply

POINTS = 24
TICK_MS = 50
_TICKS = 1 << 16
_APART = 40
"""Registers from one block of points to the next: too far to be read at once."""


def truth_profile() -> Profile:
    """Points of 32 bits in three blocks: the high word says which point, the low word when."""
    points = [
        Point(
            key=f"p{number}",
            name={"en": f"Point {number}"},
            table=Table.HOLDING,
            address=address_of(number),
            type=DataType.UINT32,
            registers=2,
        )
        for number in range(POINTS)
    ]
    pacing = Pacing(timeout_s=0.4, retries=1, pause_before_retry_s=0.1)
    return Profile(key="truth", name={"en": "Truth"}, kind="test", interval_s=2, points=tuple(points), pacing=pacing)


def address_of(number: int) -> int:
    return 100 + _APART * (number * 3 // POINTS) + 2 * (number % (POINTS // 3))


class TruthDevice:
    """What answers at a unit id. `hole`: registers that it has lost."""

    def __init__(self, number: int, unit_id: int) -> None:
        self.number, self.unit_id = number, unit_id
        self.fault: Fault | None = None
        self.hole: frozenset[int] = frozenset()
        first = number * POINTS
        self._points = {address_of(point): first + point for point in range(POINTS)}

    def answer(self, pdu: bytes) -> bytes:
        try:
            request = parse_request(pdu)
        except IllegalRequestError as error:
            return exception_reply(pdu[0] if pdu else 0, error.code)
        addresses = range(request.start, request.start + request.count)
        if self.hole.intersection(addresses):
            return exception_reply(request.function, 2)
        tick = time.time_ns() // (TICK_MS * 1_000_000) % _TICKS
        return words_reply(request.function, [self._word(address, tick) for address in addresses])

    def _word(self, address: int, tick: int) -> int:
        if address in self._points:
            return self._points[address]
        return tick if address - 1 in self._points else 0


class Judge:
    """Holds each sample against the truth. `oldest_ms`: how old a value may be when it is stamped."""

    def __init__(self, oldest_ms: int) -> None:
        self._oldest_ms = oldest_ms
        self.samples = 0
        self.wrong: list[str] = []

    def judge(self, batch: SampleBatch) -> None:
        has_value = batch.has_value
        points, at_ms = batch.point_id[has_value], batch.at_ms[has_value]
        raw = batch.value[has_value].astype(np.int64)
        self.samples += len(points)
        age_ms = (at_ms // TICK_MS - raw % _TICKS) % _TICKS * TICK_MS
        for point, value, age in zip(points.tolist(), raw.tolist(), age_ms.tolist(), strict=True):
            if value // _TICKS != point or age > self._oldest_ms:
                self.wrong.append(f"point {point}: {value // _TICKS} of {age} ms ago")
