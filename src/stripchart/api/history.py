"""What points did over a range: in buckets, in few samples, and how long in which state."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts, Running
from stripchart.api.points_asked import PointsAsked
from stripchart.api.ranges import EndTime, StartTime, range_of
from stripchart.history.fill import Fill, filled_buckets
from stripchart.history.grid import Calendar, Grid, Unit, count_at_most
from stripchart.history.held import Held, held_buckets, state_durations
from stripchart.history.reduce import FEWEST
from stripchart.model.complaint import NO_ZONE
from stripchart.model.point import DataType, Point
from stripchart.model.sample import PointId

router = APIRouter(prefix="/api/history", tags=["history"])

_MOST_BUCKETS = 10_000
_MOST_SAMPLES = 10_000
_DAY_MS = 86_400_000
_UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": _DAY_MS}
_STATES = {DataType.BOOL, DataType.ENUM16, DataType.ENUM32}


class Aggregate(StrEnum):
    """What is computed of a bucket. `mean` weighs samples equally, `time_weighted_mean` by the time they held."""

    COUNT = "count"
    GOOD_COUNT = "good_count"
    GOOD_PERCENT = "good_percent"
    MIN = "min"
    MAX = "max"
    MEAN = "mean"
    SUM = "sum"
    FIRST = "first"
    LAST = "last"
    TIME_WEIGHTED_MEAN = "time_weighted_mean"
    HELD_PERCENT = "held_percent"
    DELTA = "delta"


_OF_HELD = {
    Aggregate.TIME_WEIGHTED_MEAN: "mean",
    Aggregate.HELD_PERCENT: "held_percent",
    Aggregate.DELTA: "delta",
}
_OF_BUCKETS = {
    Aggregate.COUNT: "count",
    Aggregate.GOOD_COUNT: "good_count",
    Aggregate.GOOD_PERCENT: "good_percent",
    Aggregate.MIN: "minimum",
    Aggregate.MAX: "maximum",
    Aggregate.MEAN: "mean",
    Aggregate.SUM: "total",
    Aggregate.FIRST: "first",
    Aggregate.LAST: "last",
}
_USUAL = (Aggregate.COUNT, Aggregate.GOOD_PERCENT, Aggregate.MIN, Aggregate.MAX, Aggregate.MEAN, Aggregate.LAST)


class BucketSeriesOut(BaseModel):
    """`at_ms`: when buckets begin; `values`: a column of the same length for each aggregate, null for no value."""

    point_id: int
    at_ms: list[int]
    values: dict[Aggregate, list[float | None]]


class BucketsOut(BaseModel):
    start_ms: int
    end_ms: int
    series: list[BucketSeriesOut]


class SampleSeriesOut(BaseModel):
    """Columns of equal length. Null is a bad sample: a gap."""

    point_id: int
    at_ms: list[int]
    value: list[float | None]


class SamplesOut(BaseModel):
    start_ms: int
    end_ms: int
    series: list[SampleSeriesOut]


class StateSeriesOut(BaseModel):
    """Columns of equal length: in the bucket that begins at `at_ms` the point was so many `seconds` in `state`."""

    point_id: int
    at_ms: list[int]
    state: list[float]
    seconds: list[float]


class StatesOut(BaseModel):
    start_ms: int
    end_ms: int
    series: list[StateSeriesOut]


@dataclass(frozen=True, slots=True)
class Spacing:
    """How long buckets are; an hour when nothing is said."""

    every: Annotated[
        str | None,
        Query(pattern=r"^[1-9]\d{0,8}(ms|s|m|h|d)$", description="such as 30s, 15m, 1h; d is 24 hours of UTC"),
    ] = None
    calendar: Annotated[Unit | None, Query(description="calendar buckets in `zone`")] = None
    zone: Annotated[str, Query(max_length=64, description="IANA name, such as Europe/Berlin")] = "UTC"

    def grid(self, start_ms: int, end_ms: int) -> Grid:
        """The grid, for a range. Raises ApiError when there is none, or the range has too many buckets."""
        grid = self._grid()
        count = count_at_most(grid, start_ms, end_ms)
        if count > _MOST_BUCKETS:
            field = "every" if isinstance(grid, int) else "calendar"
            message = f"the range may have {count} buckets: allowed are at most {_MOST_BUCKETS}"
            raise ApiError(422, "too_many_buckets", message, field)
        return grid

    def _grid(self) -> Grid:
        if self.calendar is None:
            every = self.every or "1h"
            number = every.rstrip("mshd")
            return int(number) * _UNITS_MS[every.removeprefix(number)]
        if self.every is not None:
            raise ApiError(422, "invalid_buckets", "allowed is one of every and calendar, not both", "calendar")
        try:
            return Calendar(self.calendar, self.zone)
        except ValueError as error:
            raise ApiError(422, "unknown_zone", str(error), "zone", complaint=NO_ZONE) from error


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell of buckets."""

    fill: Annotated[Fill, Query(description="how to fill buckets without samples")] = Fill.NONE
    aggregate: Annotated[list[Aggregate] | None, Query(description="which aggregates to return")] = None

    @property
    def of_samples(self) -> list[Aggregate]:
        """The columns that samples tell."""
        return [each for each in self.aggregate or _USUAL if each in _OF_BUCKETS]

    @property
    def of_time(self) -> list[Aggregate]:
        """The columns that tell what was between samples."""
        return [each for each in self.aggregate or _USUAL if each in _OF_HELD]


