"""What an export is asked for: of which time, which points, in which form."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Query

from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts
from stripchart.api.ranges import EndTime, StartTime, range_of
from stripchart.history.grid import Calendar, Grid, Unit, zone_named
from stripchart.model.complaint import NO_ZONE

UTC_NAME = "UTC"

Layout = Literal["long", "wide"]
FileFormat = Literal["csv", "parquet", "xlsx"]
Language = Literal["en", "zh", "ru"]

_GRIDS_MS = {"1min": 60_000, "1hour": 3_600_000, "1day": 86_400_000}
_UNITS = {"1hour": Unit.HOUR, "1day": Unit.DAY}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The query. Without a start it is all that is kept."""

    start_time: StartTime = None
    end_time: EndTime = None
    aggregate: Annotated[
        Literal["1min", "1hour", "1day"] | None,
        Query(description="bucket length; default: raw samples"),
    ] = None
    points: Annotated[
        str | None, Query(max_length=10_000, description="comma-separated keys; default: all points")
    ] = None
    layout: Annotated[Layout, Query(description="long: one row per sample; wide: one column per point")] = "long"
    format: FileFormat = "csv"
    zone: Annotated[
        str,
        Query(
            max_length=64,
            description="IANA name, such as Europe/Berlin, or `site`: zone of times, hours and days",
        ),
    ] = UTC_NAME
    language: Annotated[Language | None, Query(description="add labels of bools and enums, in this language")] = None

    bom: Annotated[
        bool, Query(description="begin CSV with a byte order mark, by which spreadsheets recognise UTF-8")
    ] = False

    def span(self, parts: Parts) -> tuple[int, int]:
        """The half-open range in milliseconds. Raises ApiError."""
        start_ms, end_ms = range_of(parts, self.start_time, self.end_time, 1)
        return (start_ms, end_ms) if self.start_time else (min(0, start_ms), end_ms)

    def grid(self) -> Grid | None:
        """The buckets; None for samples as they came. Raises ApiError when there is no such zone."""
        try:
            zone_named(self.zone)
        except ValueError as error:
            raise ApiError(422, "unknown_zone", str(error), "zone", complaint=NO_ZONE) from error
        if self.aggregate is None:
            return None
        if self.zone != UTC_NAME and self.aggregate in _UNITS:
            return Calendar(_UNITS[self.aggregate], self.zone)
        return _GRIDS_MS[self.aggregate]

    @property
    def keys(self) -> list[str]:
        """The keys of the wanted points; none for all."""
        return list(dict.fromkeys(key.strip() for key in (self.points or "").split(",") if key.strip()))

    def name(self, things: str, now_ms: int) -> str:
        """`things_start_end`, or `things_all_data_now` when no start was given; times as clocks of the zone show."""
        end = self.end_time or datetime.fromtimestamp(now_ms / 1000, UTC)
        start = "all_data" if self.start_time is None else self._shown(self.start_time)
        return f"{things}_{start}_{self._shown(end)}"

    def _shown(self, moment: datetime) -> str:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        with contextlib.suppress(
            OverflowError
        ):  # in the first or last hours that there are, it stays in its own zone
            aware = aware.astimezone(zone_named(self.zone))
        return aware.strftime("%Y%m%d_%H%M%S")
