"""How the program is doing, for Prometheus: everything is counted anyway, and put together when it is asked for."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from stripchart import __version__
from stripchart.api.errors import ApiError
from stripchart.api.live_feed import LiveFeed
from stripchart.api.metrics_socket import MetricsSockets
from stripchart.api.parts import Parts, Running
from stripchart.api.traffic import BOUNDS_S, Traffic
from stripchart.catalog.errors import CatalogError
from stripchart.history.base import HistoryError
from stripchart.model.backup import BackupStatus
from stripchart.model.device import DeviceStatus

router = APIRouter(tags=["health"])

_PREFIX = "stripchart_"
_SERVER_PATIENCE_S = 2.0
_OF_DEVICE = ("device_id", "device")

Rows = Iterable[tuple[tuple[str, ...], float]]


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(
    request: Request, parts: Running, accept: Annotated[str, Header(include_in_schema=False)] = ""
) -> Response:
    """Metrics for Prometheus, in its text format or OpenMetrics."""
    if not request.app.state.has_metrics:
        raise ApiError(404, "not_found", "there are no figures: STRIPCHART_METRICS_ENABLED switches them on")
    families = [*await _of_history(parts), *await _of_server(parts), *_of_spool(parts), *_of_program(parts)]
    families += _of_sharing(parts)
    families += [*_of_devices(parts), *_of_links(parts), *await _of_backups(parts)]
    state = request.app.state
    families += [*_of_traffic(state.traffic), *_of_bus(parts), *_of_followers(state.feed, state.sockets)]
    encode, content_type = choose_encoder(accept)
    # Text of a thousand devices takes its time, and the loop has none.
    body = await asyncio.to_thread(encode, _Collected(families))
    return Response(body, headers={"Content-Type": content_type})


class _Collected(Collector):
    """What was put together, with the figures of the process."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families
        yield from ProcessCollector(registry=None).collect()


