"""Ten million rows out of a server, as CSV, Parquet and in the wide form: how fast, and in how much memory."""

import asyncio
import http.client
import time
from pathlib import Path

import numpy as np

from bench.reference import EVERY_MS, START_MS, reference_values
from bench.report import figure, head
from bench.served import filling, serving
from bench.storing import temporary_folder
from stripchart.api.parts import Parts
from stripchart.model.device import DeviceId
from stripchart.model.sample import SampleBatch

_POINTS = 100
_SAMPLES = 100_000
_TIMES_AT_ONCE = 1000
_PIECE_BYTES = 1 << 20
_DEVICE = {"name": "Bench", "link": "tcp://127.0.0.1:1", "unit_id": 1, "profile": "bench", "interval_s": 10}


def run(samples: int = _SAMPLES) -> None:
    """Print the figures, for so many samples of each of 100 points."""
    head(f"Export of {_POINTS} points x {samples} samples by a server, over HTTP")
    with temporary_folder() as folder:
        token = asyncio.run(_filled(folder, samples))
        for what, query in (("CSV", ""), ("CSV, wide", "&layout=wide"), ("Parquet", "&format=parquet")):
            with serving(folder) as served:
                before_mb = served.highest_mb
                took_s, size = _taken(served.port, token, query)
                rows = samples * _POINTS
                figure(what, f"{rows / took_s:,.0f} samples/s", "", f"{size / 1e6:,.0f} MB")
                goal = "<= 150 MB" if what == "CSV" else ""
                figure("  memory, highest", f"{served.highest_mb:.0f} MB", goal, f"{before_mb:.0f} MB before")


async def _filled(folder: Path, samples: int) -> str:
    """A token for a server with one device."""
    async with filling(folder, _profile()) as filled:
        answer = await filled.client.post("/api/devices", json={**_DEVICE, "enabled": False})
        await _append(filled.parts, DeviceId(answer.json()["id"]), samples)
        return filled.token


async def _append(parts: Parts, device: DeviceId, samples: int) -> None:
    entry = parts.roster.get(device)
    assert entry is not None
    values = reference_values(_POINTS, samples)
    for first in range(0, samples, _TIMES_AT_ONCE):
        some = values[first : first + _TIMES_AT_ONCE]
        at_ms = START_MS + (first + np.arange(len(some), dtype=np.int64)) * EVERY_MS
        ids, good = np.tile(entry.point_ids, len(some)), np.zeros(some.size, np.uint8)
        await parts.historian.append(SampleBatch(ids, np.repeat(at_ms, _POINTS), some.ravel(), good))


def _profile() -> str:
    points = "\n".join(f"  - {{key: p{n}, name: P{n}, address: {n}, type: int16, unit: kW}}" for n in range(_POINTS))
    return f"profile: bench\nname: {{en: Bench}}\nkind: bench\ngroups: {{values: Values}}\npoints:\n{points}\n"


def _taken(port: int, token: str, query: str) -> tuple[float, int]:
    """Seconds and bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began, size = time.perf_counter(), 0
    connection.request("GET", f"/api/export/device/1?zone=UTC{query}", headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    while content := answer.read(_PIECE_BYTES):
        size += len(content)
    connection.close()
    return time.perf_counter() - began, size
