"""The T3000 API of a server that polls: the cache, samples in and out, how often the cache serves, and its memory."""

import asyncio
import json
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from httpx import AsyncClient

from bench.api import Keys, filled_folder, loaded, plant_beside, until_live
from bench.report import figure, head
from bench.served import Served, serving
from bench.storing import temporary_folder
from bench.workload import hundred_points
from stripchart.api.t3000.kept import Cache
from stripchart.catalog.roster import RosterEntry
from stripchart.history.base import Cursor
from stripchart.history.embedded.historian import open_historian
from stripchart.model.device import Device, DeviceId, Framing, LinkAddress, SiteId
from stripchart.model.profile import Profile
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.time import SystemClock
from stripchart.pipeline.eviction import CacheOptions
from stripchart.pipeline.latest import Latest

_SECONDS = 10.0
_DEVICES = 1000
_SAMPLES = 1_000_000
_FIRST_S = 1_735_000_000  # in December 2024, so that the range goes over the end of a year
_AT_ONCE = 20_000
_TIMES = 40
_VIEWERS = 20
_VIEWS = 6
_VIEW_EVERY_S = 5.0


def run(seconds: float = _SECONDS) -> None:
    """Print the figures."""
    with temporary_folder() as folder, plant_beside(1) as plant:
        keys = asyncio.run(filled_folder(folder, plant, every_s=1))
        point = asyncio.run(_with_history(folder))
        head("T3000 API of a server that polls the demo plant, 100 clients in another process")
        with serving(folder) as served:
            asyncio.run(until_live(served, keys))
            _cached(served, keys, seconds)
            asyncio.run(_asked(served, keys, point))
    _memory()


def _cached(served: Served, keys: Keys, seconds: float) -> None:
    for what, path in (
        ("data of a device of 100 points", f"/api/device/{keys.hundred}/data"),
        ("one point", f"/api/device/{keys.hundred}/point/26/0"),
    ):
        took = loaded(served, path, seconds, 0, keys.token)
        figure(f"{what}, as fast as it goes", f"{took.per_s:,.0f}/s", "", f"{took.bytes_each} bytes")
        figure("  for each second of a core", f"{took.answers / took.server_s:,.0f}")
        for rate in (500, 1500):
            took = loaded(served, path, seconds, rate, keys.token)
            others = f"p50 {took.p50_ms} ms"
            figure(f"  at {rate}/s, p95", f"{took.p95_ms} ms", "< 10 ms", others)


async def _with_history(folder: Path) -> int:
    """A point of the plant that got a million samples; its id."""
    async with open_historian(folder / "history") as historian:
        values = np.random.default_rng(7).normal(400, 20, _SAMPLES).round(1)
        times = (_FIRST_S + np.arange(_SAMPLES, dtype=np.int64)) * 1000
        for first in range(0, _SAMPLES, 100_000):
            some = slice(first, first + 100_000)
            point = np.full(100_000, 1, np.int32)
            await historian.append(SampleBatch(point, times[some], values[some], np.zeros(100_000, np.uint8)))
    async with open_historian(folder / "history") as historian:
        began_s, found, after = time.perf_counter(), 0, None
        while True:
            batch = await historian.read([PointId(1)], 0, 2**60, limit=_AT_ONCE, after=after)
            if not len(batch):
                break
            found, after = found + len(batch), Cursor(int(batch.at_ms[-1]), PointId(1))
        head("Samples of a point, in process")
        speed = f"{found / (time.perf_counter() - began_s):,.0f}/s"
        figure(f"range of {found:,} samples, {_AT_ONCE:,} at a time", speed, ">= 1,000,000/s")
    return 1


async def _asked(served: Served, keys: Keys, point: int) -> None:
    headers = {"Authorization": f"Bearer {keys.access}", "Accept-Encoding": "identity"}
    address = f"http://127.0.0.1:{served.port}"
    async with AsyncClient(headers=headers, base_url=address, trust_env=False, timeout=120) as client:
        where = await _place_of(client, point)
        path = f"/api/timeseries/{where['device_id']}/{where['point_type']}/{where['point_number']}"
        await _ranges(client, path)
        rows = [
            {**where, "value": n / 7, "timestamp": _FIRST_S - 10_000_000 + n, "data_type": "analog"}
            for n in range(1000)
        ]
        body, kind = json.dumps(rows), {"Content-Type": "application/json"}
        took = await _median_ms(lambda: client.post("/api/timeseries/batch", content=body, headers=kind))
        figure("batch of 1000 samples, stored", f"{took:.1f} ms", "< 20 ms")
        await _hits(client)


async def _place_of(client: AsyncClient, point: int) -> dict[str, Any]:
    for device in (await client.get("/api/devices")).json():
        for each in (await client.get(f"/api/monitoring-points/{device['id']}")).json()["data"]:
            if each["id"] == point:
                return {name: each[name] for name in ("device_id", "point_type", "point_number")}
    raise AssertionError(f"no device has point {point}")