def _gauge(name: str, meaning: str, rows: Rows, labels: tuple[str, ...] = ()) -> Metric:
    family = GaugeMetricFamily(_PREFIX + name, meaning, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def _counter(name: str, meaning: str, rows: Rows, labels: tuple[str, ...] = ()) -> Metric:
    family = CounterMetricFamily(_PREFIX + name, meaning, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family


def _one(number: float) -> Rows:
    return [((), number)]


def _of_program(parts: Parts) -> list[Metric]:
    recording, board = parts.pipeline.health(), parts.notifications
    return [
        _gauge("build_info", "The version that runs", [((__version__,), 1)], ("version",)),
        _gauge("start_time_seconds", "When the program started, in Unix time", _one(parts.started_ms / 1000)),
        _counter("samples_stored", "Samples stored since the start", _one(recording.stored)),
        _counter("samples_dropped", "Samples lost because too many waited", _one(recording.dropped)),
        _gauge("samples_waiting", "Samples that wait to be stored", _one(recording.waiting)),
        _gauge("samples_waiting_most", "How many may wait", _one(parts.pipeline.waiting_most)),
        _gauge("recording_failing", "1 while samples cannot be stored", _one(recording.problem is not None)),
        _counter("notifications", "Notifications of all users since the start", _one(board.told)),
        _counter("notifications_dropped", "Lost because too many waited", _one(board.dropped)),
        _gauge("notifications_waiting", "Notifications that wait to be kept", _one(board.waiting)),
        _gauge("notification_streams", "Open streams of notifications", _one(board.streams)),
    ]


async def _of_history(parts: Parts) -> list[Metric]:
    room = await parts.historian.room()
    growth = [] if room.growth_bytes_per_day is None else _one(room.growth_bytes_per_day)
    free = [] if room.free_bytes is None else _one(room.free_bytes)
    return [
        _gauge("history_bytes", "What the history takes on the disk", _one(room.bytes)),
        _gauge("history_free_bytes", "Room that is left for it", free),
        _gauge("history_used_ratio", "How full its disk, or its bound, is", _one(room.used)),
        _gauge("history_growth_bytes_per_day", "Growth over the last week", growth),
        _counter("history_dropped_samples", "Samples dropped for want of room", _one(room.dropped_samples)),
    ]


async def _of_backups(parts: Parts) -> list[Metric]:
    try:
        done, _ = await parts.catalog.backups.page(BackupStatus.COMPLETED, limit=1, offset=0)
        _, failed = await parts.catalog.backups.page(BackupStatus.FAILED, limit=1, offset=0)
    except CatalogError:
        return []
    last = [value for job in done if job.ended_ms for value in _one(job.ended_ms / 1000)]
    return [
        _gauge("backup_last_success_seconds", "When the last backup was completed, in Unix time", last),
        _gauge("backups_failed", "Backups of the list that failed", _one(failed)),
    ]


def _of_bus(parts: Parts) -> list[Metric]:
    if parts.bus is None:
        return []
    report = parts.bus()
    return [
        _gauge("redis_away", "1 while Redis is away", _one(report.health.problem is not None)),
        _counter("redis_failures", "What failed with Redis", _one(report.health.failures)),
        _counter("redis_returns", "How often Redis was found again", _one(report.health.returns)),
        _counter("redis_published", "News of devices that Redis was told", _one(report.published)),
        _counter("redis_replaced", "News that newer ones replaced before Redis was told", _one(report.replaced)),
        _gauge("redis_waiting", "Devices of which Redis has not the newest", _one(report.waiting)),
    ]


def _of_followers(streams: LiveFeed, sockets: MetricsSockets) -> list[Metric]:
    figures = sockets.figures
    return [
        _counter("stream_events", "Events that streams of live values were sent", _one(streams.figures.sent)),
        _counter("stream_slow_clients", "Streams that were too slow", _one(streams.figures.slow_clients)),
        _gauge("sockets_open", "WebSockets that follow live values", _one(figures.open)),
        _counter("socket_updates", "Updates that WebSockets were sent", _one(figures.sent)),
        _counter("socket_updates_replaced", "Updates that newer ones replaced", _one(figures.replaced)),
        _counter("socket_slow_clients", "WebSockets that were too slow for all updates", _one(figures.slow_clients)),
    ]


def _of_spool(parts: Parts) -> list[Metric]:
    if parts.server is None:
        return []
    waiting = parts.server.waiting.health()
    age_s = [] if waiting.since_ms is None else _one((parts.clock.now_ms() - waiting.since_ms) / 1000)
    return [
        _gauge("spool_samples", "Samples that wait on the disk for the history's server", _one(waiting.samples)),
        _gauge("spool_bytes", "What they take", _one(waiting.bytes)),
        _gauge("spool_bytes_most", "What they may take", _one(waiting.max_bytes)),
        _gauge("spool_oldest_age_seconds", "How long the oldest waits", age_s),
        _gauge("spool_server_away", "1 while the server takes none", _one(waiting.problem is not None)),
        _counter("spool_forwarded_samples", "Samples that went on to the server", _one(waiting.forwarded)),
        _counter("spool_dropped_samples", "Samples lost because a bound was reached", _one(waiting.dropped)),
    ]


def _of_sharing(parts: Parts) -> list[Metric]:
    sharing = parts.sharing()
    if sharing is None:
        return []
    oldest = [] if sharing.oldest_s is None else _one(sharing.oldest_s)
    return [
        _gauge("collectors", "Processes that poll the plant", _one(len(sharing.collectors))),
        _gauge("leases", "What this process is to hold", _one(len(sharing.share))),
        _gauge("leases_held", "What of that it holds", _one(len(sharing.held))),
        _gauge("leases_oldest_seconds", "How long it has held the oldest", oldest),
        _gauge("leases_failing", "1 while leases cannot be kept", _one(sharing.problem is not None)),
    ]


async def _of_server(parts: Parts) -> list[Metric]:
    """How the history's server is doing; nothing while it is away."""
    if parts.server is None:
        return []
    try:
        async with asyncio.timeout(_SERVER_PATIENCE_S):
            figures = await parts.server.figures()
    except (HistoryError, TimeoutError):
        return []
    ratio = [] if figures.compression_ratio is None else _one(figures.compression_ratio)
    query_s = [
        ((name,), ms / 1000) for name, ms in zip(("0.5", "0.95", "0.99"), figures.query_ms or (), strict=False)
    ]
    return [
        _gauge("history_samples", "Samples that are kept", _one(figures.samples)),
        _gauge("history_insert_rate", "Samples stored a second, of the last minute", _one(figures.rows_per_s)),
        _gauge("history_chunks", "Chunks or partitions that the samples are in", _one(figures.chunks)),
        _gauge("history_compressed_chunks", "Of those, how many are compressed", _one(figures.compressed)),
        _gauge("history_compression_ratio", "How many times smaller those became", ratio),
        _gauge("history_query_seconds", "Of the last queries", query_s, ("quantile",)),
    ]


def _of_devices(parts: Parts) -> list[Metric]:
    known = [(entry.device, parts.supervisor.health(entry.device.id)) for entry in parts.roster.all()]
    statuses = Counter(health.status if health else DeviceStatus.UNKNOWN for _, health in known)
    polled = [((str(device.id), device.name), health) for device, health in known if health]
    readings = [(who, h.last_reading_ms / 1000) for who, h in polled if h.last_reading_ms is not None]
    failed = [((*who, trouble.value), count) for who, h in polled for trouble, count in h.failed_by.items()]
    online = [(who, h.status is DeviceStatus.ONLINE) for who, h in polled]
    missed = [(who, h.missed_slots) for who, h in polled]
    by_status = [((status.value,), statuses[status]) for status in DeviceStatus]
    return [
        _gauge("devices", "Configured devices by status", by_status, ("status",)),
        _gauge("device_online", "1 while the device answers", online, _OF_DEVICE),
        _counter("device_polls", "Polls since polling began", [(who, h.polls) for who, h in polled], _OF_DEVICE),
        _counter("device_failed_polls", "Polls in vain, by what failed", failed, (*_OF_DEVICE, "trouble")),
        _counter("device_missed_slots", "Slots that the device was too slow for", missed, _OF_DEVICE),
        _gauge("device_last_reading_seconds", "When it was read last, in Unix time", readings, _OF_DEVICE),
    ]


def _of_links(parts: Parts) -> list[Metric]:
    reports = [(str(report.address), report) for report in parts.links.own_reports(parts.clock.now_ms())]
    events = [
        ((link, kind), count)
        for link, report in reports
        for kind, count in report.counters.items()
        if not kind.endswith("_bytes")
    ]
    discarded = [((link,), report.counters.get("discarded_bytes", 0)) for link, report in reports]
    waiting = [((link,), report.waiting) for link, report in reports]
    states = [((link, report.state), 1) for link, report in reports]
    quantiles = [
        ((link, name), seconds)
        for link, report in reports
        for name, seconds in zip(("0.5", "0.95", "0.99"), report.round_trip_s, strict=False)
    ]
    return [
        _gauge("link_state", "1 for the state that the link is in", states, ("link", "state")),
        _counter("link_events", "What happened on the link, by kind", events, ("link", "kind")),
        _counter("link_discarded_bytes", "Bytes that came and were not used", discarded, ("link",)),
        _gauge("link_waiting_requests", "Requests that wait for the link", waiting, ("link",)),
        _gauge("link_round_trip_seconds", "Of the last exchanges", quantiles, ("link", "quantile")),
    ]


def _of_traffic(traffic: Traffic) -> list[Metric]:
    requests = [((method, route, str(status)), n) for (method, route, status), n in traffic.requests.items()]
    took = HistogramMetricFamily(
        f"{_PREFIX}http_request_duration_seconds", "Until the answer began", labels=("method", "route")
    )
    for labels, latencies in traffic.latencies.items():
        sums = [sum(latencies.classes[: place + 1]) for place in range(len(latencies.classes))]
        bounds = [*map(str, BOUNDS_S), "+Inf"]
        took.add_metric(labels, list(zip(bounds, sums, strict=True)), latencies.total_s)
    return [
        _counter("http_requests", "Answers by route", requests, ("method", "route", "status")),
        took,
        _gauge("streams_open", "Streams of server-sent events that are open", _one(traffic.streams)),
    ]