@router.get("/buckets", response_model=BucketsOut)
async def history_buckets(
    parts: Running,
    asked: Annotated[PointsAsked, Depends()],
    spacing: Annotated[Spacing, Depends()],
    telling: Annotated[Telling, Depends()],
    start_time: StartTime = None,
    end_time: EndTime = None,
) -> Response:
    """Aggregates of points in buckets of fixed length or of the calendar of a zone. Default: the last day.

    A bucket at an end of the range covers only its part within the range. For `time_weighted_mean`,
    `held_percent` and `delta` a sample holds until the next one of its point; after a bad one nothing holds.
    """
    span = range_of(parts, start_time, end_time, _DAY_MS)
    grid = spacing.grid(*span)
    points = asked.ids(parts)
    found = await filled_buckets(parts.historian, points, span, grid, telling.fill)
    columns = {each.value: getattr(found, _OF_BUCKETS[each]) for each in telling.of_samples}
    if telling.of_time:
        held = (await _held(parts, points, span, grid)).of(found)
        columns |= {each.value: getattr(held, _OF_HELD[each]) for each in telling.of_time}
    series = []
    for point in points:
        own = found.point_id == point
        values = {name: column[own] for name, column in columns.items()}
        series.append({"point_id": point, "at_ms": found.start_ms[own], "values": values})
    return _answer(span, series)


async def _held(parts: Parts, points: list[PointId], span: tuple[int, int], grid: Grid) -> Held:
    """What the points were up to now: what will hold is not known."""
    known = _known_points(parts)
    rollovers = {
        point: counter.rollover
        for point in points
        if point in known and (counter := known[point].counter) and counter.rollover
    }
    start_ms, end_ms = span
    return await held_buckets(parts.historian, points, (start_ms, min(end_ms, parts.clock.now_ms())), grid, rollovers)


@router.get("/samples", response_model=SamplesOut)
async def history_samples(
    parts: Running,
    asked: Annotated[PointsAsked, Depends()],
    start_time: StartTime = None,
    end_time: EndTime = None,
    most: Annotated[
        int, Query(ge=FEWEST, le=_MOST_SAMPLES, description="maximum number of samples per point")
    ] = 2000,
) -> Response:
    """Downsampled points: at most `most` samples each, keeping every peak and gap. Default: the last day."""
    span = range_of(parts, start_time, end_time, _DAY_MS)
    points = asked.ids(parts)
    found = await parts.historian.reduced(points, *span, most)
    series = []
    for point in points:
        own = found.point_id == point
        series.append({"point_id": point, "at_ms": found.at_ms[own], "value": found.value[own]})
    return _answer(span, series)


@router.get("/states", response_model=StatesOut)
async def history_states(
    parts: Running,
    asked: Annotated[PointsAsked, Depends()],
    spacing: Annotated[Spacing, Depends()],
    start_time: StartTime = None,
    end_time: EndTime = None,
) -> Response:
    """Time that bools and enums spent in each state, per bucket. Time without a value counts as no state."""
    start_ms, end_ms = range_of(parts, start_time, end_time, _DAY_MS)
    grid = spacing.grid(start_ms, end_ms)
    points = asked.ids(parts)
    _check_states(_known_points(parts), points)
    span = start_ms, min(end_ms, parts.clock.now_ms())
    found = await state_durations(parts.historian, points, span, grid)
    series = []
    for point in points:
        own = found.point_id == point
        columns = {"at_ms": found.start_ms[own], "state": found.state[own], "seconds": found.ms[own] / 1000}
        series.append({"point_id": point, **columns})
    return _answer((start_ms, end_ms), series)


def _check_states(known: Mapping[PointId, Point], points: list[PointId]) -> None:
    for point in points:
        if point not in known:
            raise ApiError(422, "unknown_point", f"there is no point {point}", "point_id")
        if known[point].type not in _STATES:
            message = f"point {point} ({known[point].key}) is no bool or enum: only those are in a state"
            raise ApiError(422, "no_state", message, "point_id")


def _known_points(parts: Parts) -> dict[PointId, Point]:
    return {
        PointId(id_): point
        for entry in parts.roster.all()
        for id_, point in zip(entry.point_ids.tolist(), entry.points, strict=True)
    }


def _answer(span: tuple[int, int], series: list[dict[str, object]]) -> Response:
    body = {"start_ms": span[0], "end_ms": span[1], "series": series}
    return Response(orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")
