"""A database that goes away, comes back and is killed while samples go on to it: none lost, none there twice."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import numpy as np
import pytest

from stripchart.history.base import HistoryUnavailableError
from stripchart.history.spool.historian import SpooledHistorian, open_spooled
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.timescale.historian import open_historian
from stripchart.history.timescale.options import ServerOptions
from stripchart.history.timescale.storing import checked
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.historians import batch_of, batch_of_texts, points, rows_of
from tests.servers.postgres import Postgres

POINTS = 500
EVER = (-(10**15), 10**15)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    started = Postgres()
    started.start()
    try:
        started.make_database("plant")
        yield started
    finally:
        started.remove()


@asynccontextmanager
async def opened(server: Postgres, folder: Path) -> AsyncIterator[SpooledHistorian]:
    options = ServerOptions(server.url("plant"), connect_s=5, answer_s=20, care_every_s=600)
    async with open_historian(options) as inner, open_spooled(inner, folder, SpoolOptions(), checked) as spooled:
        yield spooled


def batch(number: int) -> SampleBatch:
    at_ms, value = np.full(POINTS, number * 1000), np.full(POINTS, float(number))
    return SampleBatch(np.arange(POINTS, dtype=np.int32), at_ms, value, np.zeros(POINTS, np.uint8))


async def all_forwarded(historian: SpooledHistorian) -> None:
    await until(lambda: not historian.health().samples and not historian.health().problem)


def is_at_most(historian: SpooledHistorian, bound: int) -> bool:
    return historian.health().samples <= bound


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(90):
        while not is_so():  # noqa: ASYNC110 - what waits is counted, not signalled
            await asyncio.sleep(0.001)


async def stored(server: Postgres, first: int) -> list[tuple[int, int, float]]:
    """Of every batch from the number on: its number, how many samples there are of it, and what they say."""
    connection = await asyncpg.connect(server.url("plant"))
    try:
        rows = await connection.fetch(
            "SELECT (extract(epoch FROM at))::int AS number, count(*), avg(value) FROM history.sample "
            "WHERE at >= to_timestamp($1) GROUP BY 1 ORDER BY 1",
            first,
        )
    finally:
        await connection.close()
    return [tuple(row) for row in rows]


async def test_while_the_database_is_away_samples_wait_and_go_on_in_order(server: Postgres, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as historian:
        await historian.append(batch(0))
        assert historian.health().samples == 0
        server.stop()
        for number in range(1, 40):
            await historian.append(batch(number))
        await historian.append(batch_of_texts(p900=(1, "off")))
        await historian.append(batch_of_texts(p900=(2, "on")))
        await historian.append(batch_of((7, 3000, 99.0)))
        away = historian.health()
        assert away.samples == 39 * POINTS + 1
        assert away.problem is not None
        assert away.since_ms is not None
        assert away.bytes > 0
        with pytest.raises(HistoryUnavailableError, match="cannot be used"):
            await historian.read(points(1), *EVER, limit=1)
        server.start()
        await all_forwarded(historian)
        assert historian.health().forwarded == 39 * POINTS + 1
        # It may still go behind what was forwarded last.
        await historian.append(batch(40))
        await all_forwarded(historian)
        assert await stored(server, 4) == [(number, POINTS, number) for number in range(4, 41)]
        assert rows_of(await historian.read(points(7), 2000, 4001, limit=9)) == [
            (7, 2000, 2.0),
            (7, 3000, 99.0),
            (7, 4000, 4.0),
        ]
        assert await historian.texts(PointId(900), *EVER) == [(1, "off"), (2, "on")]
        assert (await historian.stats()).samples == 41 * POINTS


async def test_killed_while_they_go_on_none_is_lost_and_none_is_there_twice(server: Postgres, tmp_path: Path) -> None:
    first, last = 100_000, 100_400
    async with opened(server, tmp_path) as historian:
        before = (await historian.stats()).samples
        server.stop()
        for number in range(first, last):
            await historian.append(batch(number))
        for _ in range(2):
            bound = historian.health().samples - 50_000
            server.start()
            await until(partial(is_at_most, historian, bound))
            # As a crash: every process of the server is killed at once, whatever it is doing.
            server.stop(signal.SIGQUIT)
        assert historian.health().samples > 0
        await historian.append(batch(last))
    # What waits is there when the program starts again.
    server.start()
    async with opened(server, tmp_path) as historian:
        await all_forwarded(historian)
        assert await stored(server, first) == [(number, POINTS, number) for number in range(first, last + 1)]
        assert (await historian.stats()).samples - before == (last + 1 - first) * POINTS


async def test_a_batch_that_nobody_can_store_is_refused_and_does_not_wait(server: Postgres, tmp_path: Path) -> None:
    async with opened(server, tmp_path) as historian:
        with pytest.raises(ValueError, match="years 1 to 9999"):
            await historian.append(batch_of((1, 10**15, 1.0)))
        assert historian.health().samples == 0
        assert historian.health().problem is None


async def test_a_second_program_may_not_use_the_same_spool(server: Postgres, tmp_path: Path) -> None:
    async with opened(server, tmp_path):
        with pytest.raises(HistoryUnavailableError, match="in use by process"):
            async with opened(server, tmp_path):
                pass
