"""`stripchart serve` beside `stripchart simulate`: what was answered survives anything."""

import asyncio
import os
from pathlib import Path
from typing import Any

from tests.system.plant import Server, are_all_online, asking
from tests.system.programs import PATIENCE_S, started

SIMULATE = ("simulate", "smartgen-hgm9520n", "--port", "0")
SERVE = ("serve", "--port", "0", "--data-dir", "kept")


CALM_SHARE = 0.25
"""Of a core; one device that is read every second takes about a twentieth of that."""


def processor_s(pid: int) -> float:
    """Processor seconds used so far, by user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def processor_share(pid: int, seconds: float = 3.0) -> float:
    """How much of a core the process uses for a while: its own time, however busy the machine is."""
    loop = asyncio.get_running_loop()
    used_s, began_s = processor_s(pid), loop.time()
    await asyncio.sleep(seconds)
    return (processor_s(pid) - used_s) / (loop.time() - began_s)


async def add_genset(server: Server, link: str) -> int:
    site = await server.post("/api/sites", code="MKZ", name="Power house")
    device = await server.post(
        "/api/devices",
        name="G1",
        site_id=site["id"],
        link=link,
        unit_id=1,
        profile="smartgen-hgm9520n",
        interval_s=1,
    )
    return int(device["id"])


async def readings_of_three_polls(server: Server, device: int) -> set[tuple[Any, ...]]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            readings = await server.readings(device)
            if len({time for time, *_ in readings}) >= 3:
                return readings
            await asyncio.sleep(0.05)


async def test_what_was_answered_is_still_there_after_kill_9(tmp_path: Path) -> None:
    async with started(*SIMULATE, folder=tmp_path) as simulator:
        link = (await simulator.line(r"tcp://[\d.]+:\d+"))[0]
        async with started(*SERVE, folder=tmp_path) as server, asking(server) as asked:
            device = await add_genset(asked, link)
            answered = await readings_of_three_polls(asked, device)
            server.process.kill()
            await server.process.wait()
        async with started(*SERVE, folder=tmp_path) as server, asking(server) as asked:
            assert answered <= await asked.readings(device)
            await asked.devices_once(are_all_online)
            assert await processor_share(server.process.pid) < CALM_SHARE
            assert (await server.end()).code == 0


async def test_a_misspelt_setting_is_warned_about_and_the_rest_holds(tmp_path: Path) -> None:
    settings = {"STRIPCHART_PROT": "8090", "STRIPCHART_PORT": "0", "STRIPCHART_DATA_DIR": "elsewhere"}
    async with started("serve", folder=tmp_path, **settings) as program:
        await program.line(r"data in .*/elsewhere")
        ended = await program.end()
    assert ended.code == 0
    assert (tmp_path / "elsewhere" / "catalog.db").is_file()
    assert ended.err.startswith("warning: STRIPCHART_PROT is not a setting and is ignored")
    assert "did you mean 'STRIPCHART_PORT'?" in ended.err
