"""The history in PostgreSQL: what goes in, what waits and goes on, how it grows, and how long queries take.

A PostgreSQL of its own is started, with fsync as in production. STRIPCHART_TEST_TIMESCALE_URL names a TimescaleDB to
measure too; its history must be empty.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from httpx import ASGITransport, AsyncClient
from tests.owner import owner_token
from tests.servers.postgres import Postgres
from tests.servers.running import GIVEN_TIMESCALE

from bench.report import figure, head
from stripchart.api.app import build_api
from stripchart.api.parts import Parts
from stripchart.catalog.records import NewDevice, NewSite
from stripchart.history.spool.historian import open_spooled
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.spool.spool import Spool
from stripchart.history.timescale.historian import ServerHistorian, open_historian
from stripchart.history.timescale.options import ServerOptions
from stripchart.history.timescale.storing import checked
from stripchart.model.device import parse_link
from stripchart.model.sample import PointId, PointIds, SampleBatch
from stripchart.runtime.running import running
from stripchart.settings import Settings

DEVICES, REGISTERS, EVERY_S = 30, 100, 5
ROWS, ROWS_LONG = 3_000_000, 50_000_000
_DAY_MS = 86_400_000
_DURABLE = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "512MB", "max_wal_size": "4GB"}


def run(*, long: bool) -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as another user, and must get to its own folder in there.
        server = Postgres(_DURABLE, Path(folder))
        server.start()
        try:
            url = server.make_database("plant")
            head(f"plain PostgreSQL: {DEVICES} devices x {REGISTERS} registers every {EVERY_S} s")
            asyncio.run(_measure(url, Path(folder), ROWS_LONG if long else ROWS))
        finally:
            server.remove()
        if GIVEN_TIMESCALE in os.environ:
            head("TimescaleDB, the same")
            asyncio.run(_measure(os.environ[GIVEN_TIMESCALE], Path(folder) / "timescale", ROWS))


async def _measure(url: str, folder: Path, rows: int) -> None:
    settings = Settings(data_dir=folder / "data", database_url=url)
    settings.profiles_folder.mkdir(parents=True)
    (settings.profiles_folder / "relay.yaml").write_text(_profile(), encoding="utf-8")
    async with _program(settings) as (_, _, points):
        pass
    async with open_historian(ServerOptions(url, care_every_s=3600)) as historian:
        end_ms = time.time_ns() // 1_000_000 // 1000 * 1000
        await _polls(historian, points, end_ms - 2 * _DAY_MS)
        await _drain(url, folder / "spool", points, end_ms - _DAY_MS)
        await _fill(historian, points, end_ms, rows)
        await _roll_up(historian)
        figures = await historian.figures()
        each = figures.bytes_per_sample or 0.0
        per_day = each * DEVICES * REGISTERS * _DAY_MS / 1000 / EVERY_S
        figure("size", f"{each:.0f} B a sample", "", f"{per_day / 1e9:.2f} GB a day")
        ratio = figures.compression_ratio
        figure("chunks or partitions", f"{figures.chunks}", "", f"ratio {ratio:.1f}" if ratio else "no compression")
        await _queries(historian, points, end_ms)
    async with _program(settings) as (parts, devices, _):
        transport = ASGITransport(build_api(parts))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            client.headers["Authorization"] = f"Bearer {await owner_token(parts)}"
            await _over_http(client, devices, end_ms, figures.samples)


async def _polls(historian: ServerHistorian, points: PointIds, start_ms: int) -> None:
    """What a device's poll of a hundred registers takes to be stored by itself, six of which come each second."""
    took: list[float] = []
    for number in range(600):
        own = points.reshape(DEVICES, REGISTERS)[number % DEVICES]
        began = time.perf_counter()
        await historian.append(_at(own, start_ms + number // DEVICES * 1000 * EVERY_S, number))
        took.append(time.perf_counter() - began)
    low, high, highest = 1000 * np.percentile(took, (50, 95, 99))
    share = np.mean(took) * DEVICES / EVERY_S
    figure("a poll stored by itself, p50 p95 p99", f"{low:.1f} {high:.1f} {highest:.1f} ms", "")
    figure("the load of 600 rows/s takes of the writer", f"{100 * share:.1f} %", "100 %")


async def _drain(url: str, folder: Path, points: PointIds, start_ms: int) -> None:
    """A spool as it is after ten minutes without a database, forwarded."""
    spool = Spool(folder, SpoolOptions())
    batches = [_at(points, start_ms + number * 1000, number) for number in range(300)]
    began = time.perf_counter()
    for batch in batches:
        spool.put(batch)
    waiting = spool.samples
    figure("put into the spool, each batch synced", f"{waiting / (time.perf_counter() - began):,.0f} rows/s")
    spool.close()
    began = time.perf_counter()
    async with (
        open_historian(ServerOptions(url, care_every_s=3600)) as historian,
        open_spooled(historian, folder, SpoolOptions(), checked) as spooled,
    ):
        while spooled.health().samples:  # noqa: ASYNC110 - what waits is counted, not signalled
            await asyncio.sleep(0.005)
    figure("drained", f"{waiting / (time.perf_counter() - began):,.0f} rows/s", ">= 50,000 rows/s")


async def _fill(historian: ServerHistorian, points: PointIds, end_ms: int, rows: int) -> None:
    """So many rows up to the end, in batches of about ten thousand."""
    times = rows // len(points)
    began, stored = time.perf_counter(), 0
    for low in range(0, times, 4):
        some = range(low, min(low + 4, times))
        batch = [_at(points, end_ms - (times - number) * 1000 * EVERY_S, number) for number in some]
        await historian.append(SampleBatch.joined(batch))
        stored += len(some) * len(points)
    figure(f"ingest of {stored:,} rows by COPY", f"{stored / (time.perf_counter() - began):,.0f} rows/s")


async def _roll_up(historian: ServerHistorian) -> None:
    """What is due at night, and would else be done while queries are measured."""
    began = time.perf_counter()
    await historian.care.look_after()
    figure("days that are over rolled up in", f"{time.perf_counter() - began:.1f} s")


async def _queries(historian: ServerHistorian, points: PointIds, end_ms: int) -> None:
    ids = [PointId(point) for point in points.tolist()]

    async def day(number: int) -> object:
        return await historian.read([ids[number * 37 % len(ids)]], end_ms - _DAY_MS, end_ms, limit=20_000)

    async def hours(number: int) -> object:
        return await historian.buckets([ids[number * 41 % len(ids)]], end_ms - _DAY_MS, end_ms, 3_600_000)

    async def newest(number: int) -> object:
        return await historian.in_force(ids[number % DEVICES * REGISTERS :][:REGISTERS], end_ms)

    await _show("one point, its samples of a day", day)
    await _show("one point, a day by hours", hours)
    await _show("the newest of a device's 100 registers", newest)


async def _over_http(client: AsyncClient, devices: list[int], end_ms: int, rows: int) -> None:
    end = str(np.datetime64(end_ms, "ms")) + "Z"
    start = str(np.datetime64(end_ms - 3_600_000, "ms")) + "Z"

    async def ask(path: str, **query: object) -> None:
        answer = await client.get(f"/api/register_readings/{path}", params=query)  # type: ignore[arg-type]
        assert answer.json()["count"] > 0, answer.text

    async def latest(number: int) -> None:
        await ask(f"latest/{devices[number % DEVICES]}")

    async def series(number: int) -> None:
        register = number * 7 % REGISTERS
        await ask(f"{devices[number % DEVICES]}/{register}", start_time=start, end_time=end, limit=1000)

    async def of_device(number: int) -> None:
        await ask(f"{devices[number % DEVICES]}", start_time=start, end_time=end, limit=1000)

    async def of_all(_: int) -> None:
        await ask("range", start_time=start, end_time=end, limit=1000)

    goal = "p95 < 100 ms on 50 M rows"
    print(f"  register_readings over HTTP, {rows:,} rows")
    await _show("latest/{device}", latest, goal)
    await _show("{device}/{register}, an hour", series, goal)
    await _show("{device}, the first 1000 of an hour", of_device, goal)
    await _show("range, the first 1000 of all 3000 registers", of_all, goal)


async def _show(what: str, ask: Callable[[int], Awaitable[object]], goal: str = "") -> None:
    took = []
    for number in range(100):
        began = time.perf_counter()
        await ask(number)
        took.append(time.perf_counter() - began)
    low, high, highest = 1000 * np.percentile(took, (50, 95, 99))
    figure(f"{what}, p50 p95 p99", f"{low:.1f} {high:.1f} {highest:.1f} ms", goal)


def _at(points: PointIds, at_ms: int, number: int) -> SampleBatch:
    value = np.round(400 + np.sin(number / 50 + points / 7) * 10, 2)
    return SampleBatch(points, np.full(len(points), at_ms), value, np.zeros(len(points), np.uint8))


def _profile() -> str:
    points = "\n".join(
        f"  - {{key: r{number}, name: Register {number}, address: {number}, type: uint16, unit: A}}"
        for number in range(REGISTERS)
    )
    return (
        "profile: relay\nname: {en: Relay}\nkind: meter\ninterval_s: 5\noverview: [r0]\ngroups: {values: Values}\n"
        f"points:\n{points}\n"
    )


@asynccontextmanager
async def _program(settings: Settings) -> AsyncIterator[tuple[Parts, list[int], PointIds]]:
    """The program with its devices, which are not polled, and the ids of those and of their points."""
    async with running(settings) as parts:
        if not parts.roster.all():
            site = await parts.catalog.add_site(NewSite(code="B", name="Bench"))
            for number in range(DEVICES):
                link = parse_link("tcp://127.0.0.1:502")
                new = NewDevice(
                    site_id=site.id,
                    name=f"Relay {number}",
                    link=link,
                    unit_id=number + 1,
                    profile="relay",
                    interval_s=EVERY_S,
                    enabled=False,
                )
                await parts.catalog.add_device(new)
            await parts.changed()
        entries = sorted(parts.roster.all(), key=lambda entry: entry.device.id)
        yield parts, [entry.device.id for entry in entries], np.concatenate([e.point_ids for e in entries])
