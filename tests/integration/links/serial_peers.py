"""Serial lines between two pseudo-terminals that socat connects, and what may sit at their other end."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer

from stripchart.model.device import Framing, LinkAddress, SerialLine
from stripchart.wire import pdu, rtu
from tests.integration.links.peers import LIMIT_S, two_units, until


class Bus:
    """Two ends of a line, `ours` and `theirs`, which exist from `plug` to `unplug`."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.theirs = folder / "ours", folder / "theirs"
        self._socat: asyncio.subprocess.Process | None = None
        self._kept_open: list[int] = []

    async def plug(self) -> None:
        ends = [f"pty,rawer,link={end}" for end in (self.ours, self.theirs)]
        self._socat = await asyncio.create_subprocess_exec("socat", *ends)
        async with asyncio.timeout(LIMIT_S):
            await until(lambda: self.ours.exists() and self.theirs.exists())
        # socat ends as soon as nobody has an end open any more; a real port stays.
        self._kept_open = [os.open(end, os.O_RDWR | os.O_NOCTTY) for end in (self.ours, self.theirs)]

    async def unplug(self) -> None:
        if self._socat is None:
            return
        socat, self._socat = self._socat, None
        while self._kept_open:
            os.close(self._kept_open.pop())
        with contextlib.suppress(ProcessLookupError):
            socat.terminate()
        async with asyncio.timeout(LIMIT_S):
            await socat.wait()


@asynccontextmanager
async def plugged(folder: Path) -> AsyncIterator[Bus]:
    bus = Bus(folder)
    try:
        await bus.plug()
        yield bus
    finally:
        await bus.unplug()


def at(bus: Bus, framing: Framing = Framing.RTU, baudrate: int = 9600) -> LinkAddress:
    return LinkAddress(framing, path=str(bus.ours), line=SerialLine(baudrate))


@asynccontextmanager
async def pymodbus_units(bus: Bus, framing: Framing, baudrate: int = 9600) -> AsyncIterator[None]:
    """pymodbus' own server with units 1 and 2 (see `peers.two_units`), silent about others, at their end."""
    server = ModbusSerialServer(
        two_units(),
        framer=FramerType(framing.value),
        port=str(bus.theirs),
        baudrate=baudrate,
        ignore_missing_devices=True,
    )
    await server.serve_forever(background=True)
    assert server.transport is not None
    try:
        yield
    finally:
        server.close()


class Wire:
    """The device's end of the line, for scripts."""

    def __init__(self, framing: Framing, descriptor: int) -> None:
        self._framing, self._descriptor = framing, descriptor
        self._buffer = bytearray()
        self._more = asyncio.Event()

    def take(self) -> None:
        """Called when there are bytes, or the line is gone."""
        data = b""
        with contextlib.suppress(OSError):
            data = os.read(self._descriptor, 4096)
        if not data:
            asyncio.get_running_loop().remove_reader(self._descriptor)
        self._buffer += data
        self._more.set()

    async def request(self) -> tuple[int, pdu.Request]:
        """The next read request and its unit."""
        while (frame := self._frame()) is None:
            self._more.clear()
            await self._more.wait()
        return frame[0], pdu.parse_request(frame[1:])

    async def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._descriptor, data) :]

    async def reply(self, unit: int, *words: int) -> None:
        await self.send(self.words(unit, *words))

    def words(self, unit: int, *words: int) -> bytes:
        """A reply to a read of holding registers."""
        return self.frame(unit, pdu.words_reply(3, words))

    def frame(self, unit: int, body: bytes) -> bytes:
        return rtu.build_frame(unit, body) if self._framing is Framing.RTU else ascii_frame(unit, body)

    def _frame(self) -> bytes | None:
        if self._framing is Framing.RTU:
            taken = rtu.take_request(self._buffer)
            frame, used = (bytes((taken[0],)) + taken[1], taken[2]) if taken else (b"", 0)
        else:
            used = self._buffer.find(b"\r\n") + 2 if b"\r\n" in self._buffer else 0
            frame = bytes.fromhex(self._buffer[1 : used - 4].decode()) if used else b""
        del self._buffer[:used]
        return frame or None


def ascii_frame(unit: int, body: bytes) -> bytes:
    frame = bytes((unit,)) + body
    return b":%s\r\n" % (frame + bytes((-sum(frame) & 0xFF,))).hex().upper().encode()


@asynccontextmanager
async def scripted(bus: Bus, framing: Framing, script: Callable[[Wire], Awaitable[None]]) -> AsyncIterator[None]:
    """A device that does what the script says; a script that fails fails the test."""
    descriptor = os.open(bus.theirs, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    wire = Wire(framing, descriptor)
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, wire.take)
    playing = asyncio.ensure_future(script(wire))
    try:
        yield
    finally:
        playing.cancel()
        await asyncio.wait({playing})
        loop.remove_reader(descriptor)
        os.close(descriptor)
    if not playing.cancelled():
        playing.result()
