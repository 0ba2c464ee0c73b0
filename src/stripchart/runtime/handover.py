"""Handover: a device goes from one process to another, and what was known of it goes along."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from stripchart.catalog.errors import CatalogError
from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import Roster, RosterEntry
from stripchart.history.base import Historian, HistoryError
from stripchart.model.notification import NotificationType
from stripchart.model.sample import PointId, SampleBatch
from stripchart.notifications.critical_watch import CriticalWatch
from stripchart.notifications.outages import OUTAGES
from stripchart.notifications.watch import OutageWatch
from stripchart.pipeline.pipeline import Pipeline

log = structlog.get_logger()

_FOR_EVER_MS = 2**53
_PATIENCE_S = 2.0
"""A database that is slow or away keeps nobody from polling."""
_TOO_SLOW = f"not within {_PATIENCE_S:g} s"


@dataclass(frozen=True, slots=True)
class Handover:
    """Learned limits, levels, what was told, and the newest samples. A device whose past cannot be had is polled."""

    catalog: Catalog
    roster: Roster
    historian: Historian
    pipeline: Pipeline
    outages: OutageWatch
    levels: CriticalWatch

    def let_go(self, entries: Sequence[RosterEntry]) -> None:
        """Other processes are about to poll these devices, and to tell of them."""
        devices = {entry.device.id for entry in entries}
        self.outages.go_on_from(devices, {})
        self.levels.let_go(devices)

    async def write_down(self) -> None:
        """Have written what others will want to know of devices that are let go."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self.catalog.learned.write()
                await self.catalog.levels.write()
        except (CatalogError, TimeoutError) as error:
            log.warning("handover.not_written", reason=str(error) or _TOO_SLOW)

    async def take_up(self, entries: Sequence[RosterEntry]) -> None:
        """Other processes may have polled these devices until now: go on from what they knew."""
        newest, _ = await asyncio.gather(self._newest(entries), self._read_up(entries))
        for entry in entries:
            own = newest.where(np.isin(newest.point_id, entry.point_ids))
            self.pipeline.go_on_from(entry.point_ids, entry.points, own)

    async def _read_up(self, entries: Sequence[RosterEntry]) -> None:
        told = self.catalog.notifications.last_of_devices
        try:
            async with asyncio.timeout(_PATIENCE_S):
                _, levels, gone, critical = await asyncio.gather(
                    self.catalog.learned.load(),
                    self.catalog.levels.all(),
                    told(OUTAGES),
                    told([NotificationType.DEVICE_CRITICAL]),
                )
        except (CatalogError, TimeoutError) as error:
            log.warning("handover.not_read", reason=str(error) or _TOO_SLOW)
            return
        devices = {entry.device.id for entry in entries}
        self.outages.go_on_from(devices, gone)
        self.levels.go_on_from(devices, levels, {device: last.created_ms for device, last in critical.items()})

    async def _newest(self, entries: Sequence[RosterEntry]) -> SampleBatch:
        points = [PointId(point) for entry in entries for point in entry.point_ids.tolist()]
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await self.historian.in_force(points, _FOR_EVER_MS)
        except (HistoryError, TimeoutError) as error:
            log.warning("handover.no_samples", reason=str(error) or _TOO_SLOW)
            return SampleBatch.empty()
