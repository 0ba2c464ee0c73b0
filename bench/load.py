"""Clients that keep a server busy, in a process of their own.

`python -m bench.load PORT PATH CLIENTS SECONDS RATE PROCESS`: the token comes on standard input, the figures leave on
standard output as JSON. RATE 0: each client asks again as soon as it has its answer. Otherwise so many requests a
second fall due at even steps, whatever became of those before; one that finds no client free waits, and that counts.
PROCESS is the server's, whose use of processors is told too.
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import uvloop

_WARM_UP_S = 2.0
_CONTENT_LENGTH = b"content-length: "
_END = b"\r\n\r\n"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    """`answers` in `seconds`; times to the last byte of an answer in milliseconds; `statuses`: how many of each.

    `server_s`: seconds of processors that the server took, for all that it did.
    """

    answers: int
    seconds: float
    server_s: float
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    bytes_each: int
    statuses: dict[str, int]

    @property
    def per_s(self) -> float:
        return self.answers / self.seconds


@dataclass(slots=True)
class _Run:
    """What all clients share."""

    request: bytes
    paced: bool
    idle: deque["_Client"] = field(default_factory=deque)
    due_s: deque[float] = field(default_factory=deque)
    took_s: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    received: int = 0

    def free(self, client: "_Client") -> None:
        """A client has its answer, and takes what falls due first."""
        if not self.paced:
            client.ask(time.perf_counter())
        elif self.due_s:
            client.ask(self.due_s.popleft())
        else:
            self.idle.append(client)

    def ask(self, due_s: float) -> None:
        if self.idle:
            self.idle.popleft().ask(due_s)
        else:
            self.due_s.append(due_s)

    def begin(self) -> None:
        self.took_s.clear()
        self.statuses.clear()
        self.received = 0


class _Client(asyncio.Protocol):
    """One connection, one request at a time. Reads of the answer only what it must: status and length."""

    def __init__(self, run: _Run) -> None:
        self._run, self._asked_s, self._left, self._head = run, 0.0, 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._run.free(self)

    def ask(self, due_s: float) -> None:
        self._asked_s = due_s
        self._transport.write(self._run.request)

    def data_received(self, data: bytes) -> None:
        if not self._left:
            data = self._head + data
            end = data.find(_END)
            if end < 0:
                self._head = data
                return
            self._head = b""
            self._run.statuses[data[9:12].decode()] += 1
            place = data.find(_CONTENT_LENGTH) + len(_CONTENT_LENGTH)
            self._left = end + len(_END) + int(data[place : data.find(b"\r", place)])
        self._left -= len(data)
        self._run.received += len(data)
        if not self._left:
            self._run.took_s.append(time.perf_counter() - self._asked_s)
            self._run.free(self)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be asked, how often, and of whom."""

    port: int
    path: str
    clients: int
    seconds: float
    rate: float
    process: int


async def load(task: Task, token: str) -> Figures:
    """Ask, after a warm-up, for so long."""
    request = f"GET {task.path} HTTP/1.1\r\nHost: 127.0.0.1:{task.port}\r\nAuthorization: Bearer {token}\r\n\r\n"
    run, loop = _Run(request.encode(), task.rate > 0), asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: _Client(run), "127.0.0.1", task.port) for _ in range(task.clients)]
    pacing = asyncio.create_task(_paced(run, task.rate)) if task.rate else None
    await asyncio.sleep(_WARM_UP_S)
    run.begin()
    began_s, before_s = time.perf_counter(), cpu_s(task.process)
    await asyncio.sleep(task.seconds)
    figures = _figures(run, time.perf_counter() - began_s, cpu_s(task.process) - before_s)
    if pacing:
        pacing.cancel()
    for transport, _ in made:
        transport.abort()
    return figures


def cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _paced(run: _Run, rate: float) -> None:
    began_s, number = time.perf_counter(), 0
    while True:
        due_s = began_s + number / rate
        wait_s = due_s - time.perf_counter()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        run.ask(due_s)
        number += 1


def _figures(run: _Run, took_s: float, server_s: float) -> Figures:
    took_ms = 1000 * np.array(run.took_s or [0.0])
    p50, p95, p99 = (round(float(each), 2) for each in np.percentile(took_ms, [50, 95, 99]))
    count = len(run.took_s)
    return Figures(
        answers=count,
        seconds=took_s,
        server_s=server_s,
        mean_ms=round(float(took_ms.mean()), 2),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        bytes_each=run.received // max(1, count),
        statuses=dict(run.statuses),
    )


def main(given: list[str]) -> None:
    port, path, clients, seconds, rate, process = given
    task = Task(int(port), path, int(clients), float(seconds), float(rate), int(process))
    print(json.dumps(asdict(uvloop.run(load(task, sys.stdin.readline().strip())))))


if __name__ == "__main__":
    main(sys.argv[1:])
