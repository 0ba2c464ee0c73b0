"""The simulator's sockets: any number of units on one port, many clients, pipelined requests, faults on the wire."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np

from stripchart.model.device import Framing
from stripchart.simulator.faults import Exchange, Fault, Outcome, spoiled
from stripchart.simulator.manners import Manners
from stripchart.wire import mbap, rtu
from stripchart.wire.errors import BadFrameError

FRAMINGS = (Framing.TCP, Framing.RTU_OVER_TCP)
"""What a simulated link can speak."""

_ANY_UNIT = 255
_NEXT_REPLY_S = 0.002
"""From a late reply to the one behind it."""
_USUAL = Manners()
_CHUNK_BYTES = 512
"""Bytes looked at together: taking requests off a short buffer is quick however much a client sends at once."""


class SimulatorError(Exception):
    """The simulator cannot do what was asked; the message says why and what to do."""


class PortInUseError(SimulatorError):
    """Another program listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is in use: stop the program that holds it, or choose another port")
        self.port = port


class Answering(Protocol):
    """What a server needs of a device."""

    @property
    def unit_id(self) -> int: ...

    @property
    def fault(self) -> Fault | None: ...

    def answer(self, pdu: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Request:
    unit_id: int
    pdu: bytes
    end: int
    build: Callable[[int, bytes], bytes]


class SimulatorServer:
    """One listening port."""

    def __init__(self, devices: Iterable[Answering], framing: Framing, manners: Manners) -> None:
        if framing not in FRAMINGS:
            raise SimulatorError(f"framing {framing}: the simulator speaks {' and '.join(FRAMINGS)}")
        self.devices: dict[int, Answering] = {}
        for device in devices:
            if device.unit_id in self.devices:
                raise SimulatorError(f"unit id {device.unit_id} is given twice on one port: each unit needs its own")
            self.devices[device.unit_id] = device
        if manners.first_is_255 and self.devices:
            self.devices.setdefault(_ANY_UNIT, next(iter(self.devices.values())))
        self.framing, self.manners = framing, manners
        self.random = np.random.default_rng(0)
        self.port = 0
        self.requests = 0
        self.clients: set[_Client] = set()
        self._server: asyncio.Server | None = None
        self._all_gone = asyncio.Event()

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises PortInUseError, or SimulatorError when the host is not one of this machine's."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _Client(self), host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(host, port) from error
            raise SimulatorError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def aclose(self) -> None:
        """Stop listening and end every connection; returns when the sockets are closed."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for client in tuple(self.clients):
            client.abort()
        while self.clients:
            self._all_gone.clear()
            await self._all_gone.wait()

    def gone(self, client: "_Client") -> None:
        """A connection has ended."""
        self.clients.discard(client)
        self._all_gone.set()


@asynccontextmanager
async def serving(
    devices: Iterable[Answering],
    *,
    framing: Framing,
    host: str = "127.0.0.1",
    port: int = 0,
    manners: Manners = _USUAL,
) -> AsyncIterator[SimulatorServer]:
    """Serve the devices on one port (0: a free one, see `.port`); a unit that is not among them stays silent.

    Raises PortInUseError and SimulatorError.
    """
    server = SimulatorServer(devices, Framing(framing), manners)
    await server.open(host, port)
    try:
        yield server
    finally:
        await server.aclose()


class _Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: SimulatorServer) -> None:
        self._server = server
        self._take = _take_tcp if server.framing is Framing.TCP else _take_rtu
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._previous: dict[int, bytes] = {}
        self._late: set[asyncio.TimerHandle] = set()
        self._busy_until_s: dict[int, float] = {}
        self._rest: asyncio.TimerHandle | None = None
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._server.clients.add(self)
        if len(self._server.clients) > self._server.manners.max_clients:
            self._transport.close()
        self._stay_awake()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (*self._late, *filter(None, (self._idle, self._rest))):
            timer.cancel()
        self._transport = None
        self._server.gone(self)

    def pause_writing(self) -> None:
        """A client that does not read its replies is not read either, so what waits for it stays bounded."""
        if self._transport:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport and self._rest is None:
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self._stay_awake()
        if self._server.manners.one_at_a_time:
            self._serve_one(data)
            return
        replies: list[bytes] = []
        try:
            for start in range(0, len(data), _CHUNK_BYTES):
                self._buffer += data[start : start + _CHUNK_BYTES]
                self._serve(replies)
        except BadFrameError:
            self.abort()
        if self._transport and any(replies):
            self._transport.write(b"".join(replies))

    def _serve(self, replies: list[bytes]) -> None:
        """Answer every whole request in the buffer; keep what may be the start of the next."""
        while self._transport and (request := self._take(self._buffer)):
            self._buffer = self._buffer[request.end :]
            replies.append(self._reply(request))
        if self._server.framing is Framing.RTU_OVER_TCP:
            self._buffer = self._buffer[-rtu.MAX_FRAME_BYTES :]

    def _serve_one(self, data: bytes) -> None:
        """What came in one go is one request, and nothing is heard while that is digested."""
        try:
            request = self._take(data)
        except BadFrameError:
            return
        if request is None or self._transport is None:
            return
        reply = self._reply(request)
        if reply and self._transport:
            self._transport.write(reply)
        if self._transport and self._server.manners.rest_s:
            self._transport.pause_reading()
            self._rest = asyncio.get_running_loop().call_later(self._server.manners.rest_s, self._rested)

    def _rested(self) -> None:
        self._rest = None
        if self._transport:
            self._transport.resume_reading()

    def _stay_awake(self) -> None:
        """The client is there; it is left when it asks nothing for long."""
        if self._idle is not None:
            self._idle.cancel()
        if self._server.manners.idle_s:
            self._idle = asyncio.get_running_loop().call_later(self._server.manners.idle_s, self.abort)

    def leave(self) -> None:
        """Hear nothing any more, and do not close: what a device that was switched off leaves of its connection."""
        if self._transport:
            self._transport.pause_reading()

    def abort(self) -> None:
        """End the connection at once."""
        if self._transport:
            self._transport.abort()
            self._transport = None

    def _reply(self, request: _Request) -> bytes:
        """The bytes to send now; what comes late or ends the connection is arranged here."""
        device = self._server.devices.get(request.unit_id)
        if device is None:
            return b""
        self._server.requests += 1
        reply = device.answer(request.pdu)
        if not reply:
            return b""
        if device.fault is None and request.unit_id not in self._busy_until_s:
            frame = request.build(request.unit_id, reply)
            self._previous[request.unit_id] = frame
            return frame
        return self._spoiled(device.fault, request, reply)

    def _spoiled(self, fault: Fault | None, request: _Request, reply: bytes) -> bytes:
        exchange = Exchange(
            request.unit_id, request.pdu[0], reply, request.build, self._previous.get(request.unit_id)
        )
        outcome = spoiled(fault, exchange, self._server.random)
        self._previous[request.unit_id] = request.build(request.unit_id, reply)
        if outcome.drop:
            self.abort()
            return b""
        if not outcome.delay_s and request.unit_id not in self._busy_until_s:
            return outcome.data
        self._send_late(request.unit_id, outcome)
        return b""

    def _send_late(self, unit_id: int, outcome: Outcome) -> None:
        """A unit answers in the order in which it is asked, so what comes behind a late reply is late, too."""
        loop = asyncio.get_running_loop()
        at_s = max(loop.time() + outcome.delay_s, self._busy_until_s.get(unit_id, 0.0) + _NEXT_REPLY_S)
        self._busy_until_s[unit_id] = at_s

        def send() -> None:
            self._late.discard(timer)
            if self._busy_until_s.get(unit_id) == at_s:
                del self._busy_until_s[unit_id]
            if self._transport:
                self._transport.write(outcome.data)

        timer = loop.call_at(at_s, send)
        self._late.add(timer)


def _take_tcp(buffer: bytes) -> _Request | None:
    taken = mbap.take_frame(buffer)
    if taken is None:
        return None
    transaction, unit, pdu, end = taken
    return _Request(unit, pdu, end, lambda unit_id, reply: mbap.build_frame(transaction, unit_id, reply))


def _take_rtu(buffer: bytes) -> _Request | None:
    taken = rtu.take_request(buffer)
    if taken is None:
        return None
    unit, pdu, end = taken
    return _Request(unit, pdu, end, rtu.build_frame)
