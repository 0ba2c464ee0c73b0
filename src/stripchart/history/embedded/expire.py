"""Letting go what lies behind the horizons: years as files, the rest in small transactions, in the background.

A step is a fraction of a second, so that sealing, and with it appending, is not held up. Each is a transaction that
leaves everything right, so it does not matter where a pass over the files is broken off: the next one goes on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TypeVar

import numpy as np
import structlog

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.embedded.bundle import Directory, read_bundle
from stripchart.history.embedded.change import Change
from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.files import keep_name, told_as_history
from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.rollup import TIERS_MS
from stripchart.history.embedded.segment import Segment, has_among
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.year import SQL, YearFile
from stripchart.history.horizons import EVER_MS, Horizon, Horizons
from stripchart.history.statements import load_statements

log = structlog.get_logger()

_Piece = TypeVar("_Piece")

_SQL = load_statements("stripchart.history.embedded", "expiring.sql")
_SAMPLES_AT_ONCE = 200_000
_SEGMENTS_AT_ONCE = 64
_BUNDLES_AT_ONCE = 16
_POINTS_AT_ONCE = 256
_STEPS_A_CHECKPOINT = 8
_READING_S = 0.05
"""So long is waited at once for those who still read a year that goes."""
_WORTH_IT = 16
"""A bucket of a packed roll-up takes as much room as about five samples; with so many it saves two thirds."""
_MINUTE, _HOUR = TIERS_MS[:2]


class Expiring:
    """Goes over the files once for each change of the horizons. `dropped_samples` counts since the start."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._done: Horizons | None = None
        self._under_way: Horizons | None = None
        self._steps: Iterator[None] = iter(())
        self._unwritten = 0
        self._put_off = False
        self.dropped_samples = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is behind the horizons that could go."""
        return self._done is self._store.expiry.horizons

    def step(self) -> bool:
        """Do a little. Whether there was anything to do. Raises HistoryError; the next call begins anew."""
        if self.is_done:
            return False
        horizons = self._store.expiry.horizons
        if horizons is not self._under_way:
            self._under_way, self._steps = horizons, self._pass(horizons)
        try:
            next(self._steps)
        except StopIteration:
            self._done, self._under_way = horizons, None
        except BaseException:
            self._under_way = None
            raise
        return True

    def after_sealing(self) -> None:
        """What was put off because samples of it were still in the head can be done now."""
        if self._put_off and self._under_way is None:
            self._done, self._put_off = None, False

    def _pass(self, horizons: Horizons) -> Iterator[None]:
        """Everything that is behind the horizons now."""
        store = self._store
        for number, year in sorted(store.years.items()):
            if year.span[1] <= horizons.oldest_ms:
                yield from self._drop_year(number, year)
            elif year.state.first_ms is not None and year.state.first_ms < horizons.newest_ms:
                yield from self._go_over(year, horizons)
        for _ in store.texts.drop_before(horizons):
            yield
        store.measure()

    def _go_over(self, year: YearFile, horizons: Horizons) -> Iterator[None]:
        """What lies behind the horizons in a year. What cannot be read stays, and holds up no other year."""
        try:
            with told_as_history(year.path):
                yield from self._drop_bundles(year, horizons)
                yield from self._go_over_points(year, horizons)
                self._write_all(year)
        except HistoryUnreadableError as error:
            log.error("history.dropping_failed", reason=str(error))

    def _write_all(self, year: YearFile) -> None:
        year.checkpoint()
        self._unwritten = 0

    def _drop_year(self, number: int, year: YearFile) -> Iterator[None]:
        """Delete the file of a year, once nobody reads it any more."""
        store = self._store
        while True:
            with store.lock:
                if not year.is_pinned:
                    del store.years[number]
                    break
                store.changed.wait(_READING_S)
            yield
        self.dropped_samples += year.state.samples
        # Closing deletes the write-ahead log. Left alone, it would be taken for that of a new file of the year.
        year.close()
        with told_as_history(year.path):
            year.path.unlink()
            keep_name(year.path.parent)
        log.info("history.year_dropped", file=str(year.path), samples=year.state.samples)
        yield

    def _drop_bundles(self, year: YearFile, horizons: Horizons) -> Iterator[None]:
        whole, mixed = _expired_bundles(year.directory, horizons)
        for ids in _few(whole, _SEGMENTS_AT_ONCE):
            with self._changed(year) as change:
                change.drop_bundles(ids)
            yield
        for ids in _few(mixed, _BUNDLES_AT_ONCE):
            with self._changed(year) as change:
                for number in ids:
                    change.thin_bundle(number, horizons)
            yield

    def _go_over_points(self, year: YearFile, horizons: Horizons) -> Iterator[None]:
        point, passed = -(2**31) - 1, 0
        # Behind the last one comes null, or what became of the number of a point in a damaged row.
        while isinstance(point := year.writer.execute(_SQL["next_point"], (point,)).fetchone()[0], int):
            horizon = horizons.at(point)
            passed += 1
            if year.state.first_ms is not None and year.state.first_ms < horizon.raw_ms:
                yield from self._drop_segments(year, point, horizon)
                yield from self._roll_up(year, point, horizon)
            if passed % _POINTS_AT_ONCE == 0:
                yield

    def _drop_segments(self, year: YearFile, point: int, horizon: Horizon) -> Iterator[None]:
        """Drop what lies behind the horizon of roll-ups; a row that is broken cannot tell, and stays."""
        after_ms, asked = EVER_MS, (horizon.rollup_ms, horizon.rollup_ms, _SEGMENTS_AT_ONCE)
        while rows := year.writer.execute(_SQL["before"], (point, after_ms, *asked)).fetchall():
            segments = [Segment._make(row) for row in rows]
            with self._changed(year) as change:
                change.drop(segment for segment in segments if segment.is_sound)
            after_ms = segments[-1].first_ms
            yield

    def _roll_up(self, year: YearFile, point: int, horizon: Horizon) -> Iterator[None]:
        """Put roll-ups in the place of samples, and hours in the place of minutes, where that saves room."""
        if among := _bundles_among(year, [run for run in _to_roll_up(year, point, horizon) if not run[0].is_rolled]):
            with self._changed(year) as change:
                level = int(year.directory.level[np.isin(year.directory.id, among)].max())
                change.place(change.taken_out(among), level)
            yield
        for run in _to_roll_up(year, point, horizon):
            if self._waits_among(run):
                self._put_off = True
                continue
            with self._changed(year) as change:
                if run[0].is_rolled:
                    change.forget_minutes(run)
                else:
                    change.roll(run, minutes=run[0].last_ms >= horizon.minute_ms)
            yield

    def _waits_among(self, run: list[Segment]) -> bool:
        """Whether samples in the head belong among those of segments; a roll-up made now would never tell them."""
        store, point = self._store, run[0].point_id
        with store.lock:
            if not store.head.may_repeat(point):
                return False
            head = store.head.view()
        waiting = head.of_points(np.array([point], np.int32), run[0].first_ms, run[-1].last_ms + 1)
        return any(has_among(segment, waiting.at_ms) for segment in run)

    @contextmanager
    def _changed(self, year: YearFile) -> Iterator[Change]:
        """A change of a year, which readers see as a whole."""
        store, before = self._store, year.state.samples
        # A drop that a power cut takes back is done again. Waiting for the disk would hold up who waits for the lock.
        with year.synced_later():
            with year.changing() as db:
                change = Change(year, db, store.settled_of)
                yield change
                change.finish()
                with store.lock:
                    change.publish()
                    store.note_settled(change.settled)
            year.give_back_some_room()
        self.dropped_samples += max(0, before - year.state.samples)
        self._unwritten += 1
        if self._unwritten >= _STEPS_A_CHECKPOINT:
            self._write_all(year)


def _few(pieces: Sequence[_Piece], count: int) -> Iterator[list[_Piece]]:
    rest = iter(pieces)
    while some := list(islice(rest, count)):
        yield some


def _expired_bundles(directory: Directory, horizons: Horizons) -> tuple[list[int], list[int]]:
    """Bundles of which everything, and of which perhaps something, is behind the horizon of its points."""
    default, own = horizons.default.rollup_ms, horizons.rollup_ms
    low = np.searchsorted(horizons.point_id, directory.first_point)
    high = np.searchsorted(horizons.point_id, directory.last_point, side="right")
    oldest = np.full(len(directory.id), default)
    newest = oldest.copy()
    for row in np.flatnonzero(low < high):
        among = own[low[row] : high[row]]
        has_default = len(among) <= directory.last_point[row] - directory.first_point[row]
        oldest[row] = min(among.min(), default) if has_default else among.min()
        newest[row] = max(among.max(), default) if has_default else among.max()
    whole = directory.last_ms < oldest
    mixed = ~whole & (directory.last_ms < newest)
    return directory.id[whole].tolist(), directory.id[mixed].tolist()


def _to_roll_up(year: YearFile, point: int, horizon: Horizon) -> list[list[Segment]]:
    """Segments of a point that are treated alike and lie side by side, without their roll-ups, oldest first.

    What was done before lies before it, so the search ends where it is met.
    """
    runs: list[list[Segment]] = []
    run: list[Segment] = []
    asked = (point, horizon.raw_ms, horizon.raw_ms)
    for row in year.writer.execute(_SQL["newest_before"], asked):
        segment = Segment._make(row)
        if segment.is_sound and segment.is_rolled and segment.minutes is None:
            break
        if not segment.is_sound or not _is_worth_it(segment, horizon):
            run = []
            continue
        if not run or not _goes_with(year, segment, run, horizon):
            run = []
            runs.append(run)
        run.append(segment)
    return [run[::-1] for run in reversed(runs)]


def _bundles_among(year: YearFile, runs: list[list[Segment]]) -> list[int]:
    """The bundles that have samples among those of the segments, which a roll-up of these alone would not tell."""
    found: set[int] = set()
    for segment in (segment for run in runs for segment in run):
        span = segment.first_ms, segment.last_ms + 1
        for number in set(year.directory.that_may_have(segment.point_id, *span)) - found - year.broken_bundles:
            with suppress(BrokenPieceError):
                bundle = read_bundle(year.writer.execute(SQL["bundle"], (number,)).fetchone())
                if has_among(segment, of_point(bundle, segment.point_id).at_ms):
                    found.add(number)
    return sorted(found)


def _is_worth_it(segment: Segment, horizon: Horizon) -> bool:
    by_minute = segment.last_ms >= horizon.minute_ms
    if segment.is_rolled:
        return not by_minute
    tier_ms = _MINUTE if by_minute else _HOUR
    buckets = segment.last_ms // tier_ms - segment.first_ms // tier_ms + 1
    return segment.samples >= _WORTH_IT * buckets


def _goes_with(year: YearFile, before: Segment, run: list[Segment], horizon: Horizon) -> bool:
    """Whether a segment can be treated together with those behind it, the nearest of which is the last."""
    behind = run[-1]
    if before.is_rolled != behind.is_rolled or (before.last_ms < horizon.minute_ms <= behind.last_ms):
        return False
    if sum(segment.samples for segment in run) + before.samples > _SAMPLES_AT_ONCE:
        return False
    # A roll-up of both would reach over late samples that may lie between them.
    return not year.directory.that_may_have(before.point_id, before.last_ms, behind.first_ms)
