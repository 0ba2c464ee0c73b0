"""Whatever is appended, let go, sealed, merged, closed and opened, in any order: the answers are a dictionary's.

A state machine draws what happens next. What it asks for, it asks at once, whatever goes on in the background.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from stripchart.history.base import Buckets, Cursor
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.history.grid import Calendar, Grid, Unit, edges_of
from stripchart.history.horizons import Horizon
from stripchart.model.quality import FIRST_BAD, Quality
from stripchart.model.sample import PointId, SampleBatch
from tests.integration.history.remembered import HOUR_MS, MINUTE_MS, Bucket, Remembered, Row, Span

NEW_YEAR_MS = 1_767_225_600_000
HOURS = 60
BEGIN_MS = NEW_YEAR_MS - HOURS // 2 * HOUR_MS
END_MS = BEGIN_MS + HOURS * HOUR_MS
POINTS = (3, 5, 1023, 1024, 5000)
STRING_POINTS = (7, 8)
QUALITIES = [Quality.GOOD] * 5 + [Quality.UNCERTAIN_STALE, Quality.BAD_COMM]

_Result = TypeVar("_Result")

some_points = st.lists(st.sampled_from(POINTS), min_size=1, max_size=3)
seeds = st.integers(0, 2**32 - 1)
hours = st.integers(0, HOURS)
times = st.integers(0, HOURS * 60).map(lambda minute: BEGIN_MS + minute * MINUTE_MS) | st.integers(
    BEGIN_MS - 5, END_MS
)
spans = st.just((-(10**15), 10**15)) | st.tuples(times, times)
grids: st.SearchStrategy[Grid] = st.sampled_from(
    [
        *(1000, 7000, MINUTE_MS, 7 * MINUTE_MS, HOUR_MS, 5 * HOUR_MS, 24 * HOUR_MS, 10**12),
        *(Calendar(Unit.DAY, "Europe/Berlin"), Calendar(Unit.HOUR, "Asia/Kolkata"), Calendar(Unit.YEAR, "UTC")),
    ]
)


class AnyHistory(RuleBasedStateMachine):
    """A historian in a folder of its own, and what it should remember."""

    @initialize(head_samples=st.sampled_from([20, 700, 6000, 100_000]))
    def begin(self, head_samples: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="history-"))
        self.options = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * head_samples)
        self.remembered = Remembered()
        self.runner = asyncio.Runner()
        self.opened = AsyncExitStack()
        self.front_ms = BEGIN_MS
        self.has_late_texts = False
        self._open()

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.run(self.opened.aclose())
            self.runner.close()
            shutil.rmtree(self.folder)

    def run(self, doing: Coroutine[Any, Any, _Result]) -> _Result:
        async def bounded() -> _Result:
            async with asyncio.timeout(30):
                return await doing

        return self.runner.run(bounded())

    def _open(self) -> None:
        opening = self.opened.enter_async_context(open_historian(self.folder, self.options))
        self.historian: EmbeddedHistorian = self.run(opening)

    def _append(self, *batches: SampleBatch) -> None:
        """All at once; they are kept in this order."""

        async def append() -> None:
            await asyncio.gather(*map(self.historian.append, batches))

        self.run(append())
        for batch in batches:
            self.remembered.keep(batch)

    @rule(
        point=st.sampled_from(POINTS),
        count=st.sampled_from([1, 30, 300, 600, 3000, 3000]),
        step_ms=st.sampled_from([20, 1000, 2000]),
        seed=seeds,
    )
    def run_on(self, point: int, count: int, step_ms: int, seed: int) -> None:
        """Many of one point, newer than all before."""
        self._append(_filled(np.full(count, point), self.front_ms + step_ms * np.arange(count), seed))
        self.front_ms += step_ms * count

    @rule(rounds=st.integers(1, 40), seed=seeds)
    def sweep(self, rounds: int, seed: int) -> None:
        """All points at the same times, one batch a time."""
        at_ms = [self.front_ms + 1000 * number for number in range(rounds)]
        self._append(*(_filled(np.array(POINTS), np.full(len(POINTS), each), seed + each) for each in at_ms))
        self.front_ms += 1000 * rounds

    @rule(share=st.floats(0, 1.1), count=st.sampled_from([2, 40, 900]), hours=st.sampled_from([1, 12]), seed=seeds)
    def scatter(self, share: float, count: int, hours: int, seed: int) -> None:
        """Any points at any times of a few hours."""
        random = np.random.default_rng(seed)
        begin_ms = BEGIN_MS + round(share * (self.front_ms - BEGIN_MS))
        at_ms = random.integers(begin_ms, begin_ms + hours * HOUR_MS, count)
        self._append(_filled(random.choice(POINTS, count), at_ms, seed))

    @rule(point=st.sampled_from(POINTS), share=st.sampled_from([0.01, 0.2, 1.0]), seed=seeds)
    def repeat(self, point: int, share: float, seed: int) -> None:
        """Other values for times that are kept already."""
        random = np.random.default_rng(seed)
        known = np.array(list(self.remembered.kept.get(point, {})), np.int64)
        at_ms = known[random.random(len(known)) < share]
        self._append(_filled(np.full(len(at_ms), point), at_ms, seed))

    @rule(
        texts=st.lists(
            st.tuples(st.sampled_from(STRING_POINTS), times, st.sampled_from("abc")), min_size=1, max_size=4
        )
    )
    def tell(self, texts: list[tuple[int, int, str]]) -> None:
        """Texts, one batch each, all at once."""
        known = self.remembered.texts
        self.has_late_texts |= any(at_ms < max(known.get(point, {0: ""})) for point, at_ms, _ in texts)
        self.has_late_texts |= sorted(texts, key=lambda text: text[1]) != texts
        nothing = SampleBatch.empty()
        columns = (nothing.point_id, nothing.at_ms, nothing.value, nothing.quality)
        self._append(*(SampleBatch(*columns, {PointId(point): (at_ms, text)}) for point, at_ms, text in texts))

    @rule(
        point=st.none() | st.sampled_from(POINTS),
        raw=st.sampled_from(["front", "end"]),
        shares=st.tuples(st.sampled_from([0.0, 0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.0, 0.0, 0.5, 1.0])),
    )
    def retain(self, point: int | None, raw: str, shares: tuple[float, float]) -> None:
        """Horizons only go on; what is behind one that was moved back may or may not be there."""
        kept = self.remembered
        newest_ms = self.front_ms if raw == "front" else END_MS
        raw_hours = (newest_ms - BEGIN_MS) // HOUR_MS
        by_hour = (raw_hours, round(raw_hours * shares[0]), round(raw_hours * shares[0] * shares[1]))
        told = [BEGIN_MS + hour * HOUR_MS for hour in by_hour]
        before = kept.default if point is None else kept.own.get(point, kept.default)
        horizon = Horizon(*(max(pair) for pair in zip(told, before, strict=True)))
        if point is None:
            kept.default = horizon
        else:
            kept.own[point] = horizon
        kept.has_dropped = True
        self.run(self.historian.retain(kept.horizons()))

    @rule(point=st.sampled_from(POINTS[-1:] + STRING_POINTS[-1:]))
    def forget(self, point: int) -> None:
        self.remembered.gone.add(point)
        self.remembered.has_dropped = True
        self.run(self.historian.forget([PointId(point)]))

    @rule(journal_stays=st.booleans())
    def start_again(self, journal_stays: bool) -> None:
        """As after an orderly end; or after one between the last commit and the deletion of the journal.

        When the journal is read again, a text may be kept that was none when it came: a late one made it a change.
        """
        journal: dict[Path, bytes] = {}
        for path in (self.folder / "journal").iterdir():
            with suppress(FileNotFoundError):
                journal[path] = path.read_bytes()
        self.run(self.opened.aclose())
        for path, content in journal.items() if journal_stays and not self.has_late_texts else ():
            path.write_bytes(content)
        self._open()

    @rule()
    def let_go(self) -> None:
        """Nothing that can go is left. Other rules ask while it goes."""

        async def gone() -> None:
            while True:
                if self.historian._keeper._expiring.is_done:
                    return
                await asyncio.sleep(0.001)

        self.run(gone())

    @rule(points=some_points, span=spans, limit=st.sampled_from([1, 50, 10**6]), descending=st.booleans())
    def read(self, points: list[int], span: Span, limit: int, descending: bool) -> None:
        """The first page and the one behind it."""
        rows = self.remembered.rows(points, span)
        expected = rows[::-1] if descending else rows
        found = self.run(self.historian.read(_ids(points), *span, limit=limit, descending=descending))
        assert_rows(found, expected[:limit])
        if len(found):
            after = Cursor(int(found.at_ms[-1]), PointId(int(found.point_id[-1])))
            more = self.historian.read(_ids(points), *span, limit=limit, descending=descending, after=after)
            assert_rows(self.run(more), expected[limit : 2 * limit])

    @rule(points=some_points, span=spans, at_ms=times)
    def look(self, points: list[int], span: Span, at_ms: int) -> None:
        """Counts, what was in force, what is newest, texts."""
        kept = self.remembered
        assert self.run(self.historian.count(_ids(points), *span)) == len(kept.rows(points, span))
        assert_rows(self.run(self.historian.in_force(_ids(points), at_ms)), kept.newest(points, at_ms))
        latest = self.run(self.historian.latest())
        assert_rows(latest, kept.newest(POINTS, 10**15))
        assert latest.texts == kept.newest_texts()
        for point in STRING_POINTS:
            assert self.run(self.historian.texts(PointId(point), *span)) == kept.texts_of(point, span)
        samples = self.run(self.historian.stats()).samples
        ever = kept.rows(POINTS, (-(10**15), 10**15))
        assert samples >= len(ever) if kept.has_dropped else samples == len(ever)

    @rule(points=some_points, span=spans, grid=grids)
    def sum_up(self, points: list[int], span: Span, grid: Grid) -> None:
        edges = edges_of(grid, max(span[0], BEGIN_MS - HOUR_MS), min(span[1], END_MS + 20 * HOUR_MS))
        step_ms = grid if isinstance(grid, int) else (HOUR_MS // 2 if "Kolkata" in grid.zone else HOUR_MS)
        found = self.run(self.historian.buckets(_ids(points), *span, grid))
        expected = self.remembered.buckets(points, span, edges.tolist(), step_ms)
        assert_buckets(found, expected)

    @rule(point=st.sampled_from(POINTS), counts=st.permutations([3000, 3000, 3000, 300, 37]), seed=seeds)
    def run_now_and_then(self, point: int, counts: list[int], seed: int) -> None:
        """Short runs, each of which leaves what it has; enough to be joined."""
        for number, count in enumerate(counts):
            self.run_on(point, count, 1000, seed + number)
            self.start_again(journal_stays=False)

    @rule(from_hour=hours, late=st.none() | st.tuples(st.sampled_from(POINTS), seeds))
    def roll_up(self, from_hour: int, late: tuple[int, int] | None) -> None:
        """Keep roll-ups alone, as time goes on, and compare them; late samples may have come just before."""
        if late is not None:
            self.start_again(journal_stays=False)
            self.repeat(late[0], 0.2, late[1])
        self.retain(None, "front", (0.0, 0.0))
        self.let_go()
        for grid in (MINUTE_MS, HOUR_MS, 24 * HOUR_MS):
            self.sum_up(list(POINTS), (BEGIN_MS - HOUR_MS, END_MS + 20 * HOUR_MS), grid)
            self.sum_up(list(POINTS), (BEGIN_MS + from_hour * HOUR_MS // 6, END_MS), grid)

    @rule(points=some_points, span=spans, most=st.sampled_from([10, 11, 500]))
    def reduce(self, points: list[int], span: Span, most: int) -> None:
        found = self.run(self.historian.reduced(_ids(points), *span, most))
        for point in set(points):
            rows = self.remembered.rows([point], span)
            own = found.where(found.point_id == point)
            if len(rows) <= most:
                assert_rows(own, rows)
                continue
            assert len(own) <= most
            told = set(map(str, _rows(own)))
            assert told <= set(map(str, rows))
            values = [value for _, _, value, quality in rows if quality < FIRST_BAD]
            if values:
                assert (np.nanmin(own.value), np.nanmax(own.value)) == (min(values), max(values))
        assert np.all(np.diff(found.point_id) >= 0)


def _filled(point_id: np.ndarray, at_ms: np.ndarray, seed: int) -> SampleBatch:
    """Values and qualities for points and times."""
    random = np.random.default_rng(seed)
    count = len(at_ms)
    quality = random.choice(QUALITIES, count) if seed % 3 else np.full(count, seed % 2 * Quality.BAD_SENSOR)
    value = np.where(quality < FIRST_BAD, random.integers(-1000, 1000, count) / 8, np.nan)
    return SampleBatch(point_id.astype(np.int32), at_ms.astype(np.int64), value, quality.astype(np.uint8))


def _ids(points: list[int]) -> list[PointId]:
    return [PointId(point) for point in points]


def _rows(batch: SampleBatch) -> list[Row]:
    columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def assert_rows(found: SampleBatch, expected: list[Row]) -> None:
    """As text, because NaN is not equal to itself."""
    assert list(map(str, _rows(found))) == list(map(str, expected))


def assert_buckets(found: Buckets, expected: list[Bucket]) -> None:
    keys = list(zip(found.point_id.tolist(), found.start_ms.tolist(), strict=True))
    assert keys == sorted(set(keys))
    rows = {key: row for row, key in enumerate(keys)}
    assert rows.keys() <= {(bucket.point, bucket.start_ms) for bucket in expected}
    for bucket in expected:
        row = rows.get((bucket.point, bucket.start_ms))
        if row is None:
            assert bucket.sure == 0, str(bucket)[:80]
            continue
        assert bucket.sure <= found.count[row] <= len(bucket.samples), str(bucket)[:80]
        if bucket.sure < len(bucket.samples):
            continue
        values = bucket.values
        assert found.good_count[row] == np.count_nonzero(~np.isnan(values))
        told = [each[row] for each in (found.minimum, found.maximum, found.first, found.last, found.total)]
        np.testing.assert_array_equal(told, [values.min(), values.max(), values[0], values[-1], values.sum()])
        np.testing.assert_allclose(found.mean[row], values.mean())


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
