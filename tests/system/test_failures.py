"""What a user can get wrong: each ends with one clear message, a code that is not 0, and no traceback."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.system.programs import Finished, finished, started

BAD_PROFILE = """profile: boiler
name: {en: Boiler}
kind: sensor
points:
  - {key: flow, name: Flow, address: 70000, type: u16}
  - {key: pump, name: Pump, table: holdin, address: 1, type: bool}
"""

QUICK_PROFILE = """profile: quick
name: {en: Quick}
kind: sensor
pacing: {timeout_s: 0.3, retries: 0}
points:
  - {key: flow, name: Flow, address: 0, type: int16}
"""

READ_NOBODY = ("read", "tcp://127.0.0.1:1/1", "--profile", "ddms-sensor")
SIMULATE = ("simulate", "ddms-sensor", "--port", "0")
SERVE = ("serve", "--port", "0")

MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "closed port": (READ_NOBODY, "error: tcp://127.0.0.1:1: connection refused"),
    "unknown host": (
        ("read", "tcp://nowhere.invalid:502/1", "--profile", "ddms-sensor"),
        "error: tcp://nowhere.invalid:502: ",
    ),
    "unknown profile": (
        ("read", "tcp://127.0.0.1:1/1", "--profile", "ddms-senser"),
        "error: no profile 'ddms-senser'; did you mean 'ddms-sensor'?",
    ),
    "unknown profile to show": (("profiles", "show", "temco"), "no profile 'temco'; did you mean 'temco-t3'?"),
    "unknown point": ((*READ_NOBODY, "--point", "valeu"), "ddms-sensor has no point 'valeu'; "),
    "unit id 0": (("read", "tcp://127.0.0.1:1/0", "--profile", "ddms-sensor"), "unit id 0: allowed are 1 to 255"),
    "no unit id": (("read", "tcp://127.0.0.1:1", "--profile", "ddms-sensor"), "the address ends with the unit id"),
    "unknown framing": (("read", "tpc://127.0.0.1:1/1", "--profile", "ddms-sensor"), "framing one of tcp, rtu_over"),
    "impossible port": (("read", "tcp://127.0.0.1:70000/1", "--profile", "ddms-sensor"), "allowed are 1 to 65535"),
    "unknown language": ((*READ_NOBODY, "--language", "de"), "'de' is not one of 'en', 'zh', 'ru'"),
    "no profiles dir": ((*READ_NOBODY, "--profiles-dir", "nowhere"), "dir 'nowhere' does not exist"),
    "no file to check": (("profiles", "check", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
    "unknown fault": ((*SIMULATE, "--fault", "1:deaf"), "fault 'deaf': allowed are mute, slow, "),
    "fault without unit": ((*SIMULATE, "--fault", "mute"), "a fault is written UNIT:NAME"),
    "fault of a foreign unit": ((*SIMULATE, "--fault", "2:mute"), "fault of unit 2: the simulated units are 1"),
    "address of another machine": (
        (*SERVE, "--host", "203.0.113.7"),
        "choose an address of this machine with --host",
    ),
    "name of nobody": ((*SERVE, "--host", "no.such.invalid"), "choose an address of this machine with --host"),
    "file in place of data dir": ((*SERVE, "--data-dir", "file"), "dir 'file' is a file"),
    "file above the data dir": ((*SERVE, "--data-dir", "file/data"), "file/data"),
}


def is_one_message(result: Finished, message: str) -> bool:
    """It failed, with nothing but this message."""
    assert result.code not in (0, None)
    assert result.out == ""
    assert "Traceback" not in result.err
    assert result.err.count("error: ") + result.err.count("Error ─") == 1, result.err
    assert message in result.err, result.err
    return True


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    """A port of this machine that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextlib.asynccontextmanager
async def silent_device() -> AsyncIterator[int]:
    """The port of something that takes connections and never says a word."""
    over = asyncio.Event()

    async def keep_silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(keep_silent, "127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1]
        over.set()


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_mistake_on_the_command_line_is_told_in_one_message(mistake: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    arguments, message = MISTAKES[mistake]
    assert is_one_message(await finished(*arguments, folder=tmp_path), message)


async def test_a_bad_profile_is_told_with_every_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "boiler.yaml").write_text(BAD_PROFILE)
    result = await finished("profiles", "check", "boiler.yaml", folder=tmp_path)
    assert is_one_message(result, "error: 3 problems")
    problems = [line.split(": ")[:2] for line in result.err.splitlines()[1:]]
    assert problems == [
        ["boiler.yaml:5", "points.flow.address"],
        ["boiler.yaml:5", "points.flow.type"],
        ["boiler.yaml:6", "points.pump.table"],
    ]
    assert "did you mean 'holding'?" in result.err


async def test_a_profile_of_ones_own_that_is_bad_is_told_when_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "boiler.yaml").write_text(BAD_PROFILE)
    arguments = ("read", "tcp://127.0.0.1:1/1", "--profile", "boiler", "--profiles-dir", ".")
    assert is_one_message(await finished(*arguments, folder=tmp_path), "boiler.yaml:6: points.pump.table")


