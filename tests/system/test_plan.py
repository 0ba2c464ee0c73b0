"""`stripchart plan`: what a device is asked, what it cannot do, and that as a part of a profile."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.system.programs import finished, started

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROFILE = "eastron-sdm630"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A meter that does not say what it cannot do."""
    quirks = ("--quirk", "1:max_registers=30", "--quirk", "1:hole=input:6-7")
    folder = tmp_path_factory.mktemp("meter")
    async with started("simulate", PROFILE, "--port", "0", *quirks, folder=folder) as meter:
        yield (await meter.line(r"tcp://[\d.]+:\d+"))[0] + "/1"
        assert (await meter.end()).code == 0


async def test_an_address_is_polled_until_all_is_learned(address: str, tmp_path: Path) -> None:
    answer = await finished("plan", address, "--profile", PROFILE, "--json", folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    plan = json.loads(answer.out)
    assert plan["limits"]["max_registers"]["value"] in {30, 31}
    assert [hole["block"] for hole in plan["limits"]["holes"]] == [{"table": "input", "start": 6, "end": 8}]
    assert len(plan["unreadable"]) == 1
    assert max(request["count"] for group in plan["groups"] for request in group["requests"]) <= 30
    assert plan["measured_cycle_s"] > 0


async def test_people_get_tables(address: str, tmp_path: Path) -> None:
    answer = await finished("plan", address, "--profile", PROFILE, folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    for text in ("requests,", "unused; cycle: estimated", "max_registers", "input 6..7", "illegal data address"):
        assert text in answer.out


async def test_without_cycles_nothing_is_asked(tmp_path: Path) -> None:
    options = ("--profile", PROFILE, "--cycles", "0", "--json")
    plan = json.loads((await finished("plan", "tcp://127.0.0.1:1/1", *options, folder=tmp_path)).out)
    assert (plan["unreadable"], plan["measured_cycle_s"]) == ([], None)


async def test_what_was_learned_is_written_as_a_part_of_a_profile(address: str, tmp_path: Path) -> None:
    answer = await finished("plan", address, "--profile", PROFILE, "--export", folder=tmp_path)
    assert answer.code == 0
    assert answer.out.startswith("pacing: {max_registers: 3")
    assert "(input 6)" in answer.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("tcp://127.0.0.1:1/1",), "error: an address needs --profile"),
        (("Boiler",), "no catalog here; name the data folder with --data-dir"),
        (("tcp://127.0.0.1:1/1", "--profile", PROFILE), "error: tcp://127.0.0.1:1: connection refused"),
    ],
)
async def test_what_is_wrong_is_said_in_a_line(arguments: tuple[str, ...], complaint: str, tmp_path: Path) -> None:
    answer = await finished("plan", *arguments, folder=tmp_path)
    assert (answer.code, answer.out) == (1, "")
    assert complaint in answer.err
