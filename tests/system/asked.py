"""Devices in the test's own process that note who asks them when, and a way to Redis that can be cut."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise


@dataclass(frozen=True, slots=True)
class Request:
    """`line` counts connections; `at_s` is of the event loop's clock."""

    at_s: float
    line: int
    value: int


@dataclass(slots=True)
class Device:
    """Modbus TCP behind a port of its own; its one register says how often it was read."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    lines: int = 0

    @property
    def askers(self) -> list[int]:
        """The connections in the order in which they asked, each run of requests once."""
        return [line for line, _ in groupby(request.line for request in self.requests)]

    def was_asked_after(self, since_s: float) -> bool:
        return bool(self.requests) and self.requests[-1].at_s > since_s

    def longest_pause_s(self, since_s: float = 0.0) -> float:
        """The longest time between two requests of which the later came after that."""
        at_s = [request.at_s for request in self.requests]
        return max(later - earlier for earlier, later in pairwise(at_s) if later > since_s)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        line, loop = self.lines, asyncio.get_running_loop()
        with contextlib.suppress(OSError, EOFError):
            while True:
                head = await reader.readexactly(8)
                await reader.readexactly(int.from_bytes(head[4:6], "big") - 2)
                value = len(self.requests) + 1
                self.requests.append(Request(loop.time(), line, value))
                writer.write(head[:4] + struct.pack(">HBBBH", 5, head[6], head[7], 2, value))
        writer.close()


@contextlib.asynccontextmanager
async def devices(count: int) -> AsyncIterator[list[Device]]:
    """So many, each on a port of 127.0.0.1."""
    async with contextlib.AsyncExitStack() as servers:
        asked = [Device() for _ in range(count)]
        for device in asked:
            server = await asyncio.start_server(device.serve, "127.0.0.1", 0)
            await servers.enter_async_context(server)
            device.port = server.sockets[0].getsockname()[1]
        yield asked


class Relay:
    """A port of 127.0.0.1 that leads to another, until it is cut; then nothing goes through, either way."""

    def __init__(self, port: int) -> None:
        self.port, self._to = 0, port
        self._open = asyncio.Event()
        self._open.set()

    def cut(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self._open.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Relay"]:
        server = await asyncio.start_server(self._lead, "127.0.0.1", 0)
        async with server:
            self.port = server.sockets[0].getsockname()[1]
            yield self
            self._open.set()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to)
            await asyncio.gather(self._copy(reader, there_writer), self._copy(there_reader, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        writer.close()
