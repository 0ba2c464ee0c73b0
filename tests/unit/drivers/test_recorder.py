"""The flight recorder keeps the last frames within its bytes, and what surrounds a fault."""

from collections.abc import Callable
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.recorder import FaultKind, FlightRecorder
from stripchart.model.cause import Cause


def ticking() -> Callable[[], int]:
    return count(1).__next__


def test_frames_come_back_in_order_with_time_and_direction() -> None:
    recorder = FlightRecorder(now_ns=ticking())
    recorder.sent(b"ask")
    recorder.received(b"reply")
    assert recorder.frames() == [(1, True, b"ask"), (2, False, b"reply")]
    assert recorder.frames(after_ns=1) == [(2, False, b"reply")]


@given(st.lists(st.binary(max_size=300), max_size=60), st.integers(0, 5000))
def test_the_oldest_go_when_the_bytes_are_used_up(frames: list[bytes], limit: int) -> None:
    recorder = FlightRecorder(limit)
    for frame in frames:
        recorder.received(frame)
    kept = [frame.data for frame in recorder.frames()]
    assert kept == frames[len(frames) - len(kept) :]
    assert sum(len(data) + 13 for data in kept) <= limit
    assert len(kept) == len(frames) or sum(len(data) + 13 for data in frames[-len(kept) - 1 :]) > limit


def test_a_fault_has_the_frames_before_and_after_it_whatever_the_ring_forgets() -> None:
    recorder = FlightRecorder(20 * 14)
    for number in range(30):
        recorder.received(bytes((number,)))
    recorder.freeze(FaultKind.TIMEOUT, 7, "no reply", Cause())
    for number in range(30, 60):
        recorder.received(bytes((number,)))
    (fault,) = recorder.faults
    assert (fault.kind, fault.unit_id, fault.reason) == (FaultKind.TIMEOUT, 7, "no reply")
    assert [frame.data[0] for frame in fault.frames] == list(range(18, 36))


def test_one_unit_that_fails_all_the_time_does_not_push_out_the_faults_of_others() -> None:
    recorder = FlightRecorder(now_ns=ticking())
    recorder.freeze(FaultKind.BAD_REPLY, 1, "first", Cause())
    for number in range(100):
        recorder.freeze(FaultKind.TIMEOUT, 2, str(number), Cause())
    assert [fault.reason for fault in recorder.faults] == ["first", "97", "98", "99"]


def test_the_number_of_faults_is_bounded() -> None:
    recorder = FlightRecorder()
    for unit in range(100):
        recorder.freeze(FaultKind.TIMEOUT, unit, "", Cause())
    assert [fault.unit_id for fault in recorder.faults] == list(range(84, 100))


def test_without_room_nothing_is_kept() -> None:
    recorder = FlightRecorder(0)
    recorder.sent(b"ask")
    recorder.freeze(FaultKind.TIMEOUT, 1, "", Cause())
    assert (recorder.frames(), recorder.faults) == ([], [])
