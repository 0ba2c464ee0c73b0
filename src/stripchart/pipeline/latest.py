"""The last sample of each point, in columns indexed by point id, and how old it may get."""

import sys
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stripchart.model.exact import digits_of
from stripchart.model.quality import FIRST_BAD, Quality, Reason
from stripchart.model.sample import PointId, PointIds, Qualities, SampleBatch, Times, Values

NEVER_MS = 0
"""The time of a sample that does not exist."""

_FOR_EVER_MS = np.iinfo(np.int64).max
_TEXT_BYTES = 200
"""What a text takes beside its letters: its time, and its places in the table."""


@dataclass(frozen=True, slots=True)
class LatestValues:
    """What points say now: columns in the order they were asked for.

    `at_ms`: UTC milliseconds, NEVER_MS for a point without samples (its quality is bad, no_data). `quality`: codes
    of `Quality`, with a good value that is older than its point allows turned to uncertain, stale. `good_value`,
    `good_at_ms`: the last sample that had a value; NaN and NEVER_MS when there was none. `stale_after_ms`: how old a
    sample of each may get.
    """

    at_ms: Times
    value: Values
    quality: Qualities
    good_value: Values
    good_at_ms: Times
    stale_after_ms: Times


@dataclass(frozen=True, slots=True)
class LatestText:
    """What a string point says now. `quality`: good, or uncertain, stale once it is older than its point allows."""

    at_ms: int
    text: str
    quality: Quality


