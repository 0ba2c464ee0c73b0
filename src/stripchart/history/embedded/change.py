"""A change of a year file: what one transaction adds to it and takes out of it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import structlog

from stripchart.history.embedded.bundle import bundle_row, bundled, read_bundle
from stripchart.history.embedded.codec import BrokenPieceError, pack, unpack
from stripchart.history.embedded.ordering import (
    group_ends,
    group_starts,
    like_the_group_before,
    newest_wins,
    rows_of,
)
from stripchart.history.embedded.rollup import TIERS_MS, packed, rolled_up_anyway
from stripchart.history.embedded.segment import (
    OWN_SEGMENT,
    SMALL,
    SUMMED,
    Segment,
    bodies,
    body_check,
    read_segment,
    row_check,
    segment_rows,
    segment_starts,
    times_check,
)
from stripchart.history.embedded.sparse_hours import packed_hours
from stripchart.history.embedded.state import State
from stripchart.history.embedded.year import SQL, YearFile
from stripchart.history.horizons import NEVER_MS, Horizons
from stripchart.model.sample import PointIds, SampleBatch, Times

log = structlog.get_logger()

SettledOf = Callable[[PointIds], Times]
"""The time of the newest sample in a segment of each point."""


class Change:
    """Collects what is written; `finish`, then `publish` when the transaction is committed."""

    def __init__(self, year: YearFile, db: sqlite3.Connection, settled_of: SettledOf) -> None:
        self._year, self._db, self._settled_of = year, db, settled_of
        self._dropped: set[int] = set()
        self._added: list[tuple[Any, ...]] = []
        self._samples = 0
        self._span: list[int] = []
        self._state = year.state
        self._small: list[tuple[int, int]] = []
        self.settled: list[SampleBatch] = []

    def add(self, batch: SampleBatch, late: SampleBatch) -> None:
        """Add samples that are newer than all of their points, and late ones that may repeat some."""
        if len(batch):
            self.place(batch, 0)
        if len(late):
            ids = self._year.directory.that_may_repeat(late)
            self.place(newest_wins(self.taken_out(ids), late), 0)

    def taken_out(self, bundle_ids: list[int]) -> SampleBatch:
        """The samples of the bundles, which leave the file; broken bundles stay where they are."""
        parts = []
        for number in bundle_ids:
            row = self._db.execute(SQL["bundle"], (number,)).fetchone()
            try:
                parts.append(read_bundle(row))
            except BrokenPieceError as error:
                self._note_broken(error)
                self._year.broken_bundles.add(number)
                continue
            self._db.execute(SQL["drop_bundle"], (number,))
            self._dropped.add(number)
            self._samples -= len(parts[-1])
        return newest_wins(*parts)

    def place(self, batch: SampleBatch, level: int) -> None:
        """Write samples in the order of the files: many of a point into segments, few into bundles of the level."""
        starts = group_starts(batch.point_id)
        ends = group_ends(starts, len(batch))
        beyond = batch.at_ms[starts] > self._settled_of(batch.point_id[starts])
        own = beyond & (ends - starts >= OWN_SEGMENT)
        counts = ends - starts
        self._add_segments(batch.where(np.repeat(own, counts)))
        loose = [batch.where(np.repeat(beyond & ~own, counts))]
        loose += [
            self._among_settled(rows_of(batch, slice(int(starts[row]), int(ends[row]))))
            for row in np.flatnonzero(~beyond)
        ]
        self._add_bundles(newest_wins(*loose), level)

    def join(self, runs: Iterator[list[Segment]], at_most: int) -> list[int]:
        """Write segments that lie side by side as larger ones, until there were so many samples.

        A run is of one point, and comes in the order of points. The points that were joined.
        """
        done: list[int] = []
        parts: list[SampleBatch] = []
        samples = 0
        for run in runs:
            point = run[0].point_id
            if samples >= at_most and point != done[-1]:
                break
            if done and done[-1] == point:
                self._add_segments(newest_wins(*parts))
                parts = []
            done.append(point)
            parts.append(self._taken(run))
            samples += len(parts[-1])
        self._add_segments(newest_wins(*parts))
        return done

    def _taken(self, run: list[Segment]) -> SampleBatch:
        """The samples of segments, which leave the file; when one is broken, all stay."""
        known_times: dict[int, Times] = {}
        try:
            parts = [read_body(self._db, segment, known_times) for segment in run]
        except BrokenPieceError as error:
            self._note_broken(error)
            return SampleBatch.empty()
        for segment in run:
            self._drop(segment)
        return newest_wins(*parts)

    def add_sparse_hours(self, segments: Iterable[Segment]) -> None:
        """Give segments of an older release the hours they would have today; broken ones stay as they are."""
        for segment in segments:
            try:
                hours = packed_hours(read_body(self._db, segment, {}))
            except BrokenPieceError as error:
                self._note_broken(error)
                continue
            self._db.execute(SQL["add_sparse_hours"], (hours, segment.point_id, segment.first_ms))

    def finish(self, sequence: int | None = None) -> None:
        """Write what the file holds now; `sequence` is the newest batch that is in it."""
        old = self._year.state
        first_ms, last_ms = old.span_with(min(self._span), max(self._span)) if self._span else (None, None)
        sealed = old.sealed_sequence if sequence is None else sequence
        if not self._span:
            first_ms, last_ms = old.first_ms, old.last_ms
        self._state = State(sealed, old.samples + self._samples, first_ms, last_ms)
        state = self._state
        self._db.execute(SQL["set_state"], (state.sealed_sequence, state.samples, first_ms, last_ms, state.check))

    def publish(self) -> None:
        """Commit. Called with the lock of the historian held, so that no reader sees a half of it."""
        self._db.execute("COMMIT")
        self._year.directory = self._year.directory.changed(self._dropped, self._added)
        self._year.state = self._state
        small = self._year.small_samples
        for point, samples in self._small:
            small[point] = small.get(point, 0) + samples

    def _among_settled(self, batch: SampleBatch) -> SampleBatch:
        """Write samples of one point between and into its segments. What is left are few, for a bundle."""
        segments = self.segments(int(batch.point_id[0]), int(batch.at_ms[0]), int(batch.at_ms[-1]) + 1)
        first_ms = np.array([segment.first_ms for segment in segments], np.int64)
        last_ms = np.array([segment.last_ms for segment in segments], np.int64)
        before = np.searchsorted(first_ms, batch.at_ms, side="right") - 1
        inside = before >= 0
        inside[inside] = batch.at_ms[inside] <= last_ms[before[inside]]
        left = [
            self._into(segments[number], batch.where(inside & (before == number)))
            for number in np.unique(before[inside])
        ]
        for number in np.unique(before[~inside]):
            gap = batch.where(~inside & (before == number))
            if len(gap) < OWN_SEGMENT:
                left.append(gap)
            else:
                self._add_segments(gap)
        return newest_wins(*left)

    def _into(self, segment: Segment, batch: SampleBatch) -> SampleBatch:
        """Write a segment anew with more samples. They are left when it is broken, or only its roll-ups are there."""
        if segment.is_rolled:
            return batch
        try:
            old = read_body(self._db, segment, {})
        except BrokenPieceError as error:
            self._note_broken(error)
            return batch
        self._drop(segment)
        self._add_segments(newest_wins(old, batch))
        return SampleBatch.empty()

    def segments(self, point: int, start_ms: int, end_ms: int) -> list[Segment]:
        """The segments of a point that share a time with the range, oldest first, but for those with broken rows."""
        asked = {"point_id": point, "start_ms": start_ms, "end_ms": end_ms}
        found = map(Segment._make, self._db.execute(SQL["segments_of_point"], asked))
        return [segment for segment in found if segment.is_sound]

    def _note_broken(self, error: BrokenPieceError) -> None:
        log.error("history.quarantined", file=str(self._year.path), reason=str(error))

    def drop(self, segments: Iterable[Segment]) -> None:
        """Take segments out of the file, whatever they hold."""
        for segment in segments:
            self._drop(segment)

    def drop_bundles(self, ids: list[int]) -> None:
        """Take bundles out of the file, unread."""
        for number in ids:
            self._db.execute(SQL["drop_bundle"], (number,))
        rows = np.isin(self._year.directory.id, ids)
        self._samples -= int(self._year.directory.samples[rows].sum())
        self._dropped.update(ids)

    def thin_bundle(self, number: int, horizons: Horizons) -> None:
        """Write a bundle anew without what is behind the horizons, if that is much or of a point that is gone."""
        try:
            batch = read_bundle(self._db.execute(SQL["bundle"], (number,)).fetchone())
        except BrokenPieceError:
            return
        horizon_ms = horizons.rollup_of(batch.point_id)
        kept = batch.at_ms >= horizon_ms
        if 2 * np.count_nonzero(kept) > len(batch) and not (horizon_ms == NEVER_MS).any():
            return
        level = int(self._year.directory.level[self._year.directory.id == number][0])
        self.drop_bundles([number])
        self._add_bundles(batch.where(kept), level)

    def forget_minutes(self, segments: Iterable[Segment]) -> None:
        """Of segments of which only roll-ups are left, keep hours and days alone."""
        self._db.executemany(SQL["forget_minutes"], [(segment.point_id, segment.first_ms) for segment in segments])

    def roll(self, run: list[Segment], *, minutes: bool) -> None:
        """Put roll-ups in the place of segments that lie side by side: by `minutes` too, or only hours and days."""
        parts: list[SampleBatch] = []
        for segment in run:
            try:
                parts.append(read_body(self._db, segment, {}))
            except BrokenPieceError as error:
                self._note_broken(error)
                self._add_rolled(parts, minutes=minutes)
                parts = []
                continue
            self._drop(segment)
        self._add_rolled(parts, minutes=minutes)

    def _add_rolled(self, parts: list[SampleBatch], *, minutes: bool) -> None:
        if not parts:
            return
        batch = newest_wins(*parts)
        tiers: list[bytes | None] = [packed(rolled_up_anyway(batch, tier_ms)) for tier_ms in TIERS_MS]
        if not minutes:
            tiers[0] = None
        (row,) = segment_rows(batch, np.zeros(1, np.intp), 0)
        self._db.execute(SQL["add_segment"], (*row[:SUMMED], *tiers, row_check(row), None))
        self._span += [int(batch.at_ms[0]), int(batch.at_ms[-1])]

    def _drop(self, segment: Segment) -> None:
        self._db.execute(SQL["drop_segment"], (segment.point_id, segment.first_ms))
        if segment.is_rolled:
            return
        self._samples -= segment.samples
        body = self._db.execute(SQL["body"], (segment.body_id,)).fetchone()
        if body is not None:  # else the file is damaged, and there is no more to drop
            self._db.execute(SQL["drop_body"], (segment.body_id,))
            self._db.execute(SQL["release_times"], (1, body[0]))
            self._db.execute(SQL["drop_times"], (body[0],))

    def _add_segments(self, batch: SampleBatch) -> None:
        if not len(batch):
            return
        year, starts = self._year, segment_starts(batch)
        same_times = like_the_group_before(batch.at_ms, starts).tolist()
        rows = segment_rows(batch, starts, year.next_body)
        body_rows: list[tuple[Any, ...]] = []
        times_rows: dict[bytes, list[Any]] = {}
        times: list[Any] = []
        for row, body in zip(rows, bodies(batch, starts, same_times), strict=True):
            if body.times is not None:
                times = self._times_row(times_rows, pack(body.times))
            times[1] += 1
            check = body_check(year.next_body, row[0], body.value, body.quality)
            body_rows.append((year.next_body, times[0], body.value, body.quality, check))
            year.next_body += 1
        self._db.executemany(SQL["add_times"], times_rows.values())
        self._db.executemany(SQL["add_body"], body_rows)
        self._db.executemany(SQL["add_segment"], rows)
        self._small += [(row[0], row[3]) for row in rows if row[3] < SMALL]
        self.settled.append(batch.where(np.append(batch.point_id[1:] != batch.point_id[:-1], True)))
        self._count(batch)

    def _times_row(self, rows: dict[bytes, list[Any]], packed: bytes) -> list[Any]:
        """The row of such times, a new one when there is none among these; segments of a device take turns."""
        if packed not in rows:
            number = self._year.next_times
            rows[packed] = [number, 0, packed, times_check(number, packed)]
            self._year.next_times += 1
        return rows[packed]

    def _add_bundles(self, batch: SampleBatch, level: int) -> None:
        if not len(batch):
            return
        rows = []
        for piece in bundled(batch):
            rows.append(bundle_row(self._year.next_bundle, level, piece))
            self._year.next_bundle += 1
        self._db.executemany(SQL["add_bundle"], rows)
        self._added.extend(row[:8] for row in rows)
        self._count(batch)

    def _count(self, batch: SampleBatch) -> None:
        self._samples += len(batch)
        self._span += [int(batch.at_ms.min()), int(batch.at_ms.max())]


def read_body(db: sqlite3.Connection, segment: Segment, known_times: dict[int, Times]) -> SampleBatch:
    """The samples of a segment. `known_times` holds times already read, by id.

    Raises BrokenPieceError when the bytes are not those that were written.
    """
    found = db.execute(SQL["body"], (segment.body_id,)).fetchone()
    if found is None:
        raise BrokenPieceError(_what(segment) + ": its columns are missing")
    times_id, value, quality, crc = found
    if body_check(segment.body_id, segment.point_id, value, quality) != crc:
        raise BrokenPieceError(_what(segment) + ": its checksum is wrong")
    at_ms = known_times.get(times_id)
    if at_ms is None:
        found = db.execute(SQL["times"], (times_id,)).fetchone()
        if found is None:
            raise BrokenPieceError(_what(segment) + ": its times are missing")
        body, times_crc = found
        if times_check(times_id, body) != times_crc:
            raise BrokenPieceError(_what(segment) + ": the checksum of its times is wrong")
        at_ms = known_times[times_id] = unpack(body)
    return read_segment(segment, at_ms, value, quality)


def mended(db: sqlite3.Connection, segment: Segment) -> Segment:
    """The row of a segment that is not sound, made anew from its columns, which have checksums of their own.

    Raises BrokenPieceError when they are broken, too, or only roll-ups are left.
    """
    found = None if segment.is_rolled else db.execute(SQL["body"], (segment.body_id,)).fetchone()
    if found is None:
        raise BrokenPieceError(_what(segment) + ": its row is broken")
    samples = len(unpack(found[1]))
    batch = read_body(db, segment._replace(samples=samples), {})
    return Segment._make(segment_rows(batch, np.zeros(1, np.intp), segment.body_id)[0])


def _what(segment: Segment) -> str:
    return f"segment of point {segment.point_id} from {segment.first_ms} to {segment.last_ms}"
