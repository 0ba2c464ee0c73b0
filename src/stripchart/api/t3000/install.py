"""Puts the T3000 API into the application."""

from fastapi import FastAPI

from stripchart.api.parts import Parts
from stripchart.api.straight import Shortcut
from stripchart.api.t3000 import device_data, devices, health, timeseries, trend_logs
from stripchart.api.t3000.gate import Gate
from stripchart.api.t3000.kept import Cache


def install_t3000(app: FastAPI, parts: Parts | None) -> None:
    app.state.cache = Cache(parts) if parts else None
    app.state.gate = Gate(parts.data.api if parts else None)
    for resource in (device_data, timeseries, trend_logs, devices, health):
        app.include_router(resource.router)


def shortcuts_of(app: FastAPI, parts: Parts) -> list[Shortcut]:
    """The ways that lead past the routes, of an application that has them."""
    return device_data.shortcuts(parts, app.state.cache)
