"""What waits on the disk, in memory too, for those who ask before it is stored. Any thread may use it."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stripchart.history.embedded.ordering import newest_wins
from stripchart.model.sample import PointId, SampleBatch

MOST_SAMPLES = 1_000_000
"""Half an hour of a plant of 600 samples a second, in 21 MB. What is older is seen when it is stored."""
MOST_TEXTS = 10_000
_PART = 1 << 16
"""Batches are put together up to so many samples, so that there are never many parts to look into."""


@dataclass(frozen=True, slots=True)
class _Part:
    last_sequence: int
    batch: SampleBatch


@dataclass(frozen=True, slots=True)
class _Text:
    sequence: int
    point: PointId
    at_ms: int
    text: str


class WaitingSamples:
    """Batches in the order they came, by their number; of those at most MOST_SAMPLES the newest."""

    def __init__(self) -> None:
        self._parts: deque[_Part] = deque()
        self._texts: deque[_Text] = deque(maxlen=MOST_TEXTS)
        self._samples = 0
        self._lock = threading.Lock()

    @property
    def has_samples(self) -> bool:
        return self._samples > 0

    def add(self, sequence: int, batch: SampleBatch) -> None:
        """One more waits."""
        with self._lock:
            self._texts.extend(_Text(sequence, point, *text) for point, text in batch.texts.items())
            if len(batch):
                self._samples += len(batch)
                self._parts.append(_Part(sequence, _without_texts(batch)))
                self._put_together()
            while self._samples > MOST_SAMPLES and len(self._parts) > 1:
                self._samples -= len(self._parts.popleft().batch)

    def drop_up_to(self, sequence: int) -> None:
        """Those up to this number wait no more. Some of them may be told until others follow."""
        with self._lock:
            while self._parts and self._parts[0].last_sequence <= sequence:
                self._samples -= len(self._parts.popleft().batch)
            while self._texts and self._texts[0].sequence <= sequence:
                self._texts.popleft()

    def of(self, points: Sequence[PointId] | None, start_ms: int, end_ms: int) -> SampleBatch:
        """The samples of the points (None: of all) in the range, by point, then time; the newest to come wins."""
        with self._lock:
            parts = [part.batch for part in self._parts]
        return newest_wins(*(_within(part, points, start_ms, end_ms) for part in parts))

    def texts_of(self, point: PointId) -> dict[int, str]:
        """The texts of a point and when they came into force."""
        with self._lock:
            return {each.at_ms: each.text for each in self._texts if each.point == point}

    def newest_texts(self) -> dict[PointId, tuple[int, str]]:
        """Of each point with texts the newest."""
        newest: dict[PointId, tuple[int, str]] = {}
        with self._lock:
            for each in self._texts:
                if each.point not in newest or newest[each.point][0] <= each.at_ms:
                    newest[each.point] = (each.at_ms, each.text)
        return newest

    def _put_together(self) -> None:
        """The last parts, as long as the one before is hardly larger: each sample is copied a few times in all."""
        while len(self._parts) > 1:
            before, last = self._parts[-2], self._parts[-1]
            if len(before.batch) > 2 * len(last.batch) or len(before.batch) + len(last.batch) > _PART:
                return
            self._parts.pop()
            self._parts[-1] = _Part(last.last_sequence, SampleBatch.joined([before.batch, last.batch]))


def _without_texts(batch: SampleBatch) -> SampleBatch:
    return SampleBatch(batch.point_id, batch.at_ms, batch.value, batch.quality)


def _within(batch: SampleBatch, points: Sequence[PointId] | None, start_ms: int, end_ms: int) -> SampleBatch:
    keep = (batch.at_ms >= start_ms) & (batch.at_ms < end_ms)
    if points is not None and keep.any():
        keep &= np.isin(batch.point_id, np.array(points, np.int32))
    return batch.where(keep)
