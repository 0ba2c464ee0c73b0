"""Checking a history: every checksum, order, count, sum, roll-up, text and journal record, against the samples."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.care.findings import Finding
from stripchart.history.care.pieces import bundle_problems, rolled_problems, segment_problems
from stripchart.history.care.pinned import JournalFile, Unreadable
from stripchart.history.care.snapshot import Snapshot, YearSnapshot, snapshot, whole_records
from stripchart.history.embedded.bundle import read_bundle
from stripchart.history.embedded.change import read_body
from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.ordering import group_starts, newest_wins
from stripchart.history.embedded.segment import Segment, row_check
from stripchart.history.embedded.year import SQL, year_span
from stripchart.history.statements import load_statements
from stripchart.model.sample import PointId, SampleBatch, Times

Advance = Callable[[int, int], None]
"""Told how many pieces are done and how many there are."""

_SQL = load_statements("stripchart.history.care", "check.sql")
_KNOWN_TIMES = 64


def check(folder: Path, advance: Advance = lambda done, total: None) -> Iterator[Finding]:
    """What is wrong in a folder, in use or not. Raises HistoryUnavailableError when it cannot be looked at."""
    unreadable: Unreadable = []
    with snapshot(folder, unreadable) as seen:
        for error in unreadable:
            path, _, problem = str(error).partition(": ")
            yield Finding(Path(path), "file", problem)
        progress = _Progress(advance, sum(_pieces(year) for year in seen.years) + len(seen.pinned.journal))
        for year in seen.years:
            yield from _YearCheck(year, progress).findings()
        yield from _texts(seen)
        yield from _journal(seen.pinned.journal, progress)


class _Progress:
    def __init__(self, advance: Advance, total: int) -> None:
        self._advance, self._total, self._done = advance, total, 0
        advance(0, total)

    def step(self) -> None:
        self._done += 1
        self._advance(self._done, self._total)


def _pieces(year: YearSnapshot) -> int:
    try:
        with told_as_history(year.path):
            return int(year.db.execute(_SQL["pieces"]).fetchone()[0])
    except HistoryUnreadableError:
        return 0


class _YearCheck:
    """One year file."""

    def __init__(self, year: YearSnapshot, progress: _Progress) -> None:
        self._year, self._progress = year, progress
        self._span = year_span(year.year)
        self._samples = 0
        self._times: list[tuple[int, int]] = []
        self._is_whole = True

    def findings(self) -> Iterator[Finding]:
        try:
            with told_as_history(self._year.path):
                yield from self._structure()
                yield from self._segments()
                yield from self._bundles()
                yield from self._counts()
        except HistoryUnreadableError as error:
            yield Finding(self._year.path, "file", str(error).partition(": ")[2])

    def _structure(self) -> Iterator[Finding]:
        for (problem,) in self._year.db.execute("PRAGMA quick_check"):
            if problem != "ok":
                yield Finding(self._year.path, "database", problem)
        for reason in self._year.broken:
            what, _, problem = reason.partition(": ")
            yield Finding(self._year.path, what, problem)

    def _segments(self) -> Iterator[Finding]:
        before: Segment | None = None
        known: dict[int, Times] = {}
        for row in self._year.db.execute(_SQL["segments"]):
            segment = Segment._make(row)
            self._progress.step()
            if row_check(segment) is None:
                yield Finding(self._year.path, "segment", "its row holds what is no number")
                continue
            for problem in self._segment_problems(segment, before, known):
                yield self._of_segment(segment, problem)
            if len(known) > _KNOWN_TIMES:
                known.clear()
            before = segment

    def _segment_problems(self, segment: Segment, before: Segment | None, known: dict[int, Times]) -> Iterator[str]:
        if before is not None and before.point_id == segment.point_id and before.last_ms >= segment.first_ms:
            yield "it overlaps the one before"
        if not self._span[0] <= segment.first_ms <= segment.last_ms < self._span[1]:
            yield f"its times do not lie in the year {self._year.year}"
        if not segment.is_sound:
            yield "the checksum of its row is wrong"
        if segment.is_rolled:
            yield from rolled_problems(segment)
            return
        self._samples += segment.samples
        self._times.append((segment.first_ms, segment.last_ms))
        try:
            batch = read_body(self._year.db, segment, known)
        except BrokenPieceError as error:
            yield _without_its_name(error)
        else:
            yield from segment_problems(segment, batch)

    def _bundles(self) -> Iterator[Finding]:
        """Block by block, of which the bundles hold a bounded number of samples."""
        directory = self._year.directory
        for block in np.unique(directory.block).tolist():
            parts = []
            for row in np.flatnonzero(directory.block == block).tolist():
                number = int(directory.id[row])
                span = int(directory.first_ms[row]), int(directory.last_ms[row])
                expected = tuple(int(column[row]) for column in directory.columns()[3:])
                self._samples += int(directory.samples[row])
                self._times.append(span)
                try:
                    batch = read_bundle(self._year.db.execute(SQL["bundle"], (number,)).fetchone())
                    problems = list(bundle_problems(batch, expected, self._span))
                    parts.append(batch)
                except BrokenPieceError as error:
                    problems = [_without_its_name(error)]
                points = f"bundle {number} of points {expected[0]} to {expected[1]}"
                for problem in problems:
                    yield Finding(self._year.path, points, problem, None, *span)
                self._progress.step()
            yield from self._repeated(parts)

    def _repeated(self, parts: list[SampleBatch]) -> Iterator[Finding]:
        """Points and times that are in two bundles, or in a bundle and a segment."""
        loose = newest_wins(*parts)
        if len(loose) < sum(len(part) for part in parts):
            span = int(loose.at_ms.min()), int(loose.at_ms.max())
            points = f"bundles of points {loose.point_id[0]} to {loose.point_id[-1]}"
            yield Finding(self._year.path, points, "a point and time is in two of them", None, *span)
        for start in group_starts(loose.point_id).tolist():
            point = PointId(int(loose.point_id[start]))
            own = of_point(loose, point).at_ms
            for segment in self._year.segments(point, int(own[0]), int(own[-1]) + 1):
                low, high = np.searchsorted(own, [segment.first_ms, segment.last_ms + 1])
                if low < high and np.isin(own[low:high], self._year.samples(segment).at_ms).any():
                    yield self._of_segment(segment, "a bundle has some of its times once more")

    def _counts(self) -> Iterator[Finding]:
        state, path = self._year.state, self._year.path
        if state.samples != self._samples:
            yield Finding(path, "state", f"it counts {state.samples} samples, there are {self._samples}")
        first_ms = min((first for first, _ in self._times), default=None)
        last_ms = max((last for _, last in self._times), default=None)
        if first_ms is not None and (state.first_ms is None or state.first_ms > first_ms):
            yield Finding(path, "state", f"its oldest time is {state.first_ms} ms, a sample is older: {first_ms} ms")
        if last_ms is not None and (state.last_ms is None or state.last_ms < last_ms):
            yield Finding(path, "state", f"its newest time is {state.last_ms} ms, a sample is newer: {last_ms} ms")
        for times_id, uses, counted in self._year.db.execute(_SQL["uses_of_times"]):
            yield Finding(path, f"times {times_id}", f"it counts {uses} uses, there are {counted}")
        for (body_id,) in self._year.db.execute(_SQL["lost_bodies"]):
            yield Finding(path, f"body {body_id}", "no segment has it")

    def _of_segment(self, segment: Segment, problem: str) -> Finding:
        point = PointId(segment.point_id)
        return Finding(self._year.path, "segment", problem, point, segment.first_ms, segment.last_ms)


def _texts(seen: Snapshot) -> Iterator[Finding]:
    database = seen.pinned.texts
    if database is None:
        return
    try:
        with told_as_history(database.path):
            for (problem,) in database.db.execute("PRAGMA quick_check"):
                if problem != "ok":
                    yield Finding(database.path, "database", problem)
            for point, at_ms, kind, text in database.db.execute(_SQL["texts"]):
                if kind != "text" or not _is_utf8(text):
                    yield Finding(database.path, "text", "it is no UTF-8", PointId(point), at_ms, at_ms)
    except HistoryUnreadableError as error:
        yield Finding(database.path, "file", str(error).partition(": ")[2])
    except sqlite3.OperationalError as error:
        yield Finding(database.path, "file", str(error))


def _journal(files: list[JournalFile], progress: _Progress) -> Iterator[Finding]:
    newest = 0
    for file in files:
        try:
            records, end = whole_records(file.path, file.content)
        except HistoryUnreadableError as error:
            yield Finding(file.path, "file", str(error).partition(": ")[2])
            continue
        if end < len(file.content):
            yield _torn(file, end, is_harmless=file is files[-1])
        at = 0
        for record in records:
            if record.start > at:
                problem = f"the record at byte {at} is broken, and whole ones are behind it, which are kept"
                yield Finding(file.path, "journal", problem)
            at = record.end
            if record.sequence <= newest:
                yield Finding(file.path, f"record {record.sequence}", f"it comes after record {newest}")
            newest = record.sequence
        progress.step()


def _torn(file: JournalFile, end: int, *, is_harmless: bool) -> Finding:
    """What is behind the last whole record."""
    rest = len(file.content) - end
    problem = (
        f"its last {rest} bytes are no whole record: being written, or torn by a crash; the next start cuts them"
    )
    return Finding(file.path, "journal", problem, is_harmless=is_harmless)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _without_its_name(error: BrokenPieceError) -> str:
    """The problem alone; which piece it is stands before it already."""
    return str(error).partition(": ")[2] or str(error)