class Latest:
    """Grows with the highest point id; about 60 bytes a point. `revision` counts whatever it takes in."""

    def __init__(self) -> None:
        self.revision = 0
        self._at_ms = np.zeros(0, np.int64)
        self._value = np.zeros(0)
        self._quality = np.zeros(0, np.uint8)
        self._good_value = np.zeros(0)
        self._good_at_ms = np.zeros(0, np.int64)
        self._stale_after_ms = np.zeros(0, np.int64)
        self._touched = np.zeros(0, np.int64)
        self._texts: dict[PointId, tuple[int, str]] = {}

    def declare(self, points: PointIds, stale_after_ms: npt.NDArray[np.int64]) -> None:
        """From now on a value of these points is stale when it is older than this."""
        self.revision += 1
        self._reach(int(points.max(initial=-1)))
        self._stale_after_ms[points] = stale_after_ms
        self._touched[points] = self.revision

    def update(self, batch: SampleBatch) -> None:
        """Take in samples. Of several samples of one point the last row counts."""
        self.revision += 1
        points = batch.point_id
        if len(points):
            self._reach(int(points.max()))
            self._at_ms[points] = batch.at_ms
            self._value[points] = batch.value
            self._quality[points] = batch.quality
            good = batch.has_value
            self._good_value[points[good]] = batch.value[good]
            self._good_at_ms[points[good]] = batch.at_ms[good]
            self._touched[points] = self.revision
        if batch.texts:
            self._texts.update(batch.texts)
            self._touch(np.fromiter(batch.texts, np.int32))

    def silent(self) -> PointIds:
        """The points whose last sample has no value, and of which no earlier value is known."""
        has_samples = self._at_ms != NEVER_MS
        return np.flatnonzero(has_samples & (self._good_at_ms == NEVER_MS)).astype(np.int32)

    def recall(self, batch: SampleBatch) -> None:
        """Take in values from before the last sample: they become the last good ones, unless newer ones are known."""
        self.revision += 1
        older = batch.at_ms > self._good_at_ms[batch.point_id]
        points = batch.point_id[older]
        self._good_value[points], self._good_at_ms[points] = batch.value[older], batch.at_ms[older]
        self._touched[points] = self.revision

    def touched_since(self, revision: int) -> PointIds:
        """The points of which something was taken in or forgotten behind that revision."""
        return np.flatnonzero(self._touched > revision).astype(np.int32)

    def stale(self, now_ms: int) -> npt.NDArray[np.bool_]:
        """Of each point, by its id, whether its value was good and is older than it may get."""
        is_old: npt.NDArray[np.bool_] = np.abs(now_ms - self._at_ms) > self._stale_after_ms
        is_old &= self._quality == Quality.GOOD
        return is_old

    def samples(self, points: PointIds) -> SampleBatch:
        """The newest sample of each of these points, as it came; unknown ids have a bad one, no_data."""
        self._reach(int(points.max(initial=-1)))
        return SampleBatch(points, self._at_ms[points], self._value[points], self._quality[points])

    def values(self, points: PointIds, now_ms: int) -> LatestValues:
        """What these points say now; unknown ids have no sample.

        A sample that lies as far in the future, because the clock was set back, is as stale as an old one.
        """
        self._reach(int(points.max(initial=-1)))
        at_ms = self._at_ms[points]
        quality = self._quality[points]
        stale = (quality == Quality.GOOD) & (np.abs(now_ms - at_ms) > self._stale_after_ms[points])
        quality[stale] = Quality.UNCERTAIN_STALE
        good = self._good_value[points], self._good_at_ms[points]
        return LatestValues(at_ms, self._value[points], quality, *good, self._stale_after_ms[points])

    def news(self, batch: SampleBatch) -> SampleBatch:
        """The samples and texts that are newer than what is known of their points, oldest first."""
        self._reach(int(batch.point_id.max(initial=-1)))
        newer = np.flatnonzero(batch.at_ms > self._at_ms[batch.point_id])
        texts = {point: text for point, text in batch.texts.items() if text[0] > self._text_ms(point)}
        return replace(batch.where(newer[np.argsort(batch.at_ms[newer], kind="stable")]), texts=texts)

    def seen(self) -> PointIds:
        """The points of which anything is known."""
        return np.flatnonzero(self._at_ms != NEVER_MS).astype(np.int32)

    def forget(self, points: PointIds) -> None:
        """Nothing is known of these points any more."""
        self.revision += 1
        self._touch(points)
        self._at_ms[points] = self._good_at_ms[points] = NEVER_MS
        self._value[points] = self._good_value[points] = np.nan
        self._quality[points] = Quality.BAD_NO_DATA
        for point in points.tolist():
            self._texts.pop(point, None)

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        columns = (self._at_ms, self._value, self._quality, self._good_value, self._good_at_ms, self._stale_after_ms)
        texts = sum(sys.getsizeof(text) + _TEXT_BYTES for _, text in self._texts.values())
        return sum(column.nbytes for column in columns) + self._touched.nbytes + texts

    def bad_by_reason(self, points: PointIds) -> dict[Reason, int]:
        """How many of the points have no value now, by reason. A point that was never read does not count."""
        self._reach(int(points.max(initial=-1)))
        codes = self._quality[points]
        if codes.max(initial=0) < FIRST_BAD:
            return {}
        counts = np.bincount(codes[self._at_ms[points] != NEVER_MS], minlength=FIRST_BAD + 1)
        bad = (np.flatnonzero(counts[FIRST_BAD:]) + FIRST_BAD).tolist()
        return {Quality(code).reason or Reason.COMM: int(counts[code]) for code in bad}

    def newest_value_ms(self, points: PointIds) -> int | None:
        """When the newest of the points' samples with a value was taken; None when there is none."""
        self._reach(int(points.max(initial=-1)))
        return int(self._good_at_ms[points].max(initial=NEVER_MS)) or None

    def newest_ms(self, points: PointIds) -> int | None:
        """When the newest of the points' samples was taken, good or bad; None when there is none."""
        self._reach(int(points.max(initial=-1)))
        return int(self._at_ms[points].max(initial=NEVER_MS)) or None

    def text(self, point: PointId, now_ms: int) -> LatestText | None:
        """What a string point says now; None when it was never read."""
        known = self._texts.get(point)
        if known is None:
            return None
        self._reach(point)
        is_stale = abs(now_ms - known[0]) > self._stale_after_ms[point]
        return LatestText(*known, Quality.UNCERTAIN_STALE if is_stale else Quality.GOOD)

    def has_text(self, point: PointId) -> bool:
        """Whether a text of the point is known."""
        return point in self._texts

    def digits(self, point: PointId, value: float) -> str | None:
        """The digits of a whole number that the value (newest, or newest good) only comes near to."""
        known = self._texts.get(point)
        return digits_of(value, known[1] if known else None)

    def _text_ms(self, point: PointId) -> int:
        known = self._texts.get(point)
        return known[0] if known else NEVER_MS

    def _touch(self, points: PointIds) -> None:
        self._reach(int(points.max(initial=-1)))
        self._touched[points] = self.revision

    def _reach(self, highest: int) -> None:
        needed = highest + 1
        have = len(self._at_ms)
        if needed <= have:
            return
        more = max(needed, have + have // 4) - have
        self._at_ms = np.append(self._at_ms, np.full(more, NEVER_MS))
        self._value = np.append(self._value, np.full(more, np.nan))
        self._quality = np.append(self._quality, np.full(more, Quality.BAD_NO_DATA, np.uint8))
        self._good_value = np.append(self._good_value, np.full(more, np.nan))
        self._good_at_ms = np.append(self._good_at_ms, np.full(more, NEVER_MS))
        self._stale_after_ms = np.append(self._stale_after_ms, np.full(more, _FOR_EVER_MS))
        self._touched = np.append(self._touched, np.zeros(more, np.int64))
