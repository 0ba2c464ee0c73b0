"""A history as a reader of another process finds it: samples of year files and of the journal, at one moment."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.care.pinned import Pinned, PinnedDatabase, Unreadable, pinned
from stripchart.history.embedded.bundle import Directory, points_of, read_bundle
from stripchart.history.embedded.change import read_body
from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.format import (
    TEXTS_FORMAT,
    TEXTS_ID,
    YEAR_FORMAT,
    YEAR_ID,
    check_number,
    check_tables,
)
from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.ordering import newest_wins
from stripchart.history.embedded.record import Record, all_records, is_newer
from stripchart.history.embedded.seal import by_year
from stripchart.history.embedded.segment import Segment
from stripchart.history.embedded.state import State
from stripchart.history.embedded.year import SQL, read_state
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times

_Read = TypeVar("_Read")


@dataclass(slots=True)
class YearSnapshot:
    """A year file as it was when the snapshot was taken. `broken` grows with what is found broken."""

    path: Path
    db: sqlite3.Connection
    directory: Directory
    state: State
    broken: list[str]

    @property
    def year(self) -> int:
        return int(self.path.stem)

    def segments(self, point: PointId, start_ms: int, end_ms: int) -> Iterator[Segment]:
        """The segments of a point that share a time with the range, by time."""
        asked = {"point_id": int(point), "start_ms": start_ms, "end_ms": end_ms}
        with told_as_history(self.path):
            yield from map(Segment._make, self.db.execute(SQL["segments_of_point"], asked))

    def samples(self, segment: Segment) -> SampleBatch:
        """The samples of a segment; none when it is broken or only its roll-ups are left."""
        if segment.body_id == 0:
            return SampleBatch.empty()
        known: dict[int, Times] = {}
        try:
            with told_as_history(self.path):
                return read_body(self.db, segment, known)
        except BrokenPieceError as error:
            return self._without(error)

    def bundle(self, number: int) -> SampleBatch:
        """The samples of a bundle; none when it is broken."""
        try:
            with told_as_history(self.path):
                return read_bundle(self.db.execute(SQL["bundle"], (number,)).fetchone())
        except BrokenPieceError as error:
            return self._without(error)

    def points(self) -> PointIds:
        """The points of which the year has samples or roll-ups, ascending."""
        with told_as_history(self.path):
            rows = self.db.execute("SELECT DISTINCT point_id FROM segment").fetchall()
            parts = [np.array([row[0] for row in rows], np.int32)]
            for number in self.directory.id.tolist():
                try:
                    parts.append(points_of(self.db.execute(SQL["bundle"], (number,)).fetchone()))
                except BrokenPieceError as error:
                    self._without(error)
        return np.unique(np.concatenate(parts))

    def _without(self, error: BrokenPieceError) -> SampleBatch:
        if str(error) not in self.broken:
            self.broken.append(str(error))
        return SampleBatch.empty()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`head`: the samples of the journal that no year file has, in the order of the files."""

    pinned: Pinned
    years: list[YearSnapshot]
    head: SampleBatch

    def points(self) -> list[PointId]:
        """All points that have samples or roll-ups, ascending."""
        ids = np.unique(np.concatenate([self.head.point_id, *(year.points() for year in self.years)]))
        return [PointId(point) for point in ids.tolist()]

    def loose(self, points: Sequence[PointId], start_ms: int, end_ms: int) -> SampleBatch:
        """The samples of the points in the range that are in no segment, in the order of the files."""
        wanted = np.array(points, np.int32)
        parts = []
        for year in self.years:
            numbers = {number for point in points for number in year.directory.that_may_have(point, start_ms, end_ms)}
            parts += [_of_points(year.bundle(number), wanted) for number in sorted(numbers)]
        found = newest_wins(*parts, _of_points(self.head, wanted))
        return found.where((found.at_ms >= start_ms) & (found.at_ms < end_ms))

    def series(self, point: PointId, loose: SampleBatch, start_ms: int, end_ms: int) -> Iterator[SampleBatch]:
        """The samples of a point in the range, oldest first, in pieces of at most a few segments.

        `loose` has those that are in no segment.
        """
        own, at = of_point(loose, point), 0
        for year in self.years:
            for segment in year.segments(point, start_ms, end_ms):
                upto = int(np.searchsorted(own.at_ms, segment.last_ms, side="right"))
                before = own.where(slice(at, upto))
                at = upto
                found = newest_wins(year.samples(segment), before)
                found = found.where((found.at_ms >= start_ms) & (found.at_ms < end_ms))
                if len(found):
                    yield found
        rest = own.where(slice(at, None))
        if len(rest):
            yield rest

    def texts(self, point: PointId, start_ms: int, end_ms: int) -> Iterator[tuple[int, str]]:
        """The changes of a string point's text in the range, oldest first."""
        if self.pinned.texts is None:
            return
        query = "SELECT at_ms, text FROM text WHERE point_id = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms"
        with told_as_history(self.pinned.texts.path):
            yield from self.pinned.texts.db.execute(query, (int(point), start_ms, end_ms))

    def texts_in_force(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        """The same, from the text in force at the start on."""
        if self.pinned.texts is None:
            return []
        with told_as_history(self.pinned.texts.path):
            query = "SELECT max(at_ms) FROM text WHERE point_id = ? AND at_ms <= ?"
            since_ms = self.pinned.texts.db.execute(query, (int(point), start_ms)).fetchone()[0]
        return list(self.texts(point, start_ms if since_ms is None else since_ms, end_ms))

    def points_with_texts(self) -> list[PointId]:
        if self.pinned.texts is None:
            return []
        with told_as_history(self.pinned.texts.path):
            return [PointId(row[0]) for row in self.pinned.texts.db.execute("SELECT DISTINCT point_id FROM text")]

    def new_in_head(self) -> int:
        """How many samples of the head no year file has under the same point and time."""
        new = 0
        for point in np.unique(self.head.point_id).tolist():
            own = of_point(self.head, point)
            new += len(own) - self._stored(PointId(point), own.at_ms)
        return new

    def _stored(self, point: PointId, at_ms: Times) -> int:
        start_ms, end_ms = int(at_ms[0]), int(at_ms[-1]) + 1
        parts = [np.empty(0, np.int64)]
        for year in self.years:
            parts += [year.samples(segment).at_ms for segment in year.segments(point, start_ms, end_ms)]
            numbers = year.directory.that_may_have(point, start_ms, end_ms)
            parts += [of_point(year.bundle(number), point).at_ms for number in numbers]
        return int(np.isin(at_ms, np.concatenate(parts)).sum())


@contextmanager
def snapshot(folder: Path, unreadable: Unreadable | None = None) -> Iterator[Snapshot]:
    """The history of a folder as it is now, also while another process writes it.

    Raises HistoryUnreadableError when a file is broken, foreign, newer, or of an older format and not yet brought up
    to date; with a list such files are left out and noted there.
    """
    left_out: Unreadable = []
    with pinned(folder, unreadable) as files:
        years = [year for each in files.years if (year := _if_readable(_year, each, left_out))]
        texts = files.texts
        if texts is not None and not _if_readable(_texts, texts, left_out):
            texts = None
        if left_out and unreadable is None:
            raise left_out[0]
        if unreadable is not None:
            unreadable += left_out
        yield Snapshot(replace(files, texts=texts), years, _head(files, years))


def _if_readable(
    read: Callable[[PinnedDatabase], _Read], database: PinnedDatabase, left_out: Unreadable
) -> _Read | None:
    try:
        return read(database)
    except HistoryUnreadableError as error:
        left_out.append(error)
        return None


def _texts(database: PinnedDatabase) -> bool:
    check_database(database, TEXTS_ID, TEXTS_FORMAT)
    return True


def check_database(database: PinnedDatabase, application: int, newest: int) -> None:
    """Raises HistoryUnreadableError unless the file is ours and of today's format."""
    with told_as_history(database.path):
        found = database.db.execute("PRAGMA application_id").fetchone()[0]
        number = database.db.execute("PRAGMA user_version").fetchone()[0]
    if found != application:
        raise HistoryUnreadableError(f"{database.path}: this is no history of Stripchart; move it away")
    check_number(database.path, number, newest)
    if number < newest:
        raise HistoryUnreadableError(
            f"{database.path}: the history is of format {number}, today's is {newest}; "
            "`stripchart serve` or `stripchart history compact` brings it up to date"
        )


def whole_records(path: Path, content: bytes) -> tuple[list[Record], int]:
    """The records of a journal file, and where the last one ends. Raises HistoryUnreadableError when it is newer."""
    records = list(all_records(content))
    end = records[-1].end if records else 0
    if is_newer(content, end):
        raise HistoryUnreadableError(f"{path}: written by a newer Stripchart; update Stripchart")
    return records, end


def _year(database: PinnedDatabase) -> YearSnapshot:
    check_database(database, YEAR_ID, YEAR_FORMAT)
    with told_as_history(database.path):
        check_tables(database.db, database.path)
        directory, broken = Directory.read(database.db.execute(SQL["bundle_directory"]).fetchall())
        state, is_sound = read_state(database.db)
    reasons = [] if is_sound else ["state: its checksum is wrong"]
    reasons += [f"bundle {number}: its head is broken" for number in sorted(broken)]
    return YearSnapshot(database.path, database.db, directory, state, reasons)


def _head(files: Pinned, years: list[YearSnapshot]) -> SampleBatch:
    sealed = {year.year: year.state.sealed_sequence for year in years}
    newest = max(sealed.values(), default=0)
    parts = []
    for file in files.journal:
        for record in whole_records(file.path, file.content)[0]:
            if record.sequence > newest:
                parts.append(record.batch)
            else:
                parts += [part for year, part in by_year(record.batch) if sealed.get(year, 0) < record.sequence]
    return newest_wins(*parts)


def _of_points(batch: SampleBatch, points: PointIds) -> SampleBatch:
    return of_point(batch, int(points[0])) if len(points) == 1 else batch.where(np.isin(batch.point_id, points))
