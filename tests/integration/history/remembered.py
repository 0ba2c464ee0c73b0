"""What a history should answer, from a plain dictionary: every sample, text and horizon it was ever given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from stripchart.history.horizons import GONE, KEEP_ALL, Horizon, Horizons
from stripchart.model.quality import FIRST_BAD
from stripchart.model.sample import SampleBatch

HOUR_MS, MINUTE_MS = 3_600_000, 60_000

Row = tuple[int, int, float, int]
"""Point, time, value, quality."""
Span = tuple[int, int]


@dataclass
class Remembered:
    """`late_hours`: point and hour of what was appended behind a horizon, which may count there or not."""

    kept: dict[int, dict[int, tuple[float, int]]] = field(default_factory=dict)
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    default: Horizon = KEEP_ALL
    own: dict[int, Horizon] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    late_hours: set[tuple[int, int]] = field(default_factory=set)
    has_dropped: bool = False

    def keep(self, batch: SampleBatch) -> None:
        columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
        for point, at_ms, value, quality in zip(*(column.tolist() for column in columns), strict=True):
            self.kept.setdefault(point, {})[at_ms] = (value, quality)
        raw_ms = np.array([self.horizon(point).raw_ms for point in batch.point_id.tolist()], np.int64)
        late = batch.at_ms < raw_ms
        self.late_hours.update(
            zip(batch.point_id[late].tolist(), (batch.at_ms[late] // HOUR_MS).tolist(), strict=True)
        )
        for point_id, (at_ms, text) in batch.texts.items():
            known = self.texts.setdefault(int(point_id), {})
            before = max((each for each in known if each <= at_ms), default=None)
            if before is None or known[before] != text:
                known[at_ms] = text

    def horizon(self, point: int) -> Horizon:
        return GONE if point in self.gone else self.own.get(point, self.default)

    def horizons(self) -> Horizons:
        """What the historian is told; of what is forgotten it knows."""
        return Horizons.of(self.default, self.own.items())

    def rows(self, points: Iterable[int], span: Span) -> list[Row]:
        """The samples that are read, by time, then point."""
        found = [
            (point, at_ms, *self.kept[point][at_ms])
            for point in set(points) & self.kept.keys()
            for at_ms in self.kept[point]
            if max(span[0], self.horizon(point).raw_ms) <= at_ms < span[1]
        ]
        return sorted(found, key=lambda row: (row[1], row[0]))

    def newest(self, points: Iterable[int], at_ms: int) -> list[Row]:
        """The newest sample of each point that is not newer than a time, by point."""
        found = []
        for point in sorted(set(points) & self.kept.keys()):
            times = [each for each in self.kept[point] if self.horizon(point).raw_ms <= each <= at_ms]
            if times:
                found.append((point, max(times), *self.kept[point][max(times)]))
        return found

    def texts_of(self, point: int, span: Span) -> list[tuple[int, str]]:
        known, start_ms = self.texts.get(point, {}), max(span[0], self.horizon(point).raw_ms)
        if point in self.gone:
            return []
        standing = max((each for each in known if each <= start_ms), default=start_ms)
        return sorted((at_ms, text) for at_ms, text in known.items() if standing <= at_ms < span[1])

    def newest_texts(self) -> dict[int, tuple[int, str]]:
        there = {point: known for point, known in self.texts.items() if point not in self.gone}
        return {point: max(there[point].items()) for point in sorted(there)}

    def buckets(self, points: Sequence[int], span: Span, edges: Sequence[int], step_ms: int) -> "list[Bucket]":
        """By point, then start; `edges` are where buckets begin, and where the last one ends."""
        found = []
        for point in sorted(set(points) & self.kept.keys()):
            at_ms = np.array(sorted(self.kept[point]), np.int64)
            horizon = self.horizon(point)
            at_ms = at_ms[(at_ms >= max(span[0], horizon.of_buckets(step_ms))) & (at_ms < span[1])]
            is_sure = self._are_sure(point, at_ms, span, step_ms)
            number = np.searchsorted(edges, at_ms, side="right") - 1
            for each in np.unique(number).tolist():
                own = number == each
                samples = [self.kept[point][time] for time in at_ms[own].tolist()]
                found.append(Bucket(point, edges[each], samples, int(is_sure[own].sum())))
        return found

    def _are_sure(self, point: int, at_ms: np.ndarray, span: Span, step_ms: int) -> np.ndarray:
        """Which samples must count: those before no horizon, and those of a whole hour or minute as it was."""
        unit_ms = HOUR_MS if step_ms % HOUR_MS == 0 else MINUTE_MS
        begins = at_ms // unit_ms * unit_ms
        is_whole = (begins >= span[0]) & (begins + unit_ms <= span[1])
        late = [hour for each, hour in self.late_hours if each == point]
        as_it_was = is_whole & ~np.isin(at_ms // HOUR_MS, late)
        return (at_ms >= self.horizon(point).raw_ms) | as_it_was


@dataclass(frozen=True)
class Bucket:
    """All samples that may count in it, oldest first, and how many of them must."""

    point: int
    start_ms: int
    samples: list[tuple[float, int]]
    sure: int

    @property
    def values(self) -> np.ndarray:
        return np.array([value for value, quality in self.samples if quality < FIRST_BAD] or [np.nan])
