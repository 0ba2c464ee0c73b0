"""The historian port: what is kept, how it is asked for, and how keeping fails.

HistoryError
|- HistoryFullError          no room; goes on by itself once there is room again
|- HistoryUnavailableError   not now: closed, in use by another process, or the disk fails
`- HistoryUnreadableError    the files are broken, foreign, or of a newer release; nothing was changed in them
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from stripchart.history.grid import Grid
from stripchart.history.horizons import Horizons
from stripchart.history.room import Room
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.recent import Recent
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times, Values

Counts = npt.NDArray[np.int64]


class HistoryError(Exception):
    """History could not be kept or read; the message names the file or server and says what to do.

    `cause` says by code what kind of failure it is.
    """

    cause = Cause()

    def __init__(self, message: str = "", *, cause: Cause | None = None) -> None:
        super().__init__(message)
        self.cause = cause or type(self).cause


class HistoryFullError(HistoryError):
    """There is no room for more samples. Nothing of the batch was kept; the same batch may be appended later."""

    cause = Cause(CauseCode.HISTORY_FULL)


class HistoryUnavailableError(HistoryError):
    """The history cannot be reached now: closed, in use by another process, or its disk or server fails."""

    cause = Cause(CauseCode.HISTORY_AWAY)


class HistoryUnreadableError(HistoryError):
    """What is stored is broken, is no history of Stripchart, or is of a newer release. Nothing was changed in it."""

    cause = Cause(CauseCode.HISTORY_BROKEN)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last sample a reader has: where to read on. It stays right whatever is stored or dropped meanwhile."""

    at_ms: int
    point_id: PointId


@dataclass(frozen=True, slots=True)
class Buckets:
    """What points did in the buckets of a grid: columns of equal length, ordered by point, then start.

    `point_id` int32; `start_ms` int64, UTC milliseconds, when the bucket begins; `minimum`, `maximum`, `mean`,
    `total` (the sum), `first`, `last` float64, of the samples that have a value, NaN where none of the bucket's has
    one; `good_count` int64, the samples that have a value (quality good or uncertain); `count` int64, all samples.
    """

    point_id: PointIds
    start_ms: Times
    minimum: Values
    maximum: Values
    mean: Values
    total: Values
    first: Values
    last: Values
    good_count: Counts
    count: Counts

    def __len__(self) -> int:
        return len(self.point_id)

    @property
    def good_percent(self) -> Values:
        """Of a hundred samples, how many have a value; NaN where there are no samples."""
        with np.errstate(invalid="ignore"):
            percent: Values = 100.0 * self.good_count / self.count
        return percent

    @classmethod
    def empty(cls) -> Self:
        point_id, whole, real = np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.float64)
        return cls(point_id, whole, real, real, real, real, real, real, whole, whole)


@dataclass(frozen=True, slots=True)
class HistoryStats:
    """How much is kept: samples (texts are not counted), bytes on disk, times of the oldest and newest sample.

    Samples behind a horizon count until they have left the disk.
    The times are UTC milliseconds, None while there is no sample.
    """

    samples: int
    bytes: int
    first_ms: int | None
    last_ms: int | None


QUERIES_OF_S = 300.0


class Historian(Protocol):
    """Keeps samples and finds them again. Times are UTC milliseconds; ranges are half-open: start, not end.

    `queries`: the questions of the last five minutes, with how long they took, waiting for their turn included.

    Every method raises HistoryUnavailableError after `aclose`. Reads see every batch appended before, never a part
    of a batch, and do not wait for an append under way. A point that was never stored is a point without samples.
    """

    queries: Recent

    @property
    def connections(self) -> int:
        """How many connections to databases are open."""

    async def append(self, batch: SampleBatch) -> None:
        """Keep all samples and texts of the batch, or none of them; when this returns, they survive a power cut.

        Any order of times and points is allowed. A sample of a point and time that is already kept replaces it;
        within a batch the later row wins. A text is kept only when it differs from the one in force before it.

        Raises HistoryFullError and HistoryUnavailableError: nothing was kept, the batch may be appended again.
        Raises HistoryUnreadableError when the stored history turns out to be broken.
        When the caller is cancelled the batch is kept whole or not at all; the caller cannot know which.
        """

    async def read(
        self,
        points: Sequence[PointId],
        start_ms: int,
        end_ms: int,
        *,
        limit: int,
        descending: bool = False,
        after: Cursor | None = None,
    ) -> SampleBatch:
        """The first `limit` samples of the points in the range, ordered by time, then point.

        `descending` turns the whole order round, so the newest come first. With `after`, reading goes on behind that
        sample in this order, so that a range of any length is read in pieces, and none of it twice; the memory taken
        grows with `limit`, not with the range. The columns alone: `texts` is empty.
        """

    async def count(self, points: Sequence[PointId], start_ms: int, end_ms: int) -> int:
        """How many samples the points have in the range: what `read` without a limit would return."""

    async def buckets(self, points: Sequence[PointId], start_ms: int, end_ms: int, grid: Grid) -> Buckets:
        """The samples of the range, summed up per point in buckets: of so many milliseconds, or of a calendar.

        Samples outside the range do not count, so the first and the last bucket may be partly filled. A bad sample
        is counted, never averaged in. A bucket without samples is absent. Raises ValueError when the grid has
        buckets of no length, or too many.
        """

    async def reduced(self, points: Sequence[PointId], start_ms: int, end_ms: int, most: int) -> SampleBatch:
        """Of each of the points at most `most` samples of the range that show its peaks, ordered by point, then time.

        A point that has no more is told whole. Of others the lowest and highest sample of about `most` / 2 parts of
        the range, and where bad samples lie between two that are told, before the first or behind the last, one of
        the bad: a gap stays a gap. Raises ValueError when `most` is less than 10.
        """

    async def in_force(self, points: Sequence[PointId], at_ms: int) -> SampleBatch:
        """The newest sample of each of the points that is not newer than `at_ms`, ordered by point.

        It may be bad, and then nothing is in force. A point without such a sample is absent. `texts` is empty.
        """

    async def latest(self) -> SampleBatch:
        """The newest sample of every point, ordered by point, and in `texts` the text in force of every string point.

        The time of a text is when it came into force. The cost grows with the points, not with the samples.
        """

    async def texts(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        """The texts a string point had in the range, as times and texts, oldest first.

        The first may be older than `start_ms`: the one in force at the start, at the time it came into force.
        """

    async def retain(self, horizons: Horizons) -> None:
        """From now on keep each point's samples and roll-ups from its horizon on, also after the next start.

        At once `read`, `count`, `texts` and `latest` see no sample before the point's `raw_ms` (of texts the one in
        force then stays). `buckets` of whole hours see back to `rollup_ms`, of whole minutes to `minute_ms`, others
        to `raw_ms`; a minute or hour that is not in the range as a whole may be missing. What is behind the horizons
        leaves the disk in the background; a horizon that is moved back shows only what is still there. Samples may
        be appended behind the horizons; of a minute or hour already rolled up they no longer count.
        """

    async def forget(self, points: Sequence[PointId]) -> None:
        """Nothing of these points is kept any more, or will be; their ids are never used again."""

    async def room(self) -> Room:
        """How full it is, and how long the room will do; cheap enough to ask every few seconds."""

    async def stats(self) -> HistoryStats:
        """How much is kept; cheap enough to ask every few seconds."""

    async def aclose(self) -> None:
        """Finish what is under way and release the files. Closing twice is fine."""
