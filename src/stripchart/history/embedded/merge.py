"""Merging: bundles become larger bundles and then segments, and small segments become large ones."""

import sqlite3
from bisect import bisect_right

import numpy as np
import numpy.typing as npt

from stripchart.history.embedded.change import Change
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.segment import ENOUGH, OWN_SEGMENT, SMALL, Segment
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.year import SQL, YearFile

_BUNDLES = 8
"""So many bundles of one level and block that may have the same points are worth merging."""
_SAMPLES_AT_ONCE = 1_000_000
_LARGE_ONES_PASSED = 8
"""So many large segments end the search for small ones."""


def merge_some(store: Store, year: YearFile) -> bool:
    """One step of merging, done in a fraction of a second. Whether there was anything to do."""
    return _merge_bundles(store, year) or _join_segments(store, year)


def _merge_bundles(store: Store, year: YearFile) -> bool:
    chosen = _ripe_bundles(year)
    if not chosen:
        return False
    with year.changing() as db, told_as_history(year.path):
        change = Change(year, db, store.settled_of)
        for level, ids in chosen:
            change.place(change.taken_out(ids), level + 1)
        _publish(store, year, change)
    return True


def _ripe_bundles(year: YearFile) -> list[tuple[int, list[int]]]:
    """Levels and ids of bundles to merge now."""
    directory = year.directory
    healthy = ~np.isin(directory.id, np.array(sorted(year.broken_bundles), np.int64))
    key = directory.block * 64 + directory.level
    chosen, samples = [], 0
    for group, count in zip(*np.unique(key[healthy], return_counts=True), strict=True):
        if count < _BUNDLES:
            continue
        rows = np.flatnonzero(healthy & (key == group))
        # Bundles of one sealing lie side by side: it is the most crowded place that counts.
        if _overlaps(directory.first_point[rows], directory.last_point[rows]) < _BUNDLES:
            continue
        chosen.append((int(directory.level[rows[0]]), directory.id[rows].tolist()))
        samples += int(directory.samples[rows].sum())
        if samples >= _SAMPLES_AT_ONCE:
            break
    return chosen


def _overlaps(first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> int:
    """Of how many ranges the point has a part that the most have a part of."""
    edges = np.concatenate([first, last + 1])
    steps = np.concatenate([np.ones(len(first), np.int64), -np.ones(len(last), np.int64)])
    order = np.lexsort((steps, edges))
    return int(np.cumsum(steps[order]).max())


def _join_segments(store: Store, year: YearFile) -> bool:
    if not year.small_is_known:
        _recall_small(year)
    points = sorted(point for point, samples in year.small_samples.items() if samples >= ENOUGH)
    if not points:
        return False
    with year.changing() as db, told_as_history(year.path):
        change = Change(year, db, store.settled_of)
        runs = (run for point in points for run in _runs_of_small(year, db, point))
        done = change.join(runs, _SAMPLES_AT_ONCE)
        for point in points[: bisect_right(points, done[-1])] if done else points:
            year.small_samples.pop(point)
        _publish(store, year, change)
    return True


def _recall_small(year: YearFile) -> None:
    """Count what earlier runs left in small segments: after many short runs it is enough, though none wrote much."""
    asked = {"segments": 2 * ENOUGH // OWN_SEGMENT, "small": SMALL}
    with told_as_history(year.path):
        year.small_samples = dict(year.writer.execute(SQL["small_samples"], asked).fetchall())
    year.small_is_known = True


def _runs_of_small(year: YearFile, db: sqlite3.Connection, point: int) -> list[list[Segment]]:
    """Small segments of a point that lie side by side, near its newest end."""
    start_ms, end_ms = year.span
    asked = {"point_id": point, "start_ms": start_ms, "end_ms": end_ms}
    runs: list[list[Segment]] = [[]]
    large = 0
    for row in db.execute(SQL["segments_of_point_newest_first"], asked):
        segment = Segment._make(row)
        if segment.is_sound and segment.samples < SMALL and not segment.is_rolled:
            runs[-1].append(segment)
            continue
        runs.append([])
        large += 1
        if large == _LARGE_ONES_PASSED:
            break
    return [run[::-1] for run in runs if len(run) > 1]


def _publish(store: Store, year: YearFile, change: Change) -> None:
    change.finish()
    with store.lock:
        change.publish()
        store.note_settled(change.settled)
