"""How cache, databases, collection and API are doing: measured figures, and which are not as they should be."""

import time
from enum import StrEnum
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from stripchart.api.parts import Parts, Running
from stripchart.api.t3000.device_data import TheCache
from stripchart.api.t3000.envelope import Envelope, EnvelopeRoute, Source, answer
from stripchart.api.t3000.kept import Cache
from stripchart.api.traffic import Traffic
from stripchart.model.recent import Told

router = APIRouter(prefix="/api/health", tags=["t3000"], route_class=EnvelopeRoute)

_MINUTES_OF_AN_HOUR = 60


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"


class Threshold(BaseModel):
    """`value` against its bounds: `below`, it should not be less; else it should not be more."""

    metric: str
    value: float
    below: bool
    warning: float
    critical: float
    state: State


class HealthMetricsOut(BaseModel):
    """Rates are 0 to 1.

    `cache_hit_rate`: of the last hour, 1 while nobody asked. `cache_eviction_rate`: samples of points that are gone,
    let go a minute, over the last hour. Queries: those of the last five minutes. Collections: polls of devices, and
    what trend logs had read, of the last hour; 1 of 1 went well before there was any. API: the last minute;
    `api_error_rate`: answers of 500 and above. `status`: the worst state of `thresholds`.
    """

    status: State
    cache_hit_rate: float
    cache_size_bytes: int
    cache_eviction_rate: float
    database_connection_count: int
    database_query_time_avg_ms: float
    database_size_bytes: int
    collection_success_rate: float
    collection_latency_avg_ms: float
    failed_collections_last_hour: int
    api_requests_per_minute: int
    api_response_time_avg_ms: float
    api_error_rate: float
    disk_usage_percent: float
    thresholds: list[Threshold]


class _Bounds(NamedTuple):
    metric: str
    below: bool
    warning: float
    critical: float


_BOUNDS = (
    _Bounds("cache_hit_rate", True, 0.90, 0.80),
    _Bounds("database_query_time_avg_ms", False, 100.0, 500.0),
    _Bounds("collection_success_rate", True, 0.95, 0.85),
    _Bounds("api_response_time_avg_ms", False, 50.0, 200.0),
    _Bounds("disk_usage_percent", False, 80.0, 95.0),
)


async def _traffic(request: Request) -> Traffic:
    traffic: Traffic = request.app.state.traffic
    return traffic


@router.get("/metrics", response_model=Envelope[HealthMetricsOut])
async def health_metrics(parts: Running, cache: TheCache, traffic: Annotated[Traffic, Depends(_traffic)]) -> Response:
    """Measured figures with their warning and critical thresholds."""
    now_s, room = time.monotonic(), await parts.historian.room()
    figures = {
        **_of_cache(parts, cache),
        **_of_databases(parts, now_s, room.bytes),
        **_of_collection(parts),
        **_of_api(traffic.recent.told(now_s)),
        "disk_usage_percent": round(100 * room.used, 2),
    }
    thresholds = [_judged(bounds, float(figures[bounds.metric])) for bounds in _BOUNDS]
    worst = max((each.state for each in thresholds), key=list(State).index)
    told = {"status": worst, **figures, "thresholds": [each.model_dump() for each in thresholds]}
    return answer(told, Source.API)


def _of_cache(parts: Parts, cache: Cache) -> dict[str, float]:
    now_s = parts.clock.monotonic_ns() / 1e9
    evicted = parts.data.eviction.recent.told(now_s).count
    return {
        "cache_hit_rate": cache.rates.of_all(now_s),
        "cache_size_bytes": parts.pipeline.latest.size_bytes,
        "cache_eviction_rate": evicted / _MINUTES_OF_AN_HOUR,
    }


def _of_databases(parts: Parts, now_s: float, history_bytes: int) -> dict[str, float]:
    queries = _together(parts.catalog.queries.told(now_s), parts.historian.queries.told(now_s))
    return {
        "database_connection_count": parts.catalog.connections + parts.historian.connections,
        "database_query_time_avg_ms": round(queries.mean_ms, 3),
        "database_size_bytes": parts.catalog.size_bytes + history_bytes,
    }


def _of_collection(parts: Parts) -> dict[str, float]:
    now_s = parts.clock.monotonic_ns() / 1e9
    made = _together(parts.supervisor.recent.told(now_s), parts.data.collector.recent.told(now_s))
    return {
        "collection_success_rate": 1.0 - made.failed_share,
        "collection_latency_avg_ms": round(made.mean_ms, 3),
        "failed_collections_last_hour": made.failed,
    }


def _of_api(made: Told) -> dict[str, float]:
    return {
        "api_requests_per_minute": made.count,
        "api_response_time_avg_ms": round(made.mean_ms, 3),
        "api_error_rate": made.failed_share,
    }


def _together(one: Told, other: Told) -> Told:
    return Told(one.count + other.count, one.failed + other.failed, one.took_s + other.took_s)


def _judged(bounds: _Bounds, value: float) -> Threshold:
    def passes(bound: float) -> bool:
        return value < bound if bounds.below else value > bound

    state = State.CRITICAL if passes(bounds.critical) else State.WARNING if passes(bounds.warning) else State.OK
    return Threshold(value=value, state=state, **bounds._asdict())
