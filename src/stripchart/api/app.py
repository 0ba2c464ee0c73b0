"""Puts the routes together."""

from collections.abc import Sequence

from fastapi import Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.routing import WebSocketRoute

from stripchart import __version__
from stripchart.api import (
    audit,
    auth,
    device_metrics,
    devices,
    discovery,
    exports,
    groups,
    health,
    history,
    links,
    live,
    metrics,
    newest_reading,
    notifications,
    plans,
    profile_files,
    profiles,
    readings,
    register_readings,
    sites,
    system,
    tokens,
    trend_logs,
    users,
    writes,
)
from stripchart.api.access import HostNames
from stripchart.api.answers import describe_answers
from stripchart.api.device_list import DeviceList
from stripchart.api.downloads import PACKED_TYPES, Downloads
from stripchart.api.errors import ErrorOut, install_error_handlers
from stripchart.api.headers import SecurityHeaders
from stripchart.api.http_limits import BodyLimit, HttpOptions, RateLimit
from stripchart.api.latest_answers import LatestAnswers
from stripchart.api.live_feed import LiveFeed
from stripchart.api.metrics_socket import MetricsSockets
from stripchart.api.pages import install_page
from stripchart.api.parts import Parts
from stripchart.api.request_ids import REQUEST_ID, RequestIds
from stripchart.api.straight import LatestOfDevice, Straight
from stripchart.api.t3000.install import install_t3000, shortcuts_of
from stripchart.api.traffic import CountsTraffic, Traffic
from stripchart.api.who import authorise

_RESOURCES = (
    health,
    sites,
    live,
    links,
    metrics,
    device_metrics,
    notifications,
    devices,
    discovery,
    plans,
    profile_files,
    profiles,
    readings,
    register_readings,
    newest_reading,
    groups,
    trend_logs,
    history,
    exports,
    auth,
    users,
    tokens,
    writes,
    audit,
    system,
)
"""In the order in which their routes are tried."""

_OF_COLLECTOR = (health, metrics)
"""All that a process answers that polls and nothing else."""

_GZIP_LEVEL = 4
"""A megabyte of numbers takes 10 ms; level 9 makes it 4 % smaller, and takes ten times as long."""


def build_api(parts: Parts | None, http: HttpOptions | None = None) -> FastAPI:
    """The whole HTTP interface. Without parts it can be described (OpenAPI) but not asked."""
    app = FastAPI(
        title="Stripchart",
        version=__version__,
        description="Polls industrial devices, records every sample and shows it live.",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(authorise)],
        responses={422: {"model": ErrorOut, "description": "The request is not valid"}},
    )
    http = http or HttpOptions()
    app.state.parts = parts
    app.state.traffic, app.state.has_metrics = Traffic(), http.has_metrics
    app.state.feed = LiveFeed(parts) if parts else None
    app.state.answers = LatestAnswers(parts) if parts else None
    app.state.device_list = DeviceList(parts) if parts else None
    app.state.downloads = Downloads()
    app.state.sockets = MetricsSockets(parts, frozenset(http.cors_origins)) if parts else None
    answers = parts is None or parts.role.answers
    for resource in _RESOURCES if answers else _OF_COLLECTOR:
        app.include_router(resource.router)
    if answers:
        if app.state.sockets is not None:
            app.router.routes.append(WebSocketRoute(device_metrics.PATH, app.state.sockets.serve))
        install_t3000(app, parts)
    install_error_handlers(app)
    if answers:
        install_page(app)
    unpacked = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *PACKED_TYPES.values())
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=_GZIP_LEVEL, exclude_content_types=unpacked)
    describe_answers(app)
    if parts is not None and answers:
        latest = LatestOfDevice(live.latest_route(), parts, app.state.answers)
        app.add_middleware(Straight, parts=parts, shortcuts=[latest, *shortcuts_of(app, parts)])
    app.add_middleware(BodyLimit, most=http.max_request_bytes)
    if http.requests_per_minute is not None:
        app.add_middleware(RateLimit, per_minute=http.requests_per_minute)
    app.add_middleware(HostNames, names=parts.doors.options.host_names if parts else ())
    if http.cors_origins:
        _allow_origins(app, http.cors_origins)
    app.add_middleware(RequestIds)
    app.add_middleware(CountsTraffic, traffic=app.state.traffic)
    app.add_middleware(SecurityHeaders)
    return app


def _allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Let pages of these origins ask too: with a token in the header, never with the cookie."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID", REQUEST_ID],
        expose_headers=["Content-Disposition", "Retry-After", REQUEST_ID],
    )
