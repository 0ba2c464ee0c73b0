"""Which points a question about the past names: by their ids, or as the address of the page has them."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from stripchart.api.errors import ApiError
from stripchart.api.ids import Id
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId
from stripchart.profiles.problem import did_you_mean

_MOST_POINTS = 20
_NAME = re.compile(r"([1-9]\d{0,8})\.(.+)")
"""A device's id and a point's key."""


@dataclass(frozen=True, slots=True)
class PointsAsked:
    """One of the two."""

    point_id: Annotated[list[Id] | None, Query(max_length=_MOST_POINTS)] = None
    point: Annotated[
        list[str] | None,
        Query(max_length=_MOST_POINTS, description="DEVICE.KEY, such as 3.coolant_temp; instead of point_id"),
    ] = None

    def ids(self, parts: Parts) -> list[PointId]:
        """Their ids, each once, in the order asked for. Raises ApiError."""
        if self.point_id and self.point:
            raise ApiError(422, "invalid_points", "allowed is one of point_id and point, not both", "point")
        if self.point:
            return list(dict.fromkeys(_named(parts, name) for name in self.point))
        if not self.point_id:
            raise ApiError(
                422, "invalid_points", "which points is missing: point_id, or point as DEVICE.KEY", "point"
            )
        return [PointId(id_) for id_ in dict.fromkeys(self.point_id)]


def _named(parts: Parts, name: str) -> PointId:
    match = _NAME.fullmatch(name)
    if match is None:
        raise ApiError(422, "invalid_points", f"{name!r}: allowed is DEVICE.KEY, such as 3.coolant_temp", "point")
    entry = parts.roster.get(DeviceId(int(match[1])))
    if entry is None:
        raise ApiError(422, "unknown_device", f"{name!r}: there is no device {match[1]}", "point")
    return PointId(int(entry.point_ids[known_place(entry, match[2], "point")]))


def known_place(entry: RosterEntry, key: str, field: str) -> int:
    """The place of a point in its device. Raises ApiError, which names the field of the request and what is near."""
    place = entry.place_of.get(key)
    if place is None:
        message = f"{entry.device.name} has no point {key!r}; {did_you_mean(key, sorted(entry.place_of))}"
        raise ApiError(422, "unknown_point", message, field)
    return place
