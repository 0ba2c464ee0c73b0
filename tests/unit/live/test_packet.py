"""What is kept of a device outside comes back as it was, and bytes that are something else are refused."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import NoAnswerError, Notice, Poll
from stripchart.live.packet import DeviceState, PacketError, device_of, pack, unpack
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device, DeviceId, DeviceStatus, SiteId, Trouble, parse_link
from stripchart.model.quality import FIRST_BAD, Quality
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.warning import WarningCode
from stripchart.pipeline.latest import Latest
from stripchart.polling.health import DeviceHealth

NOW_MS = 1_700_000_000_000
SILENT = Cause(CauseCode.SILENT, {"unit": 1, "silent_s": 12.5})


def entry(points: int) -> RosterEntry:
    device = Device(
        id=DeviceId(7),
        site_id=SiteId(1),
        name="G1",
        link=parse_link("tcp://127.0.0.1"),
        unit_id=1,
        profile="boiler",
        interval_s=1,
    )
    ids = np.arange(10, 10 + points, dtype=np.int32)
    return RosterEntry(device, None, (), ids, MappingProxyType({}), np.empty(0, np.intp))


def batch(values: list[float], at_ms: int, quality: Quality) -> SampleBatch:
    count = len(values)
    ids = np.arange(10, 10 + count, dtype=np.int32)
    return SampleBatch(ids, np.full(count, at_ms), np.array(values), np.full(count, quality, np.uint8))


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False), max_size=20), st.sampled_from(list(Quality)), st.integers(1, 10**6))
def test_what_was_packed_comes_back(values: list[float], quality: Quality, age_ms: int) -> None:
    latest, device = Latest(), entry(len(values))
    latest.update(batch(values, NOW_MS - age_ms, Quality.GOOD))
    if quality >= FIRST_BAD:
        latest.update(batch([np.nan] * len(values), NOW_MS, quality))
    packet = unpack(pack(device, latest, None, NOW_MS))
    assert (packet.device_id, packet.state) == (7, None)
    again = Latest()
    again.update(packet.newest)
    again.recall(packet.good)
    kept, seen = again.values(device.point_ids, NOW_MS), latest.values(device.point_ids, NOW_MS)
    for name in ("at_ms", "value", "quality", "good_value", "good_at_ms"):
        np.testing.assert_array_equal(getattr(kept, name), getattr(seen, name), err_msg=name)


def test_how_a_device_is_goes_with_it_and_so_do_texts() -> None:
    latest = Latest()
    latest.update(SampleBatch(*_columns(), {PointId(11): (NOW_MS, "G-1")}))
    health = DeviceHealth(NOW_MS)
    health.note(Poll(SampleBatch.empty(), 0, NoAnswerError("silent", cause=SILENT)), NOW_MS + 5)
    packet = unpack(pack(entry(2), latest, health, NOW_MS))
    assert packet.newest.texts == {PointId(11): (NOW_MS, "G-1")}
    state = DeviceState(DeviceStatus.OFFLINE, NOW_MS + 5, Trouble.NO_ANSWER, "silent", None, NOW_MS + 5, 1, 1)
    assert packet.state == replace(state, failed_by={Trouble.NO_ANSWER: 1}, cause=SILENT)


def test_a_packet_of_a_version_that_tells_no_codes_has_the_words() -> None:
    health = DeviceHealth(NOW_MS)
    health.note(Poll(SampleBatch.empty(), 0, NoAnswerError("silent", cause=SILENT)), NOW_MS + 5)
    health.cause = None
    state = unpack(pack(entry(1), Latest(), health, NOW_MS)).state
    assert state is not None
    assert (state.error, state.cause) == ("silent", Cause())


def test_others_see_the_health_that_the_collector_sees() -> None:
    health = DeviceHealth(NOW_MS, polls=7, failed_polls=2, missed_slots=1)
    notice = Notice("unit_id", "another device", WarningCode.CLOCK_SLOW, {"shown": "12:00:00", "off_s": 90.0})
    health.note(Poll(SampleBatch.empty(), 1, notices=(notice,)), NOW_MS + 5)
    health.rhythm.note(0, 2_000_000)
    health.rhythm.note(1_000_000_000, 1_003_000_000)
    packed = pack(entry(1), Latest(), health, NOW_MS)
    state = unpack(packed).state
    assert state is not None
    seen = state.as_health()
    figures = seen.rhythm.period_s, seen.rhythm.period_p95_s, seen.rhythm.duration_s
    assert figures == (health.rhythm.period_s, health.rhythm.period_p95_s, health.rhythm.duration_s)
    assert replace(seen, rhythm=health.rhythm) == health
    assert device_of(packed) == 7


def test_a_value_that_is_stale_is_kept_as_it_was_read() -> None:
    latest = Latest()
    latest.declare(np.array([10], np.int32), np.array([1000]))
    latest.update(batch([1.5], NOW_MS - 5000, Quality.GOOD))
    assert unpack(pack(entry(1), latest, None, NOW_MS)).newest.quality.tolist() == [Quality.GOOD]


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(PacketError):
        unpack(data)


def test_a_torn_or_changed_packet_is_refused() -> None:
    latest = Latest()
    latest.update(batch([1.0, 2.0], NOW_MS, Quality.GOOD))
    packed = pack(entry(2), latest, None, NOW_MS)
    for length in range(len(packed)):
        with pytest.raises(PacketError):
            unpack(packed[:length])
    for place in range(len(packed)):
        changed = bytearray(packed)
        changed[place] ^= 0x55
        with pytest.raises(PacketError):
            unpack(bytes(changed))


def _columns() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    none = SampleBatch.empty()
    return none.point_id, none.at_ms, none.value, none.quality
