"""How much is kept, exactly: what the year files count, and what of the head they do not have."""

import numpy as np

from stripchart.history.base import HistoryStats
from stripchart.history.embedded.files import bytes_in
from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.view import View, view
from stripchart.model.sample import PointId, SampleBatch, Times

_EVER = (-(2**62), 2**62)


def stats_of(store: Store) -> HistoryStats:
    """The samples, counted without reading them as far as none came late."""
    with view(store, *_EVER) as seen:
        parts = seen.head.parts()
        if seen.head.late:
            late = np.array(sorted(seen.head.late), np.int32)
            some = _not_yet_sealed(store, seen, seen.head.of_points(late, *_EVER))
            parts = [part.where(~np.isin(part.point_id, late)) for part in parts]
            parts = [part for part in (*parts, some) if len(part)]
        states = [year.state for year in seen.years]
        oldest_ms = seen.horizons.oldest_ms
    first = [state.first_ms for state in states if state.first_ms is not None]
    last = [state.last_ms for state in states if state.last_ms is not None]
    first += [int(part.at_ms.min()) for part in parts]
    last += [int(part.at_ms.max()) for part in parts]
    return HistoryStats(
        samples=sum(state.samples for state in states) + sum(len(part) for part in parts),
        bytes=bytes_in(store.folder),
        first_ms=max(min(first), oldest_ms) if first else None,
        last_ms=max(last, default=None),
    )


def _not_yet_sealed(store: Store, seen: View, batch: SampleBatch) -> SampleBatch:
    """The samples whose point and time no year file has."""
    late = batch.at_ms <= store.sealed_of(batch.point_id)
    new = np.ones(len(batch), np.bool_)
    for point in np.unique(batch.point_id[late]).tolist():
        rows = np.flatnonzero((batch.point_id == point) & late)
        kept = _sealed_times(seen, PointId(point), batch.at_ms[rows])
        new[rows] = ~np.isin(batch.at_ms[rows], kept)
    return batch.where(new)


def _sealed_times(seen: View, point: PointId, at_ms: Times) -> Times:
    """The times a point has in the year files, where they can be among those asked for."""
    start_ms, end_ms = int(at_ms[0]), int(at_ms[-1]) + 1
    parts = [np.empty(0, np.int64)]
    for year in seen.years:
        for segment in year.segments(point, start_ms, end_ms):
            low, high = np.searchsorted(at_ms, [segment.first_ms, segment.last_ms + 1])
            if low < high:
                parts.append(year.samples(segment).at_ms)
        numbers = year.directory.that_may_have(point, start_ms, end_ms)
        parts += [of_point(year.bundle(number), point).at_ms for number in numbers]
    return np.concatenate(parts)
