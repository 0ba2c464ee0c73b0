"""Mirror: devices that other processes poll, shown here as those say they are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Protocol

import structlog

from stripchart.background import in_background
from stripchart.bus.base import BusError, MetricsStore
from stripchart.catalog.errors import CatalogError
from stripchart.catalog.levels import Levels
from stripchart.catalog.roster import Roster, RosterEntry
from stripchart.live.packet import Packet, PacketError, device_of, unpack
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import DeviceId
from stripchart.model.recent import Recent
from stripchart.model.sample import PointId
from stripchart.pipeline.pipeline import Pipeline
from stripchart.polling.health import DeviceHealth, HealthBoard
from stripchart.polling.lease_store import CollectorInfo
from stripchart.polling.leases import LeaseHealth

log = structlog.get_logger()

_LOOK_EVERY_S = 2.0
_LEVELS_EVERY = 3
_BELIEVED_S = 10.0
_READ_AT_ONCE = 500


class Links(Protocol):
    """Which links are polled by anybody now, and by whom at all."""

    async def collectors(self) -> dict[str, bytes]:
        """All that live, each with what it said of itself. Raises BusError."""

    async def held(self, names: Iterable[str]) -> set[str]:
        """Those of these names whose lease somebody has. Raises BusError."""


class Mirror:
    """A `HealthBoard` of the whole plant: `here` of devices polled in this process, the news of others else.

    A device whose link nobody holds is not polled, whatever was heard of it last; and neither is one of which nothing
    can be heard for ten seconds. `hear` takes the messages of others.
    """

    def __init__(
        self, roster: Roster, pipeline: Pipeline, here: HealthBoard, store: MetricsStore, links: Links
    ) -> None:
        self._roster, self._pipeline, self._here = roster, pipeline, here
        self._store, self._links = store, links
        self._told: dict[DeviceId, DeviceHealth] = {}
        self._held: set[str] = set()
        self._looked_s = -_BELIEVED_S
        self._collectors: tuple[CollectorInfo, ...] = ()
        self._all_anew = asyncio.Event()

    @property
    def recent(self) -> Recent:
        """The polls of this process."""
        return self._here.recent

    def health(self, device: DeviceId) -> DeviceHealth | None:
        own = self._here.health(device)
        if own is not None:
            return own
        entry = self._roster.get(device)
        is_known = entry is not None and entry.device.enabled and entry.device.link.end in self._held
        return self._told.get(device) if is_known and _now_s() - self._looked_s < _BELIEVED_S else None

    def sharing(self) -> LeaseHealth:
        """Who polls, as this process sees it, which itself holds nothing."""
        problem = cause = None
        if _now_s() - self._looked_s >= _BELIEVED_S:
            problem, cause = "Redis does not say who polls", Cause(CauseCode.NO_ANSWER)
        elif not self._collectors:
            problem, cause = "no collector lives", Cause(CauseCode.NO_COLLECTOR)
        return LeaseHealth(None, self._collectors, frozenset(), frozenset(), None, problem, cause)

    def hear(self, message: bytes) -> None:
        """News of a device, of which nothing is known that is newer."""
        try:
            device = device_of(message)
            if self._here.health(device) is None and self._roster.get(device) is not None:
                self._take(unpack(message))
        except PacketError as error:
            log.warning("mirror.not_understood", reason=str(error))

    def begin_anew(self) -> None:
        """Something may have been missed: take over what is kept of all devices."""
        self._all_anew.set()

    @contextlib.asynccontextmanager
    async def running(self, levels: Levels, is_ours: Callable[[RosterEntry], bool]) -> AsyncIterator[None]:
        """While this is open, it is looked who is polled at all; `levels`: as those who poll have kept them."""
        self.begin_anew()
        async with in_background({"mirror": self._run(levels, is_ours)}):
            yield

    async def _run(self, levels: Levels, is_ours: Callable[[RosterEntry], bool]) -> None:
        number = 0
        while True:
            try:
                await self._look()
                if number % _LEVELS_EVERY == 0:
                    self._assume(await levels.all(), is_ours)
                number += 1
            except (BusError, CatalogError):
                pass  # the connection and the catalog say so themselves
            except Exception:
                log.exception("mirror.bug")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._all_anew.wait()

    async def _look(self) -> None:
        if self._all_anew.is_set():
            self._all_anew.clear()
            await self._take_over()
        entries = self._roster.all()
        self._held = await self._links.held({entry.device.link.end for entry in entries})
        told = await self._links.collectors()
        self._collectors = tuple(CollectorInfo.heard(told[name]) for name in sorted(told))
        self._looked_s = _now_s()
        known = {entry.device.id for entry in entries}
        self._told = {device: health for device, health in self._told.items() if device in known}

    async def _take_over(self) -> None:
        ids = [entry.device.id for entry in self._roster.all()]
        for start in range(0, len(ids), _READ_AT_ONCE):
            for message in (await self._store.samples(ids[start : start + _READ_AT_ONCE])).values():
                self.hear(message)
            await asyncio.sleep(0)

    def _take(self, packet: Packet) -> None:
        entry = self._roster.get(packet.device_id)
        if entry is None:
            return
        self._pipeline.mirror(packet.newest.of(entry.point_ids), packet.good.of(entry.point_ids))
        if packet.state is not None:
            self._told[packet.device_id] = packet.state.as_health()

    def _assume(self, levels: Mapping[PointId, int], is_ours: Callable[[RosterEntry], bool]) -> None:
        """Points whose levels are judged elsewhere are what they are there."""
        for entry in self._roster.all():
            if entry.device.thresholds and not is_ours(entry):
                self._pipeline.alarms.assume(
                    entry.point_ids, [levels.get(id_, 0) for id_ in entry.point_ids.tolist()]
                )


def _now_s() -> float:
    return asyncio.get_running_loop().time()
