"""Puts the routes together."""

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from stripchart import __version__
from stripchart.api import (
    audit,
    auth,
    devices,
    exports,
    health,
    history,
    links,
    live,
    metrics,
    notifications,
    plans,
    profiles,
    readings,
    sites,
    system,
    tokens,
    trend_logs,
    users,
    writes,
)
from stripchart.api.access import HostNames
from stripchart.api.downloads import PACKED_TYPES, Downloads
from stripchart.api.errors import ErrorOut, install_error_handlers
from stripchart.api.live_feed import LiveFeed
from stripchart.api.pages import install_page
from stripchart.api.parts import Parts
from stripchart.api.traffic import CountsTraffic, Traffic
from stripchart.api.who import authorise


def build_api(parts: Parts | None) -> FastAPI:
    """The whole HTTP interface. Without parts it can be described (OpenAPI) but not asked."""
    app = FastAPI(
        title="Stripchart",
        version=__version__,
        description="Polls the plant, records every reading, and shows it live.",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(authorise)],
        responses={422: {"model": ErrorOut, "description": "The request is not valid"}},
    )
    app.state.parts = parts
    app.state.traffic = Traffic()
    app.state.feed = LiveFeed(parts) if parts else None
    app.state.downloads = Downloads()
    for resource in (
        health,
        sites,
        live,
        links,
        metrics,
        notifications,
        devices,
        plans,
        profiles,
        readings,
        trend_logs,
        history,
        exports,
        auth,
        users,
        tokens,
        writes,
        audit,
        system,
    ):
        app.include_router(resource.router)
    install_error_handlers(app)
    install_page(app)
    unpacked = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *PACKED_TYPES.values())
    app.add_middleware(GZipMiddleware, minimum_size=2000, exclude_content_types=unpacked)
    app.add_middleware(HostNames, names=parts.doors.host_names if parts else ())
    app.add_middleware(CountsTraffic, traffic=app.state.traffic)
    return app
