"""The list of devices as bytes of an answer: what they are is encoded once, how they go each time, in slices."""

import asyncio
import time

import orjson

from stripchart.api.device_view import configured, going
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId, DeviceStatus

_SLICE_NS = 2_000_000
"""How long encoding may keep the event loop from polling."""

_SPARE = 64


class DeviceList:
    """Keeps a kilobyte of each device."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._configured: dict[DeviceId, tuple[RosterEntry, bytes]] = {}

    async def encoded(self, status: DeviceStatus | None) -> bytes:
        """Every device in the order of the roster, or those of this status."""
        devices, slice_ns = [], time.monotonic_ns()
        for entry in self._parts.roster.all():
            goes = going(self._parts, entry)
            if status is None or goes["status"] is status:
                devices.append(self._is(entry) + b"," + orjson.dumps(goes, option=orjson.OPT_NON_STR_KEYS)[1:])
            if time.monotonic_ns() - slice_ns > _SLICE_NS:
                await asyncio.sleep(0)
                slice_ns = time.monotonic_ns()
        return b"[" + b",".join(devices) + b"]"

    def _is(self, entry: RosterEntry) -> bytes:
        """What the device is, as an object that is left open."""
        known = self._configured.get(entry.device.id)
        if known is not None and known[0] is entry:
            return known[1]
        if len(self._configured) > len(self._parts.roster.all()) + _SPARE:
            self._configured.clear()  # devices that are gone
        encoded = orjson.dumps(configured(entry), option=orjson.OPT_NON_STR_KEYS)[:-1]
        self._configured[entry.device.id] = (entry, encoded)
        return encoded
