"""The whole program with its catalog and history in PostgreSQL, which goes away for a while and comes back."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import asyncpg
import pytest
from httpx import AsyncClient, ConnectError, Response

from stripchart.api.parts import Parts
from stripchart.cli.interrupt import Interrupts
from stripchart.cli.server import serve
from stripchart.history.base import HistoryUnavailableError
from stripchart.history.timescale.options import ServerOptions
from stripchart.history.timescale.reach import why_away
from stripchart.settings import Settings
from tests.integration.api.conftest import Server, set_up, started
from tests.servers.postgres import Postgres, free_port


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    try:
        yield server
    finally:
        server.remove()


async def test_a_plant_is_recorded_while_the_database_goes_away_and_comes_back(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.make_database("plant")
    async with started(Settings(data_dir=tmp_path, database_url=url)) as server:
        await set_up(server)
        device = await server.add_boiler("Boiler 1")
        await server.until(device, lambda now: now["status"] == "online")
        assert (await server.get("/api/health"))["spool"]["waiting"] == 0
        assert (await server.get(f"/api/register_readings/latest/{device}"))["count"] >= 2
        # In the last week of a month the next one is there, too.
        assert re.search(r"stripchart_history_chunks [12]\.0", (await server.client.get("/metrics")).text)
        backup = await server.client.post("/api/system/backup")
        assert (backup.status_code, "pg_dump" in backup.text) == (409, True)
        assert backup.json()["error"]["facts"]["cause_code"] == "backups_of_server"
        postgres.stop()
        await server.until_problem("wait on the disk")
        waiting = (await server.get("/api/health"))["spool"]
        assert waiting["problem"]
        readings = await server.client.get(f"/api/readings/{device}")
        assert (readings.status_code, readings.json()["error"]["code"]) == (503, "history_unavailable")
        assert "samples wait on the disk" in readings.text
        server.boilers[1].update({"flow": 77.0})
        await server.until(device, lambda now: now["flow"]["value"] == 77.0)
        assert "stripchart_spool_server_away 1.0" in (await server.client.get("/metrics")).text
        postgres.start()
        await all_stored(server)
    assert not (tmp_path / "catalog.db").exists()
    await described(url, device)
    async with started(Settings(data_dir=tmp_path, database_url=url)) as server:
        assert [entry.device.name for entry in server.parts.roster.all()] == ["Boiler 1"]


async def test_a_start_waits_for_a_database_that_is_away_and_says_so_meanwhile(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.make_database("late")
    settings = Settings(data_dir=tmp_path, database_url=url, port=free_port())
    interrupts, announced = Interrupts(), asyncio.Event()

    async def announce(parts: Parts, address: str) -> None:
        announced.set()

    postgres.stop()
    address = f"http://127.0.0.1:{settings.port}"
    async with asyncio.timeout(60), AsyncClient(base_url=address) as client, asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(settings, interrupts, announce))
        while not (health := await answer_of(client, "/api/health")):  # noqa: ASYNC110 - another's socket
            await asyncio.sleep(0.05)
        assert (health.status_code, health.json()["status"]) == (503, "starting")
        assert f"127.0.0.1:{postgres.port}" in health.json()["problems"][0]
        devices = await client.get("/api/devices")
        assert (devices.status_code, devices.json()["error"]["code"]) == (503, "starting")
        assert "waits for its database" in (await client.get("/", headers={"Accept": "text/html"})).text
        assert not announced.is_set()
        postgres.start()
        await announced.wait()
        # A refusal that will not pass by itself is nothing to wait for.
        assert await why_away(ServerOptions(postgres.url("nowhere"))) is None
        assert (await client.get("/api/health")).json()["spool"]["waiting"] == 0
        interrupts()


async def answer_of(client: AsyncClient, path: str) -> Response | None:
    try:
        return await client.get(path)
    except ConnectError:
        return None


async def test_a_start_waits_no_longer_than_it_is_told(tmp_path: Path) -> None:
    url = f"postgresql://x@127.0.0.1:{free_port()}/plant"
    settings = Settings(data_dir=tmp_path, database_url=url, database_wait_s=0, port=0)

    async def announce(parts: Parts, address: str) -> None:
        raise AssertionError("it has not started")

    with pytest.raises(HistoryUnavailableError, match="gave up after 0 s"):
        await serve(settings, Interrupts(), announce)
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240


async def all_stored(server: Server) -> None:
    async with asyncio.timeout(30):
        while True:
            spool = (await server.get("/api/health"))["spool"]
            if not spool["waiting"] and not spool["problem"]:
                break
            await asyncio.sleep(0.05)
    assert spool["dropped"] == 0


async def described(url: str, device: int) -> None:
    """The view tells each sample once, with what its register is, and no second without one in between."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT * FROM register_readings WHERE register_address = 0 ORDER BY 1")
    finally:
        await connection.close()
    assert [rows[0][name] for name in ("device_id", "register_name", "data_type", "unit", "quality")] == [
        device,
        "Flow",
        "int16",
        "°C",
        "good",
    ]
    assert [rows[0]["value"], rows[-1]["value"]] == [61.0, 77.0]
    assert len({row["timestamp"] for row in rows}) == len(rows)
    times = [row["timestamp"] for row in rows]
    assert max(after - before for before, after in pairwise(times)) < timedelta(seconds=20)
