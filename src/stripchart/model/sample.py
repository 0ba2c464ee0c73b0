"""Samples: the columns in which readings travel from decode to disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NewType, Self

import numpy as np
import numpy.typing as npt

from stripchart.model.quality import FIRST_BAD, Quality

PointId = NewType("PointId", int)

PointIds = npt.NDArray[np.int32]
Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Qualities = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SampleBatch:
    """Samples as four columns of equal length, and the texts of string points beside them.

    `point_id` int32; `at_ms` int64, UTC milliseconds when the device answered; `value` float64, NaN exactly where
    the quality is bad; `quality` uint8, codes of `Quality`. A string point has its sample in `texts` (point to
    time and text), not in the columns, because a text is no number.
    """

    point_id: PointIds
    at_ms: Times
    value: Values
    quality: Qualities
    texts: Mapping[PointId, tuple[int, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.point_id)

    @staticmethod
    def empty() -> "SampleBatch":
        return _EMPTY

    @classmethod
    def all_bad(cls, points: PointIds, at_ms: int, quality: Quality = Quality.BAD_COMM) -> Self:
        """What a device that could not be read leaves: one sample without a value for each of its points."""
        count = len(points)
        return cls(points, np.full(count, at_ms), np.full(count, np.nan), np.full(count, quality, np.uint8))

    @classmethod
    def joined(cls, batches: Sequence["SampleBatch"]) -> "SampleBatch":
        """All batches as one, in the given order; of a point's texts the last stays, with the time it became that."""
        if len(batches) == 1:
            return batches[0]
        if not batches:
            return cls.empty()
        texts: dict[PointId, tuple[int, str]] = {}
        for batch in batches:
            for point, (at_ms, text) in batch.texts.items():
                if point not in texts or texts[point][1] != text:
                    texts[point] = (at_ms, text)
        return cls(
            np.concatenate([batch.point_id for batch in batches]),
            np.concatenate([batch.at_ms for batch in batches]),
            np.concatenate([batch.value for batch in batches]),
            np.concatenate([batch.quality for batch in batches]),
            texts,
        )

    def where(self, keep: npt.NDArray[np.bool_] | npt.NDArray[np.intp] | slice) -> "SampleBatch":
        """The samples of which `keep` is true (or of these rows), and all texts."""
        return SampleBatch(self.point_id[keep], self.at_ms[keep], self.value[keep], self.quality[keep], self.texts)

    def of(self, points: PointIds) -> "SampleBatch":
        """The samples and texts of these points alone."""
        known = frozenset(points.tolist())
        texts = {point: text for point, text in self.texts.items() if point in known}
        keep = np.isin(self.point_id, points)
        return SampleBatch(self.point_id[keep], self.at_ms[keep], self.value[keep], self.quality[keep], texts)

    @property
    def has_value(self) -> npt.NDArray[np.bool_]:
        return self.quality < FIRST_BAD


_EMPTY = SampleBatch(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.uint8))
