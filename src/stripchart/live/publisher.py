"""Publishing: what devices say now goes to Redis for others, beside the way that samples take, and never on it.

Of each device the newest alone waits, so what waits is bounded by the number of devices; Redis may be slow or away.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from stripchart.background import in_background
from stripchart.bus.base import BusError, MetricsStore, Publication
from stripchart.catalog.roster import Roster, RosterEntry
from stripchart.live.feed import MetricsFeed
from stripchart.live.metrics import Metrics
from stripchart.live.packet import PacketError, unpack
from stripchart.model.cause import Cause
from stripchart.model.device import DeviceId
from stripchart.pipeline.pipeline import Pipeline

log = structlog.get_logger()

_AT_ONCE = 100
_READ_AT_ONCE = 500
_PAUSE_S = 1.0
_ALWAYS = b"device_id"

ANEW_EVERY_S = 300.0

Pack = Callable[[RosterEntry], bytes]
"""The newest samples of a device as bytes."""


@dataclass(slots=True)
class PublishingFigures:
    """Since the start: devices published, and how often news of one were replaced by newer ones before."""

    published: int = 0
    replaced: int = 0


class Publisher:
    """Keeps Redis in step with what devices say.

    What Redis has of them from before is taken over once, as old as it is. When Redis returns it is told everything.
    `mine`: the devices that this process speaks for.
    """

    def __init__(
        self,
        feed: MetricsFeed,
        store: MetricsStore,
        roster: Roster,
        pipeline: Pipeline,
        pack: Pack,
        mine: Callable[[RosterEntry], bool] = lambda _: True,
    ) -> None:
        self._feed, self._store, self._roster, self._pipeline = feed, store, roster, pipeline
        self._pack, self._mine = pack, mine
        self._waiting: dict[DeviceId, Metrics] = {}
        self._filled = asyncio.Event()
        self._told_of: dict[DeviceId, Mapping[bytes, bytes]] = {}
        self._anew_at_s = 0.0
        self._problem: str | None = None
        self.cause: Cause | None = None
        """The same as `problem`, by code."""
        self._is_taken_over = False
        self._is_new_store = True
        self.figures = PublishingFigures()

    @property
    def waiting(self) -> int:
        """Devices of which something waits."""
        return len(self._waiting)

    def begin_anew(self) -> None:
        """Redis was found (again): it may have forgotten everything."""
        self._is_new_store = True
        self._filled.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, news are published."""
        self._filled.set()
        with self._feed.followed(self._put):
            async with in_background({"publish metrics": self._run()}):
                yield

    def _put(self, news: Sequence[Metrics]) -> None:
        before = len(self._waiting)
        for metrics in news:
            self._waiting[metrics.device_id] = metrics
        self.figures.replaced += before + len(news) - len(self._waiting)
        self._filled.set()

    @property
    def problem(self) -> str | None:
        """Why the store takes nothing now; None while it does."""
        return self._problem

    async def _run(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            try:
                await self._catch_up()
                await self._publish_waiting()
                self._note_problem(None)
            except BusError as error:
                # What could not be told waits.
                self._note_problem(str(error), error.cause)
                await asyncio.sleep(_PAUSE_S)
                self._filled.set()
            except Exception:
                log.exception("metrics.not_published")
                await asyncio.sleep(_PAUSE_S)

    def _note_problem(self, problem: str | None, cause: Cause | None = None) -> None:
        if (problem is None) is not (self._problem is None):
            if problem is None:
                log.info("metrics.published_again")
            else:
                log.warning("metrics.not_published", reason=problem)
        self._problem, self.cause = problem, cause

    async def _catch_up(self) -> None:
        """With a Redis that was just found: take over what it has, once, and tell it everything.

        Now and then it is told everything without that: somebody may have emptied it.
        """
        now_s = asyncio.get_running_loop().time()
        if not self._is_new_store and now_s < self._anew_at_s:
            return
        self._anew_at_s = now_s + ANEW_EVERY_S
        if not self._is_taken_over:
            await self._take_over()
            self._is_taken_over = True
        self._told_of.clear()
        self._put(await self._feed.now(self._mine))
        self._is_new_store = False

    async def _take_over(self) -> None:
        """What points said last by then, unless something newer is known."""
        entries = self._roster.all()
        for start in range(0, len(entries), _READ_AT_ONCE):
            chunk = {entry.device.id: entry for entry in entries[start : start + _READ_AT_ONCE]}
            for device, data in (await self._store.samples(list(chunk))).items():
                self._remember(chunk[DeviceId(device)], data)
        known = {int(entry.device.id) for entry in self._roster.all()}
        await self._store.remove(sorted(await self._store.devices() - known))

    def _remember(self, entry: RosterEntry, data: bytes) -> None:
        try:
            packet = unpack(data)
        except PacketError as error:
            log.warning("metrics.not_taken_over", device=entry.device.name, reason=str(error))
            return
        self._pipeline.remember(packet.newest.of(entry.point_ids), packet.good.of(entry.point_ids))

    async def _publish_waiting(self) -> None:
        await self._remove_gone()
        while self._waiting:
            devices = list(self._waiting)[:_AT_ONCE]
            taken = [self._waiting.pop(device) for device in devices]
            try:
                await self._publish(taken)
            except BaseException:
                for metrics in taken:
                    self._waiting.setdefault(metrics.device_id, metrics)
                raise

    async def _publish(self, news: Sequence[Metrics]) -> None:
        """Those with other fields than before are put down anew, of the others what changed."""
        mine = [(metrics, entry) for metrics in news if (entry := self._entry(metrics.device_id)) is not None]
        for anew in (True, False):
            chosen = [
                Publication(metrics.device_id, metrics.text, self._changed(metrics), self._pack(entry))
                for metrics, entry in mine
                if self._has_other_fields(metrics) is anew
            ]
            if chosen:
                await self._store.publish(chosen, anew=anew)
                self.figures.published += len(chosen)
        self._told_of |= {metrics.device_id: metrics.fields for metrics, _ in mine}

    def _has_other_fields(self, metrics: Metrics) -> bool:
        before = self._told_of.get(metrics.device_id)
        return before is None or before.keys() != metrics.fields.keys()

    def _changed(self, metrics: Metrics) -> Mapping[bytes, bytes]:
        """What has to be told of the device: packing what did not change is most of what telling costs."""
        if self._has_other_fields(metrics):
            return metrics.fields
        before = self._told_of[metrics.device_id]
        changed = {name: value for name, value in metrics.fields.items() if before[name] != value}
        return changed or {_ALWAYS: metrics.fields[_ALWAYS]}

    def _entry(self, device: DeviceId) -> RosterEntry | None:
        entry = self._roster.get(device)
        if entry is not None and self._mine(entry):
            return entry
        # Others speak for it now, and what they say of it is not what was said here.
        self._told_of.pop(device, None)
        return None

    async def _remove_gone(self) -> None:
        gone = [device for device in self._told_of if self._roster.get(device) is None]
        if gone:
            await self._store.remove(gone)
            for device in gone:
                del self._told_of[device]
