"""Commands that come in through a pipe while a plant runs."""

import asyncio
import contextlib
import io
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from rich.console import Console

from stripchart.cli.typed import answer_typed_commands
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.console import Console as PlantConsole
from stripchart.simulator.device import SimulatedDevice

MUTE, WELL = "unit 1: mute\n", "unit 1: faults and quirks cleared\n"


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[BinaryIO]:
    """The end to write to of a pipe that is standard input."""
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as stdin, open(writing, "wb", buffering=0) as typing:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typing


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The other end of a pair of sockets of which one is standard input."""
    typing, reading = socket.socketpair()
    with typing, reading, open(os.dup(reading.fileno()), encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typing


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The far end of a connection by TCP that is standard input."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as typing:
        reading, _ = server.accept()
        with reading, open(os.dup(reading.fileno()), encoding="utf-8") as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            yield typing


@contextlib.asynccontextmanager
async def answering() -> AsyncIterator[io.StringIO]:
    """What is printed while typed commands are answered."""
    printed = io.StringIO()
    device = SimulatedDevice(ProfileLibrary.shipped().get("ddms-sensor"), 1)
    task = asyncio.create_task(answer_typed_commands(PlantConsole({"1": device}), Console(file=printed)))
    try:
        async with asyncio.timeout(10):
            yield printed
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(printed: io.StringIO, text: str) -> None:
    while printed.getvalue() != text:  # noqa: ASYNC110 - a text has nothing to wait for
        await asyncio.sleep(0.01)


async def test_lines_that_come_together_are_all_done(pipe: BinaryIO) -> None:
    async with answering() as printed:
        pipe.write(b"fault 1 mute\n\nclear 1\nfault 1 mute\n")
        await until(printed, MUTE + WELL + MUTE)


async def test_the_rest_of_a_line_is_not_waited_for(pipe: BinaryIO) -> None:
    async with answering() as printed:
        pipe.write(b"fault 1 mute\ncle")
        await until(printed, MUTE)
        pipe.write(b"ar 1\n")
        await until(printed, MUTE + WELL)


async def test_a_pair_of_sockets_is_as_good_as_a_pipe(pair: socket.socket) -> None:
    async with answering() as printed:
        pair.sendall(b"fault 1 mute\n")
        await until(printed, MUTE)


async def test_a_connection_from_elsewhere_is_not_taken_for_someone_who_types(connection: socket.socket) -> None:
    async with answering() as printed:
        connection.sendall(b"fault 1 mute\n")
        await asyncio.sleep(0.05)
        assert printed.getvalue() == ""


async def test_the_end_of_input_ends_the_typing_only(pipe: BinaryIO) -> None:
    async with answering() as printed:
        pipe.write(b"fault 1 mute\n")
        pipe.close()
        await until(printed, MUTE)


async def test_a_file_is_not_taken_for_someone_who_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "commands").write_text("fault 1 mute\n")
    with open(tmp_path / "commands", encoding="utf-8") as stdin:  # noqa: ASYNC230 - a test's own file
        monkeypatch.setattr("sys.stdin", stdin)
        async with answering() as printed:
            for _ in range(5):
                await asyncio.sleep(0)
            assert printed.getvalue() == ""
