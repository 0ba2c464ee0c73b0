"""What a device says now, as answers and streams show it."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from stripchart.api.alerts import active_alarms, alert_of, alerts_of
from stripchart.api.cause import CauseOut, cause_json
from stripchart.api.device_view import last_reading_at
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.alarm import Alert
from stripchart.model.device import DeviceStatus, Trouble
from stripchart.model.exact import EXACT_BELOW
from stripchart.model.point import DataType
from stripchart.model.quality import Level, Quality, Reason
from stripchart.model.sample import PointId
from stripchart.model.time import to_iso
from stripchart.pipeline.latest import NEVER_MS, LatestValues


class ValueOut(BaseModel):
    """The latest sample of a point. `value` (or `text`, for a string point) is null exactly when it is bad.

    An integer beyond 2^53, which JSON numbers cannot represent exactly, has its digits in `text` or `last_good_text`.
    `alert`: state by the thresholds of its point; null when it is bad or stale.
    """

    point_id: int
    key: str
    at: str | None
    age_s: float | None
    value: float | None
    text: str | None
    quality: Level
    reason: Reason | None
    last_good_value: float | None
    last_good_text: str | None
    last_good_age_s: float | None
    alert: Alert | None


class LatestOut(BaseModel):
    """A device and its latest values. `timestamp`: when it last responded.

    `alert` is that of its worst value; offline when none of its points with thresholds has a usable value. `value`
    and `unit` are those of a single-register device, null for others.
    """

    device_id: int
    device_name: str
    site_id: int
    status: DeviceStatus
    status_since: str
    trouble: Trouble | None
    error: str | None
    cause: CauseOut | None
    timestamp: str | None
    alert: Alert
    value: float | None
    unit: str | None
    values: list[ValueOut]


class Values(StrEnum):
    """How much of each device: the points of its tile and its active alarms, or all."""

    OVERVIEW = "overview"
    ALL = "all"


_QUALITIES = {int(quality): (str(quality.level), quality.reason and str(quality.reason)) for quality in Quality}


def latest_of(parts: Parts, entry: RosterEntry, values: Values, now_ms: int) -> dict[str, object]:
    """A LatestOut, as a plain dict ready for orjson."""
    health = parts.supervisor.health(entry.device.id)
    places = _of_tile(parts, entry, now_ms) if values is Values.OVERVIEW else np.arange(len(entry.point_ids))
    columns = parts.pipeline.latest.values(entry.point_ids[places], now_ms)
    return {
        "device_id": entry.device.id,
        "device_name": entry.device.name,
        "site_id": entry.device.site_id,
        "status": str(health.status) if health else str(DeviceStatus.UNKNOWN),
        "status_since": to_iso(health.since_ms if health else parts.started_ms),
        "trouble": health.trouble and str(health.trouble) if health else None,
        "error": health.error if health else entry.problem,
        "cause": cause_json(health.cause if health else entry.cause),
        "timestamp": last_reading_at(parts, entry),
        "alert": str(alert_of(parts, entry, now_ms)),
        "value": columns.value.tolist()[0] if entry.device.own and len(places) else None,
        "unit": entry.device.own.unit if entry.device.own else None,
        "values": _values(parts, entry, places.tolist(), columns, now_ms),
    }


def _of_tile(parts: Parts, entry: RosterEntry, now_ms: int) -> npt.NDArray[np.intp]:
    """Places of the points of the tile, and of the alarms that are active."""
    if not len(entry.alarms):
        return entry.overview
    active = active_alarms(parts, entry, now_ms)
    return np.concatenate([entry.overview, active[~np.isin(active, entry.overview)]])


def _values(
    parts: Parts, entry: RosterEntry, places: list[int], columns: LatestValues, now_ms: int
) -> list[dict[str, object]]:
    alerts = alerts_of(parts.pipeline.alarms.levels(entry.point_ids[places]), columns.quality)
    rows = zip(
        places,
        alerts,
        columns.at_ms.tolist(),
        columns.value.tolist(),
        columns.quality.tolist(),
        columns.good_value.tolist(),
        columns.good_at_ms.tolist(),
        strict=True,
    )
    values = []
    iso = _Moments()
    for place, alert, at_ms, value, code, good_value, good_at_ms in rows:
        point, point_id = entry.points[place], int(entry.point_ids[place])
        if point.type is DataType.STRING:
            values.append(_text(parts, PointId(point_id), point.key, now_ms))
            continue
        level, reason = _QUALITIES[code]
        values.append(
            {
                "point_id": point_id,
                "key": point.key,
                "at": iso[at_ms],
                "age_s": _age_s(at_ms, now_ms),
                "value": value,
                "text": _digits(parts, point_id, value),
                "quality": level,
                "reason": reason,
                "last_good_value": good_value,
                "last_good_text": _digits(parts, point_id, good_value),
                "last_good_age_s": _age_s(good_at_ms, now_ms),
                "alert": alert,
            }
        )
    return values


class _Moments(dict[int, str | None]):
    """Times as texts: the points of a device share a few."""

    def __missing__(self, at_ms: int) -> str | None:
        text = self[at_ms] = to_iso(at_ms) if at_ms != NEVER_MS else None
        return text


def _digits(parts: Parts, point_id: int, value: float) -> str | None:
    return None if -EXACT_BELOW < value < EXACT_BELOW else parts.pipeline.latest.digits(PointId(point_id), value)


def _text(parts: Parts, point_id: PointId, key: str, now_ms: int) -> dict[str, object]:
    known = parts.pipeline.latest.text(point_id, now_ms)
    level, reason = _QUALITIES[known.quality if known else Quality.BAD_NO_DATA]
    return {
        "point_id": point_id,
        "key": key,
        "at": to_iso(known.at_ms) if known else None,
        "age_s": _age_s(known.at_ms, now_ms) if known else None,
        "value": None,
        "text": known.text if known else None,
        "quality": level,
        "reason": reason,
        "last_good_value": None,
        "last_good_text": None,
        "last_good_age_s": None,
        "alert": None,
    }


def _age_s(at_ms: int, now_ms: int) -> float | None:
    """Never negative: a clock that was set back makes no sample come from the future."""
    return None if at_ms == NEVER_MS else max(0, now_ms - at_ms) / 1000
