"""The whole program but its HTTP port, with a small simulated plant on real sockets."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from stripchart.api.app import build_api
from stripchart.api.parts import Parts
from stripchart.catalog.database import url_of
from stripchart.catalog.repository import open_catalog
from stripchart.model.device import Framing
from stripchart.profiles.load import load_profile
from stripchart.runtime.running import running
from stripchart.settings import Settings
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.server import SimulatorServer, serving
from tests.owner import owner_token

BOILER = """
profile: boiler
name: {en: Boiler, zh: 锅炉, ru: Котёл}
kind: sensor
interval_s: 1
pacing: {timeout_s: 0.3, retries: 0}
overview: [flow]
groups: {values: Values}
points:
  - {key: flow, name: Flow, address: 0, type: int16, scale: 0.1, unit: °C, valid: [-50, 200], no_data: [32766]}
  - {key: pump, name: Pump, address: 1, type: enum16, labels: {0: off, 1: {en: on, ru: вкл}}}
  - {key: serial, name: Serial number, address: 2, type: string, registers: 4}
"""


class Server:
    """The API, and the plant behind it."""

    def __init__(self, client: AsyncClient, data_dir: Path, parts: Parts) -> None:
        self.client, self.parts = client, parts
        self.data_dir = data_dir
        self.site_id = 0
        self.plant: SimulatorServer
        self.boilers: dict[int, SimulatedDevice] = {}

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def add_boiler(self, name: str, **changes: object) -> int:
        link = f"tcp://127.0.0.1:{self.plant.port}"
        fields = {"name": name, "site_id": self.site_id, "link": link, "unit_id": 1, "profile": "boiler"}
        answer = await self.client.post("/api/devices", json={**fields, "interval_s": 1, **changes})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    async def until_profile(self, key: str) -> None:
        """Until a profile whose file was just written can be used."""
        async with asyncio.timeout(15):
            while True:
                if key in [profile["key"] for profile in await self.get("/api/profiles")]:
                    return
                await asyncio.sleep(0.05)

    async def until_problem(self, text: str) -> None:
        """Until the server says that something is wrong with it."""
        async with asyncio.timeout(15):
            while True:
                if any(text in problem for problem in (await self.get("/api/health"))["problems"]):
                    return
                await asyncio.sleep(0.05)

    async def until(self, device_id: int, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The latest of the device, once it is as wanted."""
        async with asyncio.timeout(15):
            while True:
                answer = await self.client.get(f"/api/devices/{device_id}/latest")
                latest: dict[str, Any] = answer.json()
                values = {value["key"]: value for value in latest.get("values", ())}
                if answer.status_code == 200 and condition({"status": latest["status"], **values}):
                    return latest
                await asyncio.sleep(0.02)


@pytest.fixture
async def new_server(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """At its first start: nobody has an account."""
    settings = Settings(data_dir=tmp_path)
    shutil.copy(await _empty_catalog(tmp_path_factory), settings.catalog_file)
    async with started(settings) as server:
        yield server


async def _empty_catalog(folders: pytest.TempPathFactory) -> Path:
    """A catalog with nothing in it, made once: each migration takes its time."""
    file = folders.getbasetemp() / "empty-catalog.db"
    if not file.exists():
        async with open_catalog(url_of(file)):
            pass
    return file


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[Server]:
    """The program with these settings, and two boilers."""
    settings.profiles_folder.mkdir(exist_ok=True)
    file = settings.profiles_folder / "boiler.yaml"
    file.write_text(BOILER, encoding="utf-8")
    boilers = {unit: SimulatedDevice(load_profile(file), unit) for unit in (1, 2)}
    for unit, boiler in boilers.items():
        boiler.update({"flow": 60.0 + unit, "pump": 1, "serial": f"B-{unit}"})
    async with serving(boilers.values(), framing=Framing.TCP) as plant, running(settings) as parts:
        transport = ASGITransport(build_api(parts))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            server = Server(client, settings.data_dir, parts)
            server.plant, server.boilers = plant, boilers
            yield server


@pytest.fixture
async def server(new_server: Server) -> Server:
    """With one site, asked by its owner."""
    await set_up(new_server)
    return new_server


async def set_up(new_server: Server) -> None:
    """Make an owner, sign in as that, and add a site."""
    new_server.client.headers["Authorization"] = f"Bearer {await owner_token(new_server.parts)}"
    site = await new_server.client.post("/api/sites", json={"code": "MKZ", "name": "Power house"})
    new_server.site_id = site.json()["id"]
