"""`stripchart write`: what is wanted, what was, what is read back, and whether that is the same."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.system.programs import PATIENCE_S, Finished, finished, started

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def addresses(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    """A simulated mains controller that obeys, and one that echoes and ignores."""
    folder, simulate = (
        tmp_path_factory.mktemp("mains"),
        ("simulate", "smartgen-hgm9560", "--port", "0", "--speed", "20"),
    )
    async with (
        started(*simulate, "--framing", "rtu_over_tcp", folder=folder) as obeys,
        started(*simulate, "--quirk", "1:echo", folder=folder) as ignores,
    ):
        yield {
            "obeys": (await obeys.line(r"rtu_over_tcp://[\d.]+:\d+"))[0],
            "ignores": (await ignores.line(r"tcp://[\d.]+:\d+"))[0],
        }


async def write(folder: Path, address: str, *words: str) -> Finished:
    return await finished("write", f"{address}/1", "--profile", "smartgen-hgm9560", *words, folder=folder)


async def test_old_new_and_read_back_are_shown(addresses: dict[str, str], tmp_path: Path) -> None:
    done = await write(tmp_path, addresses["obeys"], "set_p_pct", "80", "--yes")
    assert (done.code, done.err) == (0, "")
    assert done.out == "set_p_pct: old 90.0 %, written 80.0 %, read back 80.0 %: verified"


async def test_a_command_is_done_and_its_effect_shown(addresses: dict[str, str], tmp_path: Path) -> None:
    done = await write(tmp_path, addresses["obeys"], "manual", "-y")
    assert (done.code, done.err) == (0, "")
    assert done.out == "manual: mode_manual before No, after Yes: verified"


@pytest.mark.parametrize(
    ("answer", "words", "said", "code"),
    [
        ("n", ("load_mode", "2"), r"load_mode is Mains control; write Load reception\? \[y/N\]", 1),
        ("", ("fast_stop",), r"Stop the gensets immediately, without cooling down\?", 1),
        ("y", ("load_mode", "0"), "old Mains control, written Generator control, .*: verified", 0),
    ],
)
async def test_without_yes_it_asks_first(
    answer: str, words: tuple[str, ...], said: str, code: int, addresses: dict[str, str], tmp_path: Path
) -> None:
    arguments = ("write", f"{addresses['obeys']}/1", "--profile", "smartgen-hgm9560", *words)
    async with started(*arguments, folder=tmp_path) as program, asyncio.timeout(PATIENCE_S):
        assert program.process.stdin is not None
        program.process.stdin.write(f"{answer}\n".encode() if answer else b"")
        program.process.stdin.close()
        await program.line(said)
        assert await program.process.wait() == code


async def test_firmware_that_ignores_it_is_an_error(addresses: dict[str, str], tmp_path: Path) -> None:
    done = await write(tmp_path, addresses["ignores"], "load_mode", "Load reception", "--yes")
    assert done.code == 1
    assert "read back Mains control: not_verified" in done.out
    assert "error: load_mode: the device confirmed it, but does not show it" in done.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("set_p_pct", "101"), "101: allowed for point 'set_p_pct' are 0 to 100 %"),
        (("set_p_pct", "-5"), "-5: allowed for point 'set_p_pct' are 0 to 100 %"),
        (("mains_uab", "5"), "point 'mains_uab' may not be written"),
        (("sett_p_pct", "5"), "point 'sett_p_pct' does not exist; did you mean 'set_p_pct'?"),
        (("set_p_pct",), "'set_p_pct' is a point; give the value to write"),
        (("statr",), "no command 'statr'; did you mean 'start'?"),
    ],
)
async def test_what_may_not_be_written_is_not_even_asked_for(
    words: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    done = await write(tmp_path, "tcp://127.0.0.1:1", *words)
    assert done.code == 1
    assert message in done.err
