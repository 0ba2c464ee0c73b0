"""The installed command, run as its user would: real processes, watched line by line, never left behind."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 30.0
"""How long anything may take before a test gives up: far longer than it does, for a busy machine."""


def environment(**settings: str) -> dict[str, str]:
    """The test's own environment without settings of ours and without colours; nothing is folded at 80 columns."""
    own = {name: value for name, value in os.environ.items() if not name.upper().startswith("STRIPCHART_")}
    plain = {"NO_COLOR": "1", "TERMINAL_WIDTH": "240", "PYTHONIOENCODING": "utf-8"}
    return {name: value for name, value in own.items() if name != "COLUMNS"} | plain | settings


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


class Program:
    """A running `stripchart`, in a session of its own, and the lines it has written so far."""

    def __init__(self, process: asyncio.subprocess.Process, arguments: Sequence[str]) -> None:
        self.process, self.arguments = process, arguments
        self.out: list[str] = []
        self.err: list[str] = []
        self._news = asyncio.Condition()
        self._readers = [
            asyncio.create_task(self._read(stream, lines))
            for stream, lines in ((process.stdout, self.out), (process.stderr, self.err))
            if stream is not None
        ]

    async def line(self, pattern: str, *, within_s: float = PATIENCE_S) -> re.Match[str]:
        """The first line of standard output with the pattern in it, as soon as there is one."""
        async with asyncio.timeout(within_s), self._news:
            while True:
                for line in self.out:
                    if found := re.search(pattern, line):
                        return found
                if all(reader.done() for reader in self._readers):
                    raise AssertionError(f"it ended without {pattern!r}: {self.out} {self.err}")
                await self._news.wait()

    async def address(self) -> str:
        """Where the page is, once it is said."""
        return (await self.line(r"https?://[^\s/]+"))[0]

    async def link(self) -> str:
        """The link that lets somebody in, once it is printed."""
        return (await self.line(r"https?://[^\s/]+/(welcome|setup)#\S+"))[0]

    async def type(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        await self.process.stdin.drain()

    async def end(self, number: signal.Signals = signal.SIGINT) -> Finished:
        """Send the signal, and wait until it is gone and its last line is read."""
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_S):
            code = await self.process.wait()
            await asyncio.gather(*self._readers)
        return Finished(code, "\n".join(self.out), "\n".join(self.err))

    async def _read(self, stream: asyncio.StreamReader, lines: list[str]) -> None:
        try:
            while line := await stream.readline():
                async with self._news:
                    lines.append(line.decode().rstrip("\n"))
                    self._news.notify_all()
        finally:
            async with self._news:
                self._news.notify_all()


@contextlib.asynccontextmanager
async def started(*arguments: str | Path, folder: Path, **settings: str) -> AsyncIterator[Program]:
    """`stripchart` with these arguments, in a folder; killed at the end when it is still there."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stripchart", *map(str, arguments)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=environment(**settings),
        start_new_session=True,
    )
    program = Program(process, [str(argument) for argument in arguments])
    try:
        yield program
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await asyncio.gather(*program._readers, return_exceptions=True)


async def finished(*arguments: str | Path, folder: Path, **settings: str) -> Finished:
    """`stripchart` with these arguments, run to its end."""
    async with started(*arguments, folder=folder, **settings) as program, asyncio.timeout(PATIENCE_S):
        code = await program.process.wait()
        await asyncio.gather(*program._readers)
        return Finished(code, "\n".join(program.out), "\n".join(program.err))
