"""An api process polls nothing, and shows, asks and changes what a collector polls."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.server import serving
from tests.servers.running import postgres, redis
from tests.system.plant import Server, are_all_online, asking
from tests.system.programs import PATIENCE_S, Program, started


@pytest.fixture
async def mains() -> AsyncIterator[int]:
    """The port of a simulated mains controller."""
    controller = SimulatedDevice(ProfileLibrary.shipped().get("smartgen-hgm9560"), 1)
    async with serving([controller], framing=Framing.TCP) as plant:
        yield plant.port


@contextlib.asynccontextmanager
async def running(role: str, folder: Path, url: str) -> AsyncIterator[Program]:
    settings = {
        "STRIPCHART_DATABASE_URL": url,
        "STRIPCHART_REDIS_URL": redis().url,
        "STRIPCHART_ALLOW_WRITES": "true",
    }
    async with started(
        "serve", "--role", role, "--port", "0", "--data-dir", role, folder=folder, **settings
    ) as program:
        yield program


async def latest_once(server: Server, device: int, wanted: Any) -> Any:
    """The values of the device, once there are some that are as wanted."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            answer = await server.client.get(f"/api/devices/{device}/latest")
            if answer.status_code == 200 and wanted(answer.json()["values"]):
                return answer.json()["values"]
            await asyncio.sleep(0.1)


async def test_an_api_shows_asks_and_changes_what_a_collector_polls(mains: int, tmp_path: Path) -> None:
    url = postgres().make_database("api_role")
    link = f"tcp://127.0.0.1:{mains}"
    async with running("api", tmp_path, url) as program, asking(program) as api:
        new = {"name": "M1", "link": link, "unit_id": 1, "profile": "smartgen-hgm9560", "interval_s": 1}
        refused = await api.client.post("/api/devices/preview", json=new)
        assert refused.status_code == 503, refused.text
        assert "no collector" in refused.json()["error"]["message"]
        async with running("collector", tmp_path, url) as collector:
            await collector.address()
            site = await api.post("/api/sites", code="P", name="Plant")
            device = await api.post("/api/devices", site_id=site["id"], **new)
            path = f"/api/devices/{device['id']}"
            await api.devices_once(are_all_online)
            first = await latest_once(api, device["id"], bool)
            await latest_once(api, device["id"], lambda values: values != first)
            await can_ask(api, path, link)
            await can_write(api, path)
            changed = {**new, "name": "M2", "site_id": site["id"], "enabled": False}
            assert (await api.client.put(path, json=changed)).is_success
            await api.devices_once(lambda devices: devices["M2"]["status"] == "unknown")
            assert (await api.client.put(path, json={**changed, "name": "M1", "enabled": True})).is_success
            await api.devices_once(are_all_online)
            collector.process.send_signal(signal.SIGKILL)
            await api.devices_once(lambda devices: devices["M1"]["status"] == "unknown")
            told = (await api.client.post(f"{path}/test-connection")).json()
            assert not told["success"]
            assert "nothing was done" in told["error"] or "no collector" in told["error"]
        assert (await program.end()).code == 0


async def can_ask(api: Server, path: str, link: str) -> None:
    tested = (await api.client.post(f"{path}/test-connection")).json()
    assert tested["success"], tested
    assert (await api.get(f"{path}/plan"))["measured_cycle_s"] is not None
    (shown,) = await api.get("/api/links")
    assert (shown["link"], shown["state"]) == (link, "connected")
    assert await api.get("/api/links/trace", link=link)
    assert (await api.client.get("/api/links/trace", params={"link": link, "format": "pcap"})).status_code == 200


async def can_write(api: Server, path: str) -> None:
    written = (await api.client.post(f"{path}/points/set_p_pct/write", json={"value": 80})).json()
    assert written["result"] == "verified", written
    assert written["new"] == 80
    done = (await api.client.post(f"{path}/commands/manual", json={"confirmed": True})).json()
    assert done["result"] == "not_verified", done  # it is sent, and registers that stand still do not obey