async def test_a_silent_device_is_told_with_how_long_was_waited(tmp_path: Path) -> None:
    (tmp_path / "quick.yaml").write_text(QUICK_PROFILE)
    async with silent_device() as port:
        address = f"tcp://127.0.0.1:{port}"
        arguments = ("read", f"{address}/1", "--profile", "quick", "--profiles-dir", ".")
        result = await finished(*arguments, folder=tmp_path)
    assert is_one_message(result, f"error: {address}, unit 1, holding 0")
    assert result.err.endswith("no reply within 0.3 s")


@pytest.mark.parametrize("command", [("serve",), ("demo", "--plant-port", "0", "--history", "0")])
async def test_a_port_in_use_is_told_before_anything_runs(command: tuple[str, ...], tmp_path: Path) -> None:
    with taken_port() as port:
        result = await finished(*command, "--port", str(port), folder=tmp_path)
    assert is_one_message(result, f"127.0.0.1:{port} cannot listen: Address already in use")


@pytest.mark.parametrize(
    "command",
    [("simulate", "ddms-sensor", "--port"), ("demo", "--history", "0", "--port", "0", "--plant-port")],
)
async def test_a_port_of_the_simulator_in_use_is_told(command: tuple[str, ...], tmp_path: Path) -> None:
    with taken_port() as port:
        result = await finished(*command, str(port), folder=tmp_path)
    assert is_one_message(result, f"port {port} on 127.0.0.1 is in use")
    assert result.err.endswith(f"choose another port with {command[-1]}")


@pytest.mark.parametrize("file", ["catalog.db", "history/2026.db"])
async def test_a_broken_database_file_is_told_and_left_alone(file: str, tmp_path: Path) -> None:
    broken = tmp_path / "kept" / file
    broken.parent.mkdir(parents=True)
    broken.write_bytes(content := b"no database" * 1000)
    result = await finished(*SERVE, "--data-dir", "kept", folder=tmp_path)
    assert is_one_message(result, f"error: kept/{file}: ")
    assert "backup" in result.err
    assert broken.read_bytes() == content


async def test_a_second_process_on_the_same_data_is_told_who_has_it(tmp_path: Path) -> None:
    async with started(*SERVE, "--data-dir", "kept", folder=tmp_path) as first:
        await first.address()
        result = await finished(*SERVE, "--data-dir", "kept", folder=tmp_path)
        assert is_one_message(result, f"in use by process {first.process.pid}")
        assert (await first.end()).code == 0


async def test_wrong_settings_are_told_by_variable_and_value(tmp_path: Path) -> None:
    settings = {"STRIPCHART_PORT": "abc", "STRIPCHART_LOG_LEVEL": "loud"}
    result = await finished("serve", folder=tmp_path, **settings)
    assert is_one_message(result, "error: 2 problems")
    assert "STRIPCHART_PORT=abc: " in result.err
    assert "STRIPCHART_LOG_LEVEL=loud: input should be 'debug', 'info', 'warning' or 'error'" in result.err
    assert os.listdir(tmp_path) == []
