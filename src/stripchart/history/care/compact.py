"""Compacting: small segments and bundles are merged as far as they go, and files are written without gaps.

Segments of an older release get what was not kept then.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from stripchart.history.base import HistoryUnavailableError
from stripchart.history.care.checksums import broken_pieces
from stripchart.history.embedded.change import Change
from stripchart.history.embedded.files import bytes_in, keep_name, told_as_history
from stripchart.history.embedded.lock import lock_folder
from stripchart.history.embedded.replay import replay
from stripchart.history.embedded.seal import seal
from stripchart.history.embedded.segment import SMALL, Segment, wants_sparse_hours
from stripchart.history.embedded.store import EmbeddedOptions, Store
from stripchart.history.embedded.year import SQL, YearFile
from stripchart.model.sample import PointId

Advance = Callable[[str, int, int], None]
"""Told which file it is about, how many steps are done, and how many there are."""

DRAFT = ".compact"
_SAMPLES_AT_ONCE = 1_000_000
_SEGMENTS_AT_ONCE = 256
_WITHOUT_HOURS = """
SELECT point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id,
    NULL, NULL, NULL, crc, NULL
FROM segment WHERE hours IS NULL AND sparse_hours IS NULL AND body_id > 0 AND samples >= ?
ORDER BY point_id, first_ms
"""


@dataclass(frozen=True, slots=True)
class Size:
    """What a history takes: bytes of all its files, and pieces (segments and bundles) in its years."""

    bytes: int
    pieces: int


def compact(folder: Path, advance: Advance) -> tuple[Size, Size]:
    """Merge what is small and give back what is free; the size before and after.

    Raises HistoryUnavailableError when there is no history, or another process has it.
    """
    if not folder.is_dir():
        raise HistoryUnavailableError(f"{folder}: there is no history here; name the data folder with --data-dir")
    with closing(lock_folder(folder)):
        bytes_before = bytes_in(folder)
        pieces_before, pieces_after, paths = _merge(folder, advance)
        for number, path in enumerate(paths):
            advance(path.name, len(paths) + number, 2 * len(paths))
            _write_anew(path)
        advance("", 2 * len(paths), 2 * len(paths))
        return Size(bytes_before, pieces_before), Size(bytes_in(folder), pieces_after)


def _merge(folder: Path, advance: Advance) -> tuple[int, int, list[Path]]:
    store = Store(folder, EmbeddedOptions())
    try:
        replay(store)
        years = [year for _, year in sorted(store.years.items())]
        before = sum(_pieces(year) for year in years)
        if store.head.active.count:
            with store.lock:
                active = store.head.begin(0)
            seal(store, active)
        years = [year for _, year in sorted(store.years.items())]
        for number, year in enumerate(years):
            advance(year.path.name, number, 2 * len(years))
            _merge_bundles(store, year)
            _join_segments(store, year)
            _add_sparse_hours(store, year)
        return before, sum(_pieces(year) for year in years), [year.path for year in years]
    finally:
        store.close()


def _pieces(year: YearFile) -> int:
    with told_as_history(year.path):
        count = "SELECT (SELECT count(*) FROM segment) + (SELECT count(*) FROM bundle)"
        return int(year.writer.execute(count).fetchone()[0])


def _merge_bundles(store: Store, year: YearFile) -> None:
    """Each block's bundles become segments, and as few bundles as the rest needs."""
    directory = year.directory
    for block in np.unique(directory.block).tolist():
        ids = directory.id[directory.block == block].tolist()
        level = int(directory.level[directory.block == block].max())
        if len(ids) < 2:
            continue
        with year.changing() as db, told_as_history(year.path):
            change = Change(year, db, store.settled_of)
            change.place(change.taken_out(ids), level)
            _publish(store, change)
        year.checkpoint()


def _join_segments(store: Store, year: YearFile) -> None:
    runs, samples = [], 0
    for run in _small_runs(year):
        runs.append(run)
        samples += sum(segment.samples for segment in run)
        if samples >= _SAMPLES_AT_ONCE:
            _join(store, year, runs)
            runs, samples = [], 0
    _join(store, year, runs)


def _join(store: Store, year: YearFile, runs: list[list[Segment]]) -> None:
    if not runs:
        return
    with year.changing() as db, told_as_history(year.path):
        change = Change(year, db, store.settled_of)
        change.join(iter(runs), 2**62)
        _publish(store, change)
    year.checkpoint()


def _add_sparse_hours(store: Store, year: YearFile) -> None:
    """Segments of an older release, which knew none, get their sparse hours."""
    with told_as_history(year.path):
        rows = year.writer.execute(_WITHOUT_HOURS, (SMALL,)).fetchall()
    lacking = [segment for segment in map(Segment._make, rows) if segment.is_sound and wants_sparse_hours(segment)]
    for first in range(0, len(lacking), _SEGMENTS_AT_ONCE):
        with year.changing() as db, told_as_history(year.path):
            change = Change(year, db, store.settled_of)
            change.add_sparse_hours(lacking[first : first + _SEGMENTS_AT_ONCE])
            _publish(store, change)
        year.checkpoint()


def _publish(store: Store, change: Change) -> None:
    change.finish()
    with store.lock:
        change.publish()
        store.note_settled(change.settled)


def _small_runs(year: YearFile) -> Iterator[list[Segment]]:
    """Small segments of a point that lie side by side, point after point."""
    start_ms, end_ms = year.span
    with told_as_history(year.path):
        points = year.writer.execute("SELECT DISTINCT point_id FROM segment ORDER BY point_id").fetchall()
    for (point,) in points:
        asked = {"point_id": PointId(point), "start_ms": start_ms, "end_ms": end_ms}
        with told_as_history(year.path):
            segments = [Segment._make(row) for row in year.writer.execute(SQL["segments_of_point"], asked)]
        for is_small, run in groupby(segments, _is_small):
            together = list(run)
            if is_small and len(together) > 1:
                yield together


def _is_small(segment: Segment) -> bool:
    return segment.is_sound and segment.samples < SMALL and not segment.is_rolled


def _write_anew(path: Path) -> None:
    """Replace a closed year file by one without gaps, unless that would not make it smaller."""
    draft = path.with_name(path.name + DRAFT)
    draft.unlink(missing_ok=True)
    size = path.stat().st_size
    if shutil.disk_usage(path.parent).free < size + 2**20:
        _give_back(path)
        return
    with told_as_history(path):
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("VACUUM INTO ?", (str(draft),))
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        if draft.stat().st_size < size and _is_as_good(path, draft):
            draft.replace(path)
            keep_name(path.parent)
        draft.unlink(missing_ok=True)


def _give_back(path: Path) -> None:
    """The free pages at least, where there is no room for a second file."""
    with told_as_history(path), closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA incremental_vacuum")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_as_good(path: Path, draft: Path) -> bool:
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(draft)) as new:
        return list(broken_pieces(new)) == list(broken_pieces(old))
