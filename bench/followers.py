"""Clients that follow live values, in a process of their own.

`python -m bench.followers KIND PORT CLIENTS SECONDS PROCESS`: KIND is sse or ws, a token comes on standard input, the
figures leave on standard output as JSON. PROCESS is the server's, whose use of processors is told too.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import cast

import numpy as np
import uvloop

from bench.load import cpu_s

_BEGIN_WITHIN_S = 120.0
_AT_ONCE = 50
_INTERVAL_S = 1.0
_END = b"\r\n\r\n"
_PATHS = {
    "sse": f"/api/devices/stream?values=overview&changed=true&interval_s={_INTERVAL_S:g}",
    "ws": "/ws/metrics",
}
_UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
_UPGRADE += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


@dataclass(frozen=True, slots=True)
class Followed:
    """`messages` and `updates` of devices in `seconds`, of all clients; `fewest`: messages of the client with fewest.

    `p50_ms`, `p99_ms`: of streams how late an event came, of sockets how old a reading was when it came.
    """

    clients: int
    lost: int
    seconds: float
    server_s: float
    messages: int
    fewest: int
    updates: int
    bytes: int
    p50_ms: float
    p99_ms: float


@dataclass(slots=True)
class _Run:
    """What all clients share."""

    request: bytes
    begun: int = 0
    lost: int = 0
    late_ms: list[float] = field(default_factory=list)


class _Client(asyncio.Protocol):
    """One connection: begins when the head of the answer is there."""

    def __init__(self, run: _Run) -> None:
        self.run, self.head = run, b""
        self.messages = self.updates = self.received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self.run.request)

    def connection_lost(self, exc: Exception | None) -> None:
        self.run.lost += 1

    def data_received(self, data: bytes) -> None:
        if self.head[-4:] != _END:
            place = (self.head + data).find(_END)
            whole = self.head + data
            self.head = whole if place < 0 else whole[: place + 4]
            if place < 0:
                return
            assert self.head.split(b" ")[1] in {b"200", b"101"}, self.head
            self.run.begun += 1
            data = whole[place + 4 :]
        self.received += len(data)
        self.take(data)

    def take(self, data: bytes) -> None:
        """What came behind the head."""
        raise NotImplementedError

    def begin(self) -> None:
        """Count from here."""
        self.messages = self.updates = self.received = 0


class _Stream(_Client):
    """Server-sent events. A piece of the one before is kept, as a mark may come in two."""

    def __init__(self, run: _Run) -> None:
        super().__init__(run)
        self._rest, self._last_s = b"", 0.0

    def take(self, data: bytes) -> None:
        data = self._rest + data
        events = data.count(b"data: [")
        self.updates += data.count(b'"device_name":')
        self._rest = data[-6:] if b"data: [" not in data[-6:] else b""
        if events:
            now_s = time.perf_counter()
            if self._last_s:
                self.run.late_ms.append(max(0.0, 1000 * (now_s - self._last_s - _INTERVAL_S)))
            self._last_s = now_s
            self.messages += events


class _Socket(_Client):
    """WebSocket frames of a server (RFC 6455, clause 5.2): they are not masked."""

    def __init__(self, run: _Run) -> None:
        super().__init__(run)
        self._waiting = bytearray()

    def take(self, data: bytes) -> None:
        self._waiting += data
        now_ms = 1000 * time.time()
        while (frame := self._frame()) is not None:
            opcode, payload = frame
            if opcode == 9:
                self.transport.write(bytes([0x8A, 0x80 | len(payload)]) + bytes(4) + payload)
            elif opcode == 1:
                self._tell(payload, now_ms)

    def _tell(self, payload: bytes, now_ms: float) -> None:
        self.messages += 1
        if payload.startswith(b'{"type"'):
            return
        self.updates += 1
        place = payload.find(b'"timestamp":"') + 13
        if place > 13:
            read_ms = 1000 * datetime.fromisoformat(payload[place : place + 24].decode()).timestamp()
            self.run.late_ms.append(now_ms - read_ms)

    def _frame(self) -> tuple[int, bytes] | None:
        held = self._waiting
        if len(held) < 10 and len(held) < 2 + (held[1] if len(held) > 1 and held[1] < 126 else 8):
            return None
        length, start = held[1], 2
        if length == 126:
            length, start = int.from_bytes(held[2:4]), 4
        elif length == 127:
            length, start = int.from_bytes(held[2:10]), 10
        if len(held) < start + length:
            return None
        frame = held[0] & 0x0F, bytes(held[start : start + length])
        del held[: start + length]
        return frame


async def follow(kind: str, port: int, clients: int, seconds: float, process: int, token: str) -> Followed:
    """Follow for so long, from when all are connected and standard input says `go`."""
    head = f"GET {_PATHS[kind]} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
    run = _Run(f"{head}{_UPGRADE if kind == 'ws' else ''}\r\n".encode())
    make: Callable[[], _Client] = (lambda: _Socket(run)) if kind == "ws" else (lambda: _Stream(run))
    followers = await _connected(make, run, port, clients)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    for each in followers:
        each.begin()
    run.late_ms.clear()
    began_s, before_s, lost = time.perf_counter(), cpu_s(process), run.lost
    await asyncio.sleep(seconds)
    took_s, server_s, lost = time.perf_counter() - began_s, cpu_s(process) - before_s, run.lost - lost
    p50, p99 = (round(float(each), 1) for each in np.percentile(np.array(run.late_ms or [0.0]), [50, 99]))
    figures = Followed(
        clients=len(followers),
        lost=lost,
        seconds=took_s,
        server_s=server_s,
        messages=sum(each.messages for each in followers),
        fewest=min(each.messages for each in followers),
        updates=sum(each.updates for each in followers),
        bytes=sum(each.received for each in followers),
        p50_ms=p50,
        p99_ms=p99,
    )
    for each in followers:
        each.transport.abort()
    return figures


async def _connected(make: Callable[[], _Client], run: _Run, port: int, clients: int) -> list[_Client]:
    loop = asyncio.get_running_loop()
    made: list[_Client] = []
    async with asyncio.timeout(_BEGIN_WITHIN_S):
        while len(made) < clients:
            now = min(_AT_ONCE, clients - len(made))
            opened = await asyncio.gather(*(loop.create_connection(make, "127.0.0.1", port) for _ in range(now)))
            made += [client for _, client in opened]
            while run.begun < len(made):  # noqa: ASYNC110 - answers come one by one
                await asyncio.sleep(0.005)
    return made


def main(given: list[str]) -> None:
    kind, port, clients, seconds, process = given
    token = sys.stdin.readline().strip()
    figures = uvloop.run(follow(kind, int(port), int(clients), float(seconds), int(process), token))
    print(json.dumps(asdict(figures)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
