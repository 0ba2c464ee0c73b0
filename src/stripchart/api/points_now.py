"""The points of a device with the units and texts that they have now."""

from collections.abc import Sequence

import numpy as np

from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.point import Point
from stripchart.model.ranges import NumberOf, point_now


def numbers_of(parts: Parts, entry: RosterEntry) -> NumberOf:
    """What each point of the device said last that was a value."""
    values = parts.pipeline.latest.values(entry.point_ids, parts.clock.now_ms()).good_value

    def number_of(key: str) -> float | None:
        value = float(values[entry.place_of[key]])
        return None if np.isnan(value) else value

    return number_of


def point_at(parts: Parts, entry: RosterEntry, place: int) -> Point:
    """The point with the unit, or the texts, that its range has now."""
    point = entry.points[place]
    if entry.profile is None or point.ranged is None:
        return point
    return point_now(entry.profile.ranges, point, numbers_of(parts, entry))


def points_now(parts: Parts, entry: RosterEntry) -> Sequence[Point]:
    """In the profile's order; those with ranges as the device is set now."""
    if entry.profile is None or not entry.profile.ranges:
        return entry.points
    number_of = numbers_of(parts, entry)
    return [point_now(entry.profile.ranges, point, number_of) for point in entry.points]
