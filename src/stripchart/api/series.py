"""Which series of a device are asked for: its points, or what a trend log recorded of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.history.horizons import EVER_MS
from stripchart.model.sample import PointId
from stripchart.model.trend_log import TrendLogId
from stripchart.pipeline.trend_logs import kept_from_ms


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request names."""

    key: Annotated[list[str] | None, Query(description="only these points; default: all")] = None
    trend_log_id: Annotated[Id | None, Query(description="samples of this trend log instead of the regular ones")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class Series:
    """`key_of`: of each series the key of its point. `from_ms`: nothing before is told, be it still there or not."""

    points: list[PointId]
    key_of: Mapping[int, str]
    from_ms: int = EVER_MS


async def series_of(parts: Parts, entry: RosterEntry, asked: Asked) -> Series:
    """Raises ApiError and NotFoundError."""
    if asked.trend_log_id is None:
        ids = {point.key: PointId(id_) for id_, point in zip(entry.point_ids.tolist(), entry.points, strict=True)}
        return _chosen(entry.device.name, ids, asked.key)
    log = await parts.catalog.trend_logs.one(TrendLogId(asked.trend_log_id))
    if log.device_id != entry.device.id:
        raise not_found(f"trend log of {entry.device.name}", asked.trend_log_id)
    chosen = _chosen(log.name, log.series, asked.key)
    from_ms = await kept_from_ms(parts.historian, chosen.points, log.max_samples)
    return Series(chosen.points, chosen.key_of, from_ms)


def _chosen(name: str, ids: Mapping[str, PointId], keys: list[str] | None) -> Series:
    for key in keys or []:
        if key not in ids:
            raise ApiError(422, "unknown_point", f"{name} has no point {key!r}", "key")
    wanted = list(ids) if keys is None else keys
    return Series([ids[key] for key in wanted], {ids[key]: key for key in wanted})
