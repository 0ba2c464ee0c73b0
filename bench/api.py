"""A hundred clients ask a server that polls the demo plant beside it."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from httpx import AsyncClient

from bench.load import Figures, Task
from bench.report import figure, head
from bench.served import Filling, Served, filling, serving
from bench.storing import temporary_folder
from bench.workload import hundred_points_as_file

_CLIENTS = 100
_DEVICES = 1000
_SECONDS = 10.0
_CHECKS = 20_000
_PATIENCE_S = 60.0

Plant = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keys:
    """`token` is one of a program, `access` that of somebody signed in; `hundred`: a device of 100 points."""

    token: str
    access: str
    hundred: int


def run(seconds: float = _SECONDS) -> None:
    """Print the figures."""
    head(f"API of a server that polls the demo plant, {_CLIENTS} clients in another process")
    with temporary_folder() as folder, plant_beside(1) as plant:
        keys = asyncio.run(filled_folder(folder, plant, every_s=1))
        with serving(folder) as served:
            asyncio.run(until_live(served, keys))
            _newest(served, keys, seconds)
    head(f"API of a server that polls the demo plant and {_DEVICES} devices of 100 points each minute")
    with temporary_folder() as folder, plant_beside(_DEVICES) as plant:
        keys = asyncio.run(filled_folder(folder, plant, every_s=60))
        with serving(folder) as served:
            asyncio.run(until_live(served, keys))
            _list(served, keys, seconds)


def _newest(served: Served, keys: Keys, seconds: float) -> None:
    path = f"/api/devices/{keys.hundred}/latest"
    for who, token in (("signed in", keys.access), ("with a token", keys.token)):
        took = loaded(served, path, seconds, 0, token)
        figure(f"latest of 100 points, {who}", f"{took.answers / took.seconds:,.0f}/s", ">= 5,000/s")
        figure("  for each second of a core", f"{took.answers / took.server_s:,.0f}", "", f"{took.bytes_each} bytes")
    took = loaded(served, path, seconds, 1500, keys.access)
    figure("latest of 100 points at 1,500/s: p95", f"{took.p95_ms} ms", "< 10 ms")
    others = f"{took.mean_ms} / {took.p50_ms} / {took.p99_ms} ms"
    figure("  mean / p50 / p99, processor", others, "", f"{100 * took.server_s / took.seconds:.0f} %")
    figure("memory, highest", f"{served.highest_mb:.0f} MB")


def _list(served: Served, keys: Keys, seconds: float) -> None:
    """A hundred pages that look every ten seconds, then every five."""
    for rate in (10, 20):
        took = loaded(served, "/api/devices", seconds, rate, keys.access)
        figure(
            f"list of {_DEVICES} devices at {rate}/s: p95", f"{took.p95_ms} ms", "< 50 ms", f"{took.p50_ms} ms p50"
        )
        each_ms = 1000 * took.server_s / max(1, took.answers)
        figure("  processor for each, polling included", f"{each_ms:.1f} ms", "", f"{took.bytes_each} bytes")
    figure("memory, highest", f"{served.highest_mb:.0f} MB")


def loaded(served: Served, path: str, seconds: float, rate: float, token: str) -> Figures:
    """What a hundred clients saw, who all asked for the same."""
    task = Task(served.port, path, _CLIENTS, seconds, rate, served.process)
    command = [sys.executable, "-m", "bench.load", *(str(each) for each in asdict(task).values())]
    done = subprocess.run(command, input=token + "\n", stdout=subprocess.PIPE, text=True, check=True)
    figures = Figures(**json.loads(done.stdout))
    assert figures.statuses.keys() == {"200"}, figures
    return figures


async def filled_folder(folder: Path, plant: Plant, every_s: int) -> Keys:
    """A data folder with all devices of the plant; how long a check of a token takes is measured on the way."""
    async with filling(folder, hundred_points_as_file()) as filled:
        _check_tokens(filled)
        sites = [await _added(filled.client, "/api/sites", each) for each in plant["demo"]["sites"]]
        site_ids = {site["code"]: site["id"] for site in sites}
        for each in plant["demo"]["devices"]:
            await _added(filled.client, "/api/devices", {**each, "site_id": site_ids[each["site"]]})
        bench = {"unit_id": 1, "profile": "bench", "interval_s": every_s, "site_id": sites[0]["id"]}
        for port in plant["ports"]:
            device = {**bench, "name": f"Bench {port}", "link": f"tcp://127.0.0.1:{port}"}
            made = await _added(filled.client, "/api/devices", device)
        return Keys(filled.token, filled.access, made["id"])


def _check_tokens(filled: Filling) -> None:
    doors = filled.parts.doors.authenticator
    for who, token in (("signed in", filled.access), ("with a token", filled.token)):
        began_s = time.perf_counter()
        for _ in range(_CHECKS):
            doors.principal(token)
        each_ms = 1000 * (time.perf_counter() - began_s) / _CHECKS
        figure(f"check of who asks, {who}", f"{each_ms:.4f} ms", "< 0.1 ms")


async def _added(client: AsyncClient, path: str, what: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json={name: value for name, value in what.items() if name != "site"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def until_live(served: Served, keys: Keys) -> None:
    """Until every device has answered."""
    headers = {"Authorization": f"Bearer {keys.access}"}
    async with asyncio.timeout(_PATIENCE_S), AsyncClient(headers=headers, trust_env=False) as client:
        while True:
            answer = await client.get(f"http://127.0.0.1:{served.port}/api/devices")
            if all(device["status"] == "online" for device in answer.json()):
                return
            await asyncio.sleep(0.5)


@contextlib.contextmanager
def plant_beside(count: int) -> Iterator[Plant]:
    """The demo plant, and a fleet of so many devices of 100 points."""
    command = [sys.executable, "-m", "bench.plant", str(count), "demo"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait()
