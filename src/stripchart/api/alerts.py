"""What points and devices are by their thresholds, as answers show it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from stripchart.alarms.rules import Bounds, Levels, judged
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.alarm import Alert, Thresholds
from stripchart.model.device import DeviceStatus
from stripchart.model.quality import FIRST_BAD, Quality
from stripchart.model.sample import PointId, Qualities, SampleBatch

_BY_LEVEL = np.array([Alert.NORMAL, Alert.WARNING, Alert.CRITICAL], object)
_SEVERITY: Mapping[Alert | None, int] = {Alert.WARNING: 1, Alert.CRITICAL: 2}


def alerts_of(levels: Levels, quality: Qualities) -> list[Alert | None]:
    """What values of these levels are; None for one that is bad or stale, of which nobody can tell."""
    alerts = _BY_LEVEL[np.abs(levels)]
    alerts[(quality >= FIRST_BAD) | (quality == Quality.UNCERTAIN_STALE)] = None
    told: list[Alert | None] = alerts.tolist()
    return told


def alerts_of_samples(
    thresholds: Mapping[PointId, Thresholds | None], points: Sequence[PointId], batch: SampleBatch
) -> list[Alert | None]:
    """What recorded samples of the points are by the thresholds of now, each sample by itself."""
    order = np.array(sorted(points), np.int32)
    bounds = Bounds.of([thresholds.get(PointId(point)) for point in order.tolist()])
    rows = np.searchsorted(order, batch.point_id)
    levels = judged(batch.value, bounds.at(rows), np.zeros(len(batch), np.int8))
    return alerts_of(levels, batch.quality)


def alert_of(parts: Parts, entry: RosterEntry, now_ms: int) -> Alert:
    """A device is as the worst of its points with thresholds, and as bad as it says itself that it is.

    It is OFFLINE when it does not answer, and when none of those points (or of all, when none has thresholds) has a
    value that is neither bad nor stale.
    """
    health = parts.supervisor.health(entry.device.id)
    if health is None or health.status is not DeviceStatus.ONLINE:
        return Alert.OFFLINE
    points = entry.point_ids[entry.judged]
    if not len(points):
        return Alert.NORMAL
    quality = parts.pipeline.latest.values(points, now_ms).quality
    known = (quality < FIRST_BAD) & (quality != Quality.UNCERTAIN_STALE)
    if not known.any():
        return Alert.OFFLINE
    worst = int(np.abs(parts.pipeline.alarms.levels(points[known])).max())
    own = [_SEVERITY[entry.points[place].alarm] for place in active_alarms(parts, entry, now_ms).tolist()]
    alert: Alert = _BY_LEVEL[max(worst, *own, 0)]
    return alert


def active_alarms(parts: Parts, entry: RosterEntry, now_ms: int) -> npt.NDArray[np.intp]:
    """Places of the points in which the device says now that something is the matter."""
    if not len(entry.alarms):
        return entry.alarms
    return entry.alarms[parts.pipeline.latest.values(entry.point_ids[entry.alarms], now_ms).value > 0]


def alert_summary(parts: Parts, entries: Iterable[RosterEntry]) -> dict[str, int]:
    """How many of the devices are what; sums to the number of devices."""
    now_ms = parts.clock.now_ms()
    counts = Counter(alert_of(parts, entry, now_ms) for entry in entries)
    return {str(alert): counts[alert] for alert in Alert}
