"""The range of time that a question is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query

from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts
from stripchart.model.time import to_ms

StartTime = Annotated[datetime | None, Query(description="ISO 8601; UTC unless it has an offset")]
EndTime = Annotated[datetime | None, Query(description="ISO 8601, exclusive; default: now")]


@dataclass(frozen=True, slots=True)
class Span:
    """A range as it is asked for; samples at both its ends belong to it."""

    start_time: StartTime = None
    end_time: Annotated[datetime | None, Query(description="ISO 8601, inclusive; default: now")] = None

    def of(self, parts: Parts, span_ms: int) -> tuple[int, int]:
        """The half-open range in milliseconds; `span_ms` long when no start is given. Raises ApiError."""
        end_ms = to_ms(self.end_time) if self.end_time else parts.clock.now_ms()
        start_ms = to_ms(self.start_time) if self.start_time else end_ms - span_ms
        if start_ms > end_ms:
            raise ApiError(422, "invalid_range", "start_time must not be after end_time", "start_time")
        return start_ms, end_ms + 1


def range_of(parts: Parts, start_time: datetime | None, end_time: datetime | None, span_ms: int) -> tuple[int, int]:
    """The half-open range in milliseconds; `span_ms` long when no start is given. Raises ApiError."""
    end_ms = to_ms(end_time) if end_time else parts.clock.now_ms() + 1
    start_ms = to_ms(start_time) if start_time else end_ms - span_ms
    if start_ms >= end_ms:
        raise ApiError(422, "invalid_range", "start_time must be before end_time", "start_time")
    return start_ms, end_ms
