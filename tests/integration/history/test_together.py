"""What waits in the spool is told with what is stored, as one history that has both would tell it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.history.base import Buckets, Cursor, Historian, HistoryFullError, HistoryUnavailableError
from stripchart.history.embedded.historian import open_historian
from stripchart.history.grid import Calendar, Unit
from stripchart.history.horizons import Horizon, Horizons
from stripchart.history.spool.historian import SpooledHistorian, open_spooled
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.spool.waiting_samples import WaitingSamples
from stripchart.history.timescale.storing import checked
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.historians import Row, batch_of, batch_of_texts, points, rows_of

DAY_MS = 86_400_000
EVER = (-(10**13), 10**13)
ASKED = points(1, 2, 3)
GRIDS = (7, 1000, DAY_MS, Calendar(Unit.DAY, "Europe/Berlin"))


@asynccontextmanager
async def filling_up(folder: Path) -> AsyncIterator[SpooledHistorian]:
    """A history that can be read and takes two batches: then its disk is full, and all others wait."""
    async with open_historian(folder / "history") as inner:
        taken = inner.append
        left = iter(range(2))

        async def append(batch: SampleBatch) -> None:
            if next(left, None) is None:
                raise HistoryFullError("the disk is full")
            await taken(batch)

        with mock.patch.object(inner, "append", append):
            async with open_spooled(inner, folder / "spool", SpoolOptions(), checked) as spooled:
                yield spooled


def rows(at_ms: st.SearchStrategy[int]) -> st.SearchStrategy[list[Row]]:
    value = st.none() | st.integers(-5, 5).map(float)
    return st.lists(st.tuples(st.integers(1, 3), at_ms, value), max_size=30)


HALF = st.integers(-2 * DAY_MS, 2 * DAY_MS) | st.integers(0, 40)


@settings(max_examples=25, deadline=None)
@given(stored=rows(HALF), waiting=st.lists(rows(HALF), max_size=4), start_ms=HALF, cursor_ms=HALF)
def test_every_question_is_answered_as_if_all_were_stored(
    stored: list[Row], waiting: list[list[Row]], start_ms: int, cursor_ms: int
) -> None:
    batches = [batch_of(*rows) for rows in (stored, [], *waiting)]
    span = start_ms, start_ms + 2 * DAY_MS

    async def compared() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with filling_up(Path(folder)) as some, open_historian(Path(folder) / "whole") as whole:
                for batch in batches:
                    await some.append(batch)
                    await whole.append(batch)
                assert some.health().samples == sum(map(len, waiting))
                await same(some, whole, span, Cursor(cursor_ms, PointId(2)))

    asyncio.run(compared())


async def same(some: Historian, whole: Historian, span: tuple[int, int], after: Cursor) -> None:
    for descending in (False, True):
        for limit in (3, 1000):
            for cursor in (None, after):
                asked = {"limit": limit, "descending": descending, "after": cursor}
                found = await some.read(ASKED, *span, **asked)  # type: ignore[arg-type]
                assert rows_of(found) == rows_of(await whole.read(ASKED, *span, **asked))  # type: ignore[arg-type]
    assert await some.count(ASKED, *span) == await whole.count(ASKED, *span)
    assert rows_of(await some.in_force(ASKED, span[1])) == rows_of(await whole.in_force(ASKED, span[1]))
    assert rows_of(await some.latest()) == rows_of(await whole.latest())
    assert rows_of(await some.reduced(ASKED, *span, 100)) == rows_of(await whole.reduced(ASKED, *span, 100))
    for grid in GRIDS:
        found_buckets, expected = await some.buckets(ASKED, *span, grid), await whole.buckets(ASKED, *span, grid)
        for field in fields(Buckets):
            columns = getattr(found_buckets, field.name), getattr(expected, field.name)
            np.testing.assert_allclose(*columns, err_msg=f"{grid} {field.name}")


async def test_texts_that_wait_are_told_after_those_that_are_stored(tmp_path: Path) -> None:
    async with filling_up(tmp_path) as history:
        for at_ms, text in ((10, "off"), (20, "on"), (30, "on"), (40, "fault")):
            await history.append(batch_of_texts(p7=(at_ms, text)))
        assert history.health().bytes > 0
        assert await history.texts(PointId(7), *EVER) == [(10, "off"), (20, "on"), (40, "fault")]
        assert await history.texts(PointId(7), 25, 40) == [(20, "on")]
        assert await history.texts(PointId(7), 40, 50) == [(40, "fault")]
        assert (await history.latest()).texts == {7: (40, "fault")}


async def test_what_is_behind_a_horizon_or_forgotten_is_not_told_while_it_waits(tmp_path: Path) -> None:
    async with filling_up(tmp_path) as history:
        for at_ms in (10, 20, 30, 40):
            await history.append(batch_of((1, at_ms, 1.0), (2, at_ms, 2.0)))
        await history.retain(Horizons.of(Horizon(35, 35, 35)))
        assert rows_of(await history.read(points(1, 2), *EVER, limit=9)) == [(1, 40, 1.0), (2, 40, 2.0)]
        await history.forget(points(2))
        assert rows_of(await history.read(points(1, 2), *EVER, limit=9)) == [(1, 40, 1.0)]


async def test_what_waits_is_told_after_a_restart_too(tmp_path: Path) -> None:
    for _ in range(2):
        async with filling_up(tmp_path) as history:
            for number in range(4):
                await history.append(batch_of((1, number, float(number))))
            assert len(await history.read(points(1), *EVER, limit=9)) == 4


async def test_a_history_that_cannot_be_read_says_that_samples_wait(tmp_path: Path) -> None:
    async with filling_up(tmp_path) as history:
        for number in range(5):
            await history.append(batch_of((1, number, 1.0)))
        await history._inner.aclose()
        with pytest.raises(HistoryUnavailableError, match="3 by now"):
            await history.read(points(1), *EVER, limit=9)


async def test_a_history_that_does_not_answer_has_samples_wait_on_the_disk(tmp_path: Path) -> None:
    async with open_historian(tmp_path / "history") as inner:
        answers = asyncio.Event()
        taken = inner.append

        async def append(batch: SampleBatch) -> None:
            await answers.wait()
            await taken(batch)

        with (
            mock.patch.object(inner, "append", append),
            mock.patch("stripchart.history.spool.historian._PATIENCE_S", 0.05),
        ):
            async with (
                asyncio.timeout(20),
                open_spooled(inner, tmp_path / "spool", SpoolOptions(), checked) as history,
            ):
                await history.append(batch_of((1, 10, 1.0)))
                assert (history.health().samples, history.health().problem) == (
                    1,
                    "the server did not take samples within 0.05 s",
                )
                answers.set()
                while history.health().samples:  # noqa: ASYNC110 - what waits is counted, not signalled
                    await asyncio.sleep(0.005)
                assert rows_of(await inner.read(points(1), *EVER, limit=9)) == [(1, 10, 1.0)]


def test_only_the_newest_are_in_memory_and_what_is_stored_leaves_it() -> None:
    waiting = WaitingSamples()
    with mock.patch("stripchart.history.spool.waiting_samples.MOST_SAMPLES", 1000):
        for number in range(200):
            at_ms = np.full(50, number)
            waiting.add(
                number, SampleBatch(np.arange(50, dtype=np.int32), at_ms, at_ms * 1.0, np.zeros(50, np.uint8))
            )
        found = waiting.of(None, 0, 1000)
    assert set(range(190, 200)) <= set(found.at_ms.tolist())
    assert len(found) <= 1000
    waiting.drop_up_to(199)
    assert len(waiting.of(None, 0, 1000)) == 0
