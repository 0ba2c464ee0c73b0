"""Devices of other processes are shown as those say they are, as long as anybody polls them."""

import asyncio
from collections.abc import Iterable, Sequence
from types import MappingProxyType

import numpy as np

from stripchart.bus.base import BusError, Publication
from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import Poll
from stripchart.live.mirror import Mirror
from stripchart.live.packet import pack
from stripchart.model.device import Device, DeviceId, DeviceStatus, SiteId, parse_link
from stripchart.model.recent import Recent
from stripchart.model.sample import PointId, SampleBatch
from stripchart.pipeline.latest import Latest
from stripchart.pipeline.pipeline import Pipeline, PipelineOptions
from stripchart.polling.health import DeviceHealth
from stripchart.polling.lease_store import CollectorInfo

NOW_MS = 1_700_000_000_000
DEVICE = Device(
    id=DeviceId(7),
    site_id=SiteId(1),
    name="G1",
    link=parse_link("tcp://127.0.0.1"),
    unit_id=1,
    profile="boiler",
    interval_s=1,
)
POINTS = np.array([10, 11], np.int32)
ENTRY = RosterEntry(DEVICE, None, (), POINTS, MappingProxyType({}), np.empty(0, np.intp))
COLLECTOR = CollectorInfo("c", "m", "collector")


class Elsewhere:
    """Roster, board of this process, store, and who holds what, as a test says."""

    def __init__(self) -> None:
        self.recent = Recent(3600)
        self.own: dict[DeviceId, DeviceHealth] = {}
        self.kept: dict[int, bytes] = {}
        self.is_held, self.is_away = True, False
        self.latest = Latest()
        self.pipeline = Pipeline(None, PipelineOptions())  # type: ignore[arg-type]
        self.mirror = Mirror(self, self.pipeline, self, self, self)  # type: ignore[arg-type]

    def all(self) -> Sequence[RosterEntry]:
        return (ENTRY,)

    def get(self, device: DeviceId) -> RosterEntry | None:
        return ENTRY if device == DEVICE.id else None

    def health(self, device: DeviceId) -> DeviceHealth | None:
        return self.own.get(device)

    async def samples(self, devices: Sequence[int]) -> dict[int, bytes]:
        return self.kept

    async def publish(self, news: Sequence[Publication], *, anew: bool) -> None: ...

    async def held(self, names: Iterable[str]) -> set[str]:
        if self.is_away:
            raise BusError("away")
        return set(names) if self.is_held else set()

    async def collectors(self) -> dict[str, bytes]:
        return {"c": COLLECTOR.told()} if self.is_held else {}

    async def levels(self) -> dict[PointId, int]:
        return {}

    def packet(self, value: float, at_ms: int) -> bytes:
        samples = SampleBatch(POINTS, np.full(2, at_ms), np.full(2, value), np.zeros(2, np.uint8))
        self.latest.update(samples)
        health = DeviceHealth(NOW_MS)
        health.note(Poll(samples, 1), at_ms)
        return pack(ENTRY, self.latest, health, NOW_MS)

    @property
    def shown(self) -> list[float]:
        return [float(value) for value in self.pipeline.latest.values(POINTS, NOW_MS).value]


class Levels:
    async def all(self) -> dict[PointId, int]:
        return {}


async def looked(elsewhere: Elsewhere) -> None:
    """One look at what is there."""
    async with elsewhere.mirror.running(Levels(), lambda _: False):  # type: ignore[arg-type]
        for _ in range(20):
            await asyncio.sleep(0)


async def test_what_is_kept_is_taken_over_and_news_follow() -> None:
    there = Elsewhere()
    there.kept = {7: there.packet(1.0, NOW_MS - 1000)}
    await looked(there)
    assert there.shown == [1.0, 1.0]
    health = there.mirror.health(DEVICE.id)
    assert health is not None
    assert (health.status, health.last_reading_ms, health.polls) == (DeviceStatus.ONLINE, NOW_MS - 1000, 1)
    there.mirror.hear(there.packet(2.0, NOW_MS))
    assert there.shown == [2.0, 2.0]
    sharing = there.mirror.sharing()
    assert (sharing.collectors, sharing.problem, sharing.me) == ((COLLECTOR,), None, None)


async def test_a_device_that_nobody_polls_is_not_known_whatever_was_heard_last() -> None:
    there = Elsewhere()
    there.kept = {7: there.packet(1.0, NOW_MS)}
    there.is_held = False
    await looked(there)
    assert there.shown == [1.0, 1.0]
    assert there.mirror.health(DEVICE.id) is None
    assert there.mirror.sharing().problem == "no collector lives"


async def test_what_cannot_be_heard_of_is_not_believed() -> None:
    there = Elsewhere()
    there.is_away = True
    there.mirror.hear(there.packet(1.0, NOW_MS))
    await looked(there)
    assert there.mirror.health(DEVICE.id) is None
    assert there.mirror.sharing().problem == "Redis does not say who polls"


async def test_of_a_device_polled_here_only_this_process_knows() -> None:
    there = Elsewhere()
    there.own[DEVICE.id] = own = DeviceHealth(NOW_MS)
    await looked(there)
    there.mirror.hear(there.packet(1.0, NOW_MS))
    assert np.isnan(there.shown).all()
    assert there.mirror.health(DEVICE.id) is own


async def test_what_is_no_packet_is_passed_over() -> None:
    there = Elsewhere()
    good = there.packet(1.0, NOW_MS)
    for message in (b"", b"SC01", b"nonsense" * 10, good[:-1], good[:40] + b"\xff" + good[41:]):
        there.mirror.hear(message)
    assert np.isnan(there.shown).all()
