"""A device that becomes critical is told to those who should know, once, and not again after a restart."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
from httpx import ASGITransport, AsyncClient

from stripchart.api.app import build_api
from stripchart.model.sample import SampleBatch
from stripchart.runtime.running import running
from stripchart.settings import Settings
from tests.integration.api.conftest import BOILER, Server
from tests.integration.api.recording import points_of
from tests.owner import owner_token

LIMITS = {"flow": {"warning_upper": 80, "critical_upper": 90, "hysteresis": 5}}
DEVICE = {"name": "Boiler", "link": "tcp://127.0.0.1:1", "unit_id": 1, "profile": "boiler", "enabled": False}


class Starts:
    """A server that is started again and again on one folder, by one owner."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._token = settings, ""

    @contextlib.asynccontextmanager
    async def start(self) -> AsyncIterator[Server]:
        async with running(self._settings) as parts:
            self._token = self._token or await owner_token(parts)
            headers = {"Authorization": f"Bearer {self._token}"}
            transport = ASGITransport(build_api(parts))
            async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
                yield Server(client, self._settings.data_dir, parts)


async def take_in(server: Server, device: int, flow: float, expected: str) -> None:
    """A sample of the flow comes, and is this by the thresholds."""
    points = np.array([points_of(server, device)["flow"]], np.int32)
    now_ms = np.array([server.parts.clock.now_ms()])
    server.parts.pipeline.accept(SampleBatch(points, now_ms, np.array([flow]), np.zeros(1, np.uint8)))
    async with asyncio.timeout(15):
        while True:
            answer = await server.client.get(f"/api/devices/{device}/latest")
            found = {value["key"]: value for value in answer.json().get("values", ())}
            if found and found["flow"]["value"] == flow:
                assert found["flow"]["alert"] == expected
                return
            await asyncio.sleep(0.02)


async def told(server: Server, count: int) -> list[dict[str, Any]]:
    """What was told of critical devices, once there are so many."""
    async with asyncio.timeout(15):
        while True:
            waiting = server.parts.notifications.waiting
            found = (await server.get("/api/notifications", type="DEVICE_CRITICAL"))["notifications"]
            if len(found) >= count and not waiting:
                assert len(found) == count
                return list(found)
            await asyncio.sleep(0.02)


async def test_a_critical_device_is_told_once_with_its_facts_and_not_again_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.profiles_folder.mkdir()
    (settings.profiles_folder / "boiler.yaml").write_text(BOILER, encoding="utf-8")
    starts = Starts(settings)
    async with starts.start() as server:
        device = (await server.client.post("/api/devices", json={**DEVICE, "thresholds": LIMITS})).json()["id"]
        await take_in(server, device, 85, "warning")
        await take_in(server, device, 95, "critical")
        (found,) = await told(server, 1)
        await take_in(server, device, 86, "critical")
    assert (found["title"], found["severity"]) == ("Boiler is critical: Flow", "ERROR")
    assert found["message"] == "Flow of Boiler is 95 °C, above its critical limit of 90 °C."
    facts = {"key": "flow", "point_name": "Flow", "value": 95, "unit": "°C", "bound": 90, "side": "above"}
    assert found["metadata"] == {"device_name": "Boiler", **facts}
    assert found["created_at"] <= found["delivered_at"]
    async with starts.start() as server:
        await take_in(server, device, 87, "critical")
        await told(server, 1)
        await take_in(server, device, 84, "warning")
    async with starts.start() as server:
        await take_in(server, device, 76, "warning")
        cleared = await server.client.put(f"/api/devices/{device}", json={"thresholds": {}})
        assert cleared.status_code == 200
        await take_in(server, device, 97, "normal")
    async with starts.start() as server:
        assert await server.parts.catalog.levels.all() == {}
        await take_in(server, device, 98, "normal")
        await told(server, 1)
