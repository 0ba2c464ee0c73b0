"""The head: samples that are in the journal and not yet in a year file, in memory and readable at once."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stripchart.history.embedded.ordering import in_file_order, rows_of
from stripchart.model.sample import PointId, PointIds, Qualities, SampleBatch, Times, Values

BYTES_PER_SAMPLE = 21
MOST_BYTES_PER_SAMPLE = 4 * BYTES_PER_SAMPLE
"""What a sample takes at worst: in the active part, and three times in one that is being put in order and written."""


@dataclass(slots=True)
class Active:
    """Columns that are filled in the order of arrival. Memory is used only as far as they are filled.

    `late` are the points of which a sample may repeat another; `sequence` and `file` are those of the newest batch.
    """

    point_id: PointIds
    at_ms: Times
    value: Values
    quality: Qualities
    count: int = 0
    late: set[int] = field(default_factory=set)
    sequence: int = 0
    file: int = 0

    @classmethod
    def of(cls, capacity: int) -> "Active":
        return cls(
            np.empty(capacity, np.int32),
            np.empty(capacity, np.int64),
            np.empty(capacity, np.float64),
            np.empty(capacity, np.uint8),
        )

    def has_room(self, count: int) -> bool:
        return self.count + count <= len(self.point_id)

    def add(self, batch: SampleBatch) -> None:
        rows = slice(self.count, self.count + len(batch))
        self.point_id[rows] = batch.point_id
        self.at_ms[rows] = batch.at_ms
        self.value[rows] = batch.value
        self.quality[rows] = batch.quality
        self.count = rows.stop

    def let_go(self) -> None:
        """Give up the columns, which are kept in another order from now on; `count` stays."""
        empty = Active.of(0)
        self.point_id, self.at_ms, self.value, self.quality = empty.point_id, empty.at_ms, empty.value, empty.quality

    def samples(self) -> SampleBatch:
        """What is in it now; rows that come later do not show in it."""
        return rows_of(SampleBatch(self.point_id, self.at_ms, self.value, self.quality), slice(0, self.count))


@dataclass(frozen=True, slots=True)
class Frozen:
    """A head that is being sealed, in the order of the files; `of` is what it was."""

    of: Active
    samples: SampleBatch


@dataclass(slots=True)
class Head:
    """The active part, and at most one that is being sealed."""

    capacity: int
    active: Active = field(init=False)
    freezing: Active | None = None
    frozen: Frozen | None = None

    def __post_init__(self) -> None:
        self.active = Active.of(self.capacity)

    def may_repeat(self, point: int) -> bool:
        """Whether a sample of the point may not be newer than all before it."""
        return point in self.active.late or (self.freezing is not None and point in self.freezing.late)

    def begin(self, needed: int) -> Active:
        """Put the active part aside for sealing, and go on in a new one with room for so many."""
        self.freezing, self.active = self.active, Active.of(max(self.capacity, needed))
        return self.freezing

    def renew(self, needed: int) -> None:
        """An active part with room for so many, in place of one that is empty."""
        self.active = Active.of(max(self.capacity, needed))

    def view(self) -> "HeadView":
        """What a reader sees from now on, however the head changes."""
        sealing = self.frozen.samples if self.frozen is not None else None
        waiting = self.freezing.samples() if self.freezing is not None and sealing is None else None
        late = self.active.late | (self.freezing.late if self.freezing is not None else set())
        return HeadView(sealing, waiting, self.active.samples(), late)


@dataclass(frozen=True, slots=True)
class HeadView:
    """The samples of the head at one moment: in the order of the files, or of arrival; oldest part first.

    `late`: the points of which a sample may repeat another, here or in a year file.
    """

    sorted_part: SampleBatch | None
    waiting_part: SampleBatch | None
    active_part: SampleBatch
    late: set[int]

    def parts(self) -> list[SampleBatch]:
        """What it is made of, oldest first, without what is empty."""
        parts = (self.sorted_part, self.waiting_part, self.active_part)
        return [part for part in parts if part is not None and len(part)]

    def of_points(self, points: PointIds, start_ms: int, end_ms: int) -> SampleBatch:
        """The samples of the points (ascending) in the range, in the order of the files."""
        parts = []
        if self.sorted_part is not None:
            parts.append(_from_sorted(self.sorted_part, points))
        parts += [
            part.where(_is_one_of(part.point_id, points))
            for part in (self.waiting_part, self.active_part)
            if part is not None and len(part)
        ]
        found = in_file_order(SampleBatch.joined([part for part in parts if len(part)]))
        if not len(found):
            return found
        inside = (found.at_ms >= start_ms) & (found.at_ms < end_ms)
        return found if inside.all() else found.where(inside)


def of_point(batch: SampleBatch, point: PointId | int) -> SampleBatch:
    """The rows of one point of a batch in the order of the files."""
    low, high = np.searchsorted(batch.point_id, [point, point + 1])
    return rows_of(batch, slice(int(low), int(high)))


def _from_sorted(batch: SampleBatch, points: PointIds) -> SampleBatch:
    parts = [of_point(batch, int(point)) for point in points]
    return SampleBatch.joined([part for part in parts if len(part)])


def _is_one_of(point_id: PointIds, points: PointIds) -> npt.NDArray[np.bool_]:
    if len(points) == 1:
        return np.asarray(point_id == points[0])
    return np.isin(point_id, points)
