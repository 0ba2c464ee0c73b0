"""What is kept: how long samples are, what trend logs record, what the history knows of points."""

from collections.abc import Sequence

import numpy as np
import structlog

from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import RosterEntry
from stripchart.history.base import HistoryError
from stripchart.history.on_server import OnServer
from stripchart.history.options import DAYS_MOST
from stripchart.history.registers import RegisterInfo
from stripchart.model.point import text_in
from stripchart.model.sample import PointId
from stripchart.model.trend_log import TrendLog
from stripchart.notifications.critical_watch import CriticalWatch
from stripchart.pipeline.retention import Retention
from stripchart.pipeline.trend_logs import Recording, TrendLogRecorder

log = structlog.get_logger()


class Keeping:
    """Puts into effect how long samples are kept, what trend logs record, and what the history knows of points.

    `levels` keeps what points are.
    """

    def __init__(
        self,
        catalog: Catalog,
        retention: Retention,
        recorder: TrendLogRecorder,
        levels: CriticalWatch,
        server: OnServer | None,
    ) -> None:
        self._catalog, self._retention, self._recorder, self.levels = catalog, retention, recorder, levels
        self._server = server

    async def refresh(self, entries: Sequence[RosterEntry]) -> None:
        """Of points, devices and the default the first that says how long goes before the others."""
        days = await self._catalog.retention_days()
        for entry in entries:
            if entry.profile is None:
                # Its points may have said that they are kept longer, so for now nothing of them goes.
                days |= {point.id: DAYS_MOST for point in await self._catalog.points(entry.device.id)}
            ids = entry.point_ids.tolist()
            days |= {
                PointId(id_): point.retention_days
                for id_, point in zip(ids, entry.points, strict=True)
                if point.retention_days is not None
            }
        self._retention.declare(days)
        of_device = {entry.device.id: entry for entry in entries if entry.device.enabled}
        logs = [log for log in await self._catalog.trend_logs.all() if log.enabled and log.device_id in of_device]
        self._recorder.declare([_recording(log, of_device[log.device_id]) for log in logs])
        if self._server is not None:
            try:
                await self._server.registers.describe([each for entry in entries for each in _registers_of(entry)])
            except HistoryError as error:
                # At the next change, or the next start, they are described again.
                log.warning("registers.not_described", reason=str(error))


def _registers_of(entry: RosterEntry) -> list[RegisterInfo]:
    return [
        RegisterInfo(
            PointId(id_),
            entry.device.id,
            point.address,
            text_in(point.name, "en") or point.key,
            point.type,
            point.unit,
        )
        for id_, point in zip(entry.point_ids.tolist(), entry.points, strict=True)
    ]


def _recording(log: TrendLog, entry: RosterEntry) -> Recording:
    """What a log records: of points that the device has no more, nothing."""
    keys = [key for key in log.series if key in entry.place_of]
    points = entry.point_ids[[entry.place_of[key] for key in keys]]
    return Recording(log, entry.device, keys, points, np.array([log.series[key] for key in keys], np.int32))
