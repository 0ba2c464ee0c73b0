"""Reading: one unchanging view of head and year files, and how samples are found in it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import structlog

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.embedded.bundle import Directory, read_bundle
from stripchart.history.embedded.change import mended, read_body
from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.head import HeadView, of_point
from stripchart.history.embedded.ordering import newest_wins
from stripchart.history.embedded.segment import Segment, has_among
from stripchart.history.embedded.state import State
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.year import SQL, YearFile
from stripchart.history.horizons import Horizons
from stripchart.model.sample import PointId, SampleBatch, Times

log = structlog.get_logger()


@dataclass(slots=True)
class YearView:
    """A year file as it was when the view began."""

    file: YearFile
    reader: sqlite3.Connection
    directory: Directory
    state: State

    def segments(self, point: PointId, start_ms: int, end_ms: int, *, descending: bool = False) -> Iterator[Segment]:
        """The segments of a point that share a time with the range, by time."""
        asked = {"point_id": int(point), "start_ms": start_ms, "end_ms": end_ms}
        name = "segments_of_point_newest_first" if descending else "segments_of_point"
        with told_as_history(self.file.path):
            for row in self.reader.execute(SQL[name], asked):
                segment = Segment._make(row)
                if segment.is_sound:
                    yield segment
                else:
                    yield from self._mended(segment)

    def _mended(self, segment: Segment) -> Iterator[Segment]:
        """A segment whose row is broken, as its columns tell it; nothing when they are broken, too."""
        try:
            again = mended(self.reader, segment)
        except BrokenPieceError as error:
            self._without(f"segment of point {segment.point_id}", error)
            return
        self._note(f"segment of point {again.point_id} from {again.first_ms}: its sums are broken, and not used")
        yield again

    def samples(self, segment: Segment) -> SampleBatch:
        """The samples of a segment; none when only roll-ups are left, or it is broken, which is logged."""
        if segment.is_rolled:
            return SampleBatch.empty()
        try:
            with told_as_history(self.file.path):
                return read_body(self.reader, segment, self.file.known_times)
        except HistoryUnreadableError as error:
            return self._without(f"segment of point {segment.point_id}", error)

    def bundle(self, number: int) -> SampleBatch:
        """The samples of a bundle; none when it is broken, which is logged."""
        try:
            with told_as_history(self.file.path):
                return read_bundle(self.reader.execute(SQL["bundle"], (number,)).fetchone())
        except HistoryUnreadableError as error:
            return self._without(f"bundle {number}", error)

    def _without(self, what: str, error: HistoryUnreadableError) -> SampleBatch:
        self._note(str(error) if str(error).startswith(what) else f"{what}: {error}")
        return SampleBatch.empty()

    def without_rollup(self, segment: Segment, name: str) -> None:
        """Note that a roll-up of a segment is broken."""
        self._note(
            f"segment of point {segment.point_id} from {segment.first_ms}: its {name} are broken, and not used"
        )

    def _note(self, reason: str) -> None:
        if reason not in self.file.quarantined:
            self.file.quarantined.add(reason)
            log.error("history.quarantined", file=str(self.file.path), reason=reason)


@dataclass(slots=True)
class View:
    """Head and years at one moment, and the range that is asked for."""

    horizons: Horizons
    head: HeadView
    years: list[YearView]
    start_ms: int
    end_ms: int

    def span(self) -> tuple[int, int]:
        """The part of the range that may have samples."""
        heads = self.head.parts()
        first = [year.state.first_ms for year in self.years] + [int(part.at_ms.min()) for part in heads]
        last = [year.state.last_ms for year in self.years] + [int(part.at_ms.max()) for part in heads]
        first_ms = min((at_ms for at_ms in first if at_ms is not None), default=0)
        last_ms = max((at_ms for at_ms in last if at_ms is not None), default=0)
        return max(self.start_ms, first_ms), min(self.end_ms, last_ms + 1)

    def from_horizons(self, points: list[PointId], from_ms: Times) -> list[tuple["View", list[PointId]]]:
        """The points, together where they are kept from the same time on, with a view that begins no earlier."""
        starts = np.maximum(from_ms, self.start_ms)
        if not len(starts) or starts.max() == self.start_ms:
            return [(self, points)]
        return [
            (replace(self, start_ms=start_ms), [points[row] for row in np.flatnonzero(starts == start_ms)])
            for start_ms in np.unique(starts).tolist()
            if start_ms < self.end_ms
        ]

    def loose(self, points: Sequence[PointId]) -> SampleBatch:
        """The samples of the points in the range that are in no segment, in the order of the files."""
        wanted = np.array(points, np.int32)
        parts = []
        for year in self.years:
            numbers = {
                number
                for point in points
                for number in year.directory.that_may_have(point, self.start_ms, self.end_ms)
            }
            parts += [_of_points(year.bundle(number), wanted) for number in sorted(numbers)]
        sealed = self.inside(newest_wins(*parts))
        return newest_wins(sealed, self.head.of_points(wanted, self.start_ms, self.end_ms))

    def divided(
        self, points: Sequence[PointId], is_whole: Callable[[Segment], bool]
    ) -> tuple[list[Segment], SampleBatch]:
        """The segments that need not be looked into, and all other samples, in the order of the files."""
        loose = self.loose(points)
        whole, parts = [], []
        for point in points:
            own = of_point(loose, point).at_ms
            for year in self.years:
                for segment in year.segments(point, self.start_ms, self.end_ms):
                    if is_whole(segment) and not has_among(segment, own):
                        whole.append(segment)
                    else:
                        parts.append(self.inside(year.samples(segment)))
        return whole, newest_wins(*parts, loose)

    def has_whole(self, segment: Segment, unit_ms: int) -> bool:
        """Whether every minute, hour or day lies in the range of which the segment has a part."""
        begin_ms, last_ms = (each // unit_ms * unit_ms for each in (segment.first_ms, segment.last_ms))
        return begin_ms >= self.start_ms and last_ms + unit_ms <= self.end_ms

    def inside(self, batch: SampleBatch) -> SampleBatch:
        """Those of the samples that lie in the range."""
        if not len(batch):
            return batch
        low, high = self.start_ms, self.end_ms
        if batch.at_ms.min() >= low and batch.at_ms.max() < high:
            return batch
        return batch.where((batch.at_ms >= low) & (batch.at_ms < high))


@contextmanager
def view(store: Store, start_ms: int, end_ms: int) -> Iterator[View]:
    """What is kept now, of the years that have a part of the range. Each view reads on connections of its own."""
    pinned: list[YearView] = []
    try:
        with store.lock:
            head, horizons = store.head.view(), store.expiry.horizons
            for _, year in sorted(store.years.items()):
                first_ms, last_ms = year.state.first_ms, year.state.last_ms
                if first_ms is not None and last_ms is not None and first_ms < end_ms and last_ms >= start_ms:
                    pinned.append(YearView(year, year.pin(), year.directory, year.state))
        yield View(horizons, head, pinned, start_ms, end_ms)
    finally:
        for each in pinned:
            each.file.unpin(each.reader)


def _of_points(batch: SampleBatch, points: np.ndarray[tuple[int], np.dtype[np.int32]]) -> SampleBatch:
    if len(points) == 1:
        return of_point(batch, int(points[0]))
    return batch.where(np.isin(batch.point_id, points))
