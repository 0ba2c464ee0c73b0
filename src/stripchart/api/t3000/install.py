"""Puts the T3000 API into the application."""

from fastapi import FastAPI

from stripchart.api.parts import Parts
from stripchart.api.t3000 import device_data, devices, health, timeseries, trend_logs
from stripchart.api.t3000.device_data import Cache
from stripchart.api.t3000.gate import Gate


def install_t3000(app: FastAPI, parts: Parts | None) -> None:
    app.state.cache = Cache()
    app.state.gate = Gate(parts.data.api if parts else None)
    for resource in (device_data, timeseries, trend_logs, devices, health):
        app.include_router(resource.router)
