"""`stripchart read`: one read of a device, as a table or as JSON."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from stripchart.profiles.library import ProfileLibrary
from tests.system.programs import Finished, finished, started

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROFILE = "smartgen-hgm9520n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ports(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    """Ports of a simulated genset, by framing."""
    folder, simulate = tmp_path_factory.mktemp("gensets"), ("simulate", PROFILE, "--port", "0")
    async with (
        started(*simulate, folder=folder) as tcp,
        started(*simulate, "--framing", "rtu_over_tcp", folder=folder) as rtu,
    ):
        yield {
            "tcp": (await tcp.line(r"tcp://[\d.]+:(\d+)"))[1],
            "rtu_over_tcp": (await rtu.line(r"rtu_over_tcp://[\d.]+:(\d+)"))[1],
        }
        for simulator in (tcp, rtu):
            assert (await simulator.end()).code == 0


async def read(folder: Path, address: str, *options: str) -> Finished:
    return await finished("read", f"{address}/1", "--profile", PROFILE, *options, folder=folder)


@pytest.mark.parametrize("framing", ["tcp", "rtu_over_tcp"])
async def test_a_table_has_every_point_with_value_unit_and_quality(
    framing: str, ports: dict[str, str], tmp_path: Path
) -> None:
    answer = await read(tmp_path, f"{framing}://127.0.0.1:{ports[framing]}")
    assert (answer.code, answer.err) == (0, "")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in answer.out.splitlines()]
    points = {row[0]: row for row in rows if len(row) == 6}
    assert set(points) == {point.key for point in ProfileLibrary.shipped().get(PROFILE).points}
    _, _, value, *rest = points["battery_volt"]
    assert re.fullmatch(r"\d+\.\d", value)
    assert tuple(rest) == ("V", "good", "holding 213 / 40214")
    assert "…" not in answer.out


async def test_json_has_an_object_for_each_point_on_a_line(ports: dict[str, str], tmp_path: Path) -> None:
    answer = await read(tmp_path, f"tcp://localhost:{ports['tcp']}", "--json", "--language", "ru")
    assert (answer.code, answer.err) == (0, "")
    points = {point["point"]: point for point in map(json.loads, answer.out.splitlines())}
    assert len(points) == len(ProfileLibrary.shipped().get(PROFILE).points)
    voltage = points["battery_volt"]
    assert voltage["value"] > 0
    assert (voltage["unit"], voltage["quality"], voltage["reason"]) == ("V", "good", None)
    assert voltage["at"].endswith("Z")


async def test_only_the_points_that_were_asked_for_are_shown(ports: dict[str, str], tmp_path: Path) -> None:
    answer = await read(
        tmp_path, f"tcp://127.0.0.1:{ports['tcp']}", "--json", "--point", "engine_speed", "--point", "coolant_temp"
    )
    assert {json.loads(line)["point"] for line in answer.out.splitlines()} == {"engine_speed", "coolant_temp"}