async def _ranges(client: AsyncClient, path: str) -> None:
    short = f"{path}?start_time={_FIRST_S}&end_time={_FIRST_S + 999}"
    took = await _median_ms(lambda: client.get(short))
    figure("1000 samples of a point", f"{took:.1f} ms", "< 20 ms")
    hours = f"{path}?start_time={_FIRST_S}&end_time={_FIRST_S + _SAMPLES}&interval_seconds=3600"
    took = await _median_ms(lambda: client.get(hours))
    figure(f"{_SAMPLES:,} samples in hours", f"{took:.1f} ms")
    for what, encoding in (("", "identity"), (", packed", "gzip")):
        began_s, size = time.perf_counter(), 0
        asked = {"start_time": _FIRST_S, "end_time": _FIRST_S + _SAMPLES}
        async with client.stream("GET", path, params=asked, headers={"Accept-Encoding": encoding}) as answer:
            assert answer.status_code == 200
            async for piece in answer.aiter_raw():
                size += len(piece)
        speed = _SAMPLES / (time.perf_counter() - began_s)
        goal = "" if what else ">= 200,000/s"
        figure(f"{_SAMPLES:,} samples over HTTP{what}", f"{speed:,.0f}/s", goal, f"{size / 1e6:.0f} MB")


async def _median_ms(ask: Callable[[], Awaitable[Any]]) -> float:
    took_s = []
    for _ in range(_TIMES):
        began_s = time.perf_counter()
        answer = await ask()
        took_s.append(time.perf_counter() - began_s)
        assert answer.status_code == 200, answer.text
    return 1000 * float(np.median(took_s))


async def _hits(client: AsyncClient) -> None:
    """Viewers who look at every point of every device, each one by itself, every few seconds."""
    points = [
        f"/api/device/{each['device_id']}/point/{each['point_type']}/{each['point_number']}"
        for device in (await client.get("/api/devices")).json()
        for each in (await client.get(f"/api/monitoring-points/{device['id']}")).json()["data"]
    ]
    hits = asked = 0
    began_s = time.perf_counter()
    for view in range(_VIEWS):
        hits += sum(await asyncio.gather(*(_viewed(client, points[n::_VIEWERS]) for n in range(_VIEWERS))))
        asked += len(points)
        await asyncio.sleep(max(0.0, began_s + (view + 1) * _VIEW_EVERY_S - time.perf_counter()))
    figure(f"cache hit rate, {len(points)} points of the demo plant", f"{hits / asked:.2%}", ">= 95 %")
    figure(f"  each of them {_VIEWS} times, in", f"{time.perf_counter() - began_s:.0f} s")


async def _viewed(client: AsyncClient, paths: list[str]) -> int:
    """How many of the points came from the cache."""
    answers = [await client.get(path) for path in paths]
    return sum(answer.json()["source"] == "cache" for answer in answers)


def _memory() -> None:
    """What the newest values of many devices take, with the answers that are kept of them."""
    head(f"Cache of {_DEVICES} devices of 100 points, all of them asked for")
    profile, clock = hundred_points(), SystemClock()
    entries = [_entry(profile, number) for number in range(_DEVICES)]
    tracemalloc.start()
    latest, ids = Latest(), np.arange(100 * _DEVICES, dtype=np.int32)
    values = np.random.default_rng(7).normal(400, 20, len(ids))
    latest.declare(ids, np.full(len(ids), 600_000))
    latest.update(SampleBatch(ids, np.full(len(ids), clock.now_ms()), values, np.zeros(len(ids), np.uint8)))
    parts: Any = SimpleNamespace(
        pipeline=SimpleNamespace(latest=latest), clock=clock, data=SimpleNamespace(cache=CacheOptions())
    )
    cache = Cache(parts)
    for entry in entries:
        assert cache.device(entry).packed
        assert cache.point(entry, 0) is not None
    figure("newest values", f"{latest.size_bytes / 1e6:.1f} MB")
    figure("  with answers, at the most", f"{tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB", "< 100 MB")
    tracemalloc.stop()


def _entry(profile: Profile, number: int) -> RosterEntry:
    device = Device(
        id=DeviceId(number + 1),
        site_id=SiteId(1),
        name=f"Bench {number}",
        link=LinkAddress(Framing.TCP, "127.0.0.1", 502),
        unit_id=1,
        profile=profile.key,
        interval_s=1.0,
    )
    ids = np.arange(100 * number, 100 * (number + 1), dtype=np.int32)
    place_of = {point.key: place for place, point in enumerate(profile.points)}
    return RosterEntry(device, profile, profile.points, ids, place_of, np.empty(0, np.intp))
