"""A thousand pages and two hundred programs follow a server that polls the demo plant beside it."""

import asyncio
import contextlib
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

from bench.api import filled_folder, plant_beside, until_live
from bench.followers import Followed
from bench.report import figure, head
from bench.served import Served, serving
from bench.storing import temporary_folder

_STREAMS, _SOCKETS = 1000, 200
_SECONDS = 20.0


def run(seconds: float = _SECONDS) -> None:
    """Print the figures."""
    head(f"Live values of the demo plant: {_STREAMS} streams and {_SOCKETS} WebSockets, two other processes")
    with temporary_folder() as folder, plant_beside(1) as plant:
        keys = asyncio.run(filled_folder(folder, plant, every_s=1))
        with serving(folder) as served:
            asyncio.run(until_live(served, keys))
            with (
                _following("sse", served, _STREAMS, seconds, keys.token) as streams,
                _following("ws", served, _SOCKETS, seconds, keys.token) as sockets,
            ):
                for each in (streams, sockets):
                    _say(each, "go")
                _print(served, _figures(streams), _figures(sockets))


def _print(served: Served, streams: Followed, sockets: Followed) -> None:
    events, updates = streams.messages / streams.seconds, sockets.updates / sockets.seconds
    figure("streams: events a second", f"{events:,.0f}/s", f">= {0.95 * _STREAMS:,.0f}/s", f"{_mb(streams)} MB/s")
    figure("  fewest events of one, connections lost", f"{streams.fewest} / {streams.lost}", "all served, none lost")
    figure("  updates of devices a second", f"{streams.updates / streams.seconds:,.0f}/s")
    figure("  how late an event is: p50 / p99", f"{streams.p50_ms} / {streams.p99_ms} ms", "p99 < 500 ms")
    figure("WebSockets: updates of devices a second", f"{updates:,.0f}/s", "", f"{_mb(sockets)} MB/s")
    figure(
        "  fewest messages of one, connections lost", f"{sockets.fewest} / {sockets.lost}", "all served, none lost"
    )
    figure("  age of a reading when it comes: p50 / p99", f"{sockets.p50_ms} / {sockets.p99_ms} ms", "p99 < 1 s")
    figure("slow clients: streams / WebSockets", " / ".join(f"{each:.0f}" for each in _slow(served)), "0 / 0")
    figure("processor, polling included", f"{100 * streams.server_s / streams.seconds:.0f} %", "< 100 % of a core")
    figure("memory, highest", f"{served.highest_mb:.0f} MB")


@contextlib.contextmanager
def _following(
    kind: str, served: Served, clients: int, seconds: float, token: str
) -> "Iterator[subprocess.Popen[str]]":
    """Clients that are connected, and wait to be told to go."""
    given = (kind, served.port, clients, seconds, served.process)
    command = [sys.executable, "-m", "bench.followers", *map(str, given)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            _say(process, token)
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            yield process
        finally:
            process.kill()


def _say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _figures(process: "subprocess.Popen[str]") -> Followed:
    assert process.stdout is not None
    return Followed(**json.loads(process.stdout.readline()))


def _slow(served: Served) -> tuple[float, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=30) as answer:
        told = answer.read().decode()
    found = [re.search(rf"^stripchart_{name}_slow_clients_total (\S+)", told, re.M) for name in ("stream", "socket")]
    streams, sockets = (float(each[1]) if each else float("nan") for each in found)
    return streams, sockets


def _mb(followed: Followed) -> str:
    return f"{followed.bytes / followed.seconds / 1e6:.1f}"
