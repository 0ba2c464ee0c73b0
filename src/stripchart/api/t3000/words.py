"""What a point is called and measured in, in the words of the T3000 API."""

import orjson

from stripchart.api.parts import Parts
from stripchart.api.points_now import numbers_of
from stripchart.catalog.roster import RosterEntry
from stripchart.model.profile import Profile
from stripchart.model.ranges import NumberOf, point_now, range_code

_MOST_REMEMBERED = 1000


def address_words(entry: RosterEntry, place: int) -> dict[str, object]:
    address = entry.book.addresses[place]
    return {"point_type": int(address.type), "point_number": address.number}


def unit_code(parts: Parts, entry: RosterEntry, place: int) -> int | None:
    """The code of the point's range, as its panel counts them; None of points that have none."""
    point = entry.points[place]
    return range_code(point, numbers_of(parts, entry)) if point.ranged else None


class PointWords:
    """The part of each point's row that is the same in every answer, until a range is set differently.

    Remembered by profile, and by device where the device says which ranges its points have.
    """

    def __init__(self) -> None:
        self._known: dict[str | int, tuple[Profile, bytes, list[bytes]]] = {}

    def of(self, parts: Parts, entry: RosterEntry) -> list[bytes]:
        """By place; nothing of a device without a profile."""
        profile = entry.profile
        if profile is None:
            return []
        ruling = _ruling(entry, profile) if profile.ranges else []
        said = parts.pipeline.latest.values(entry.point_ids[ruling], 0).good_value.tobytes() if ruling else b""
        name = entry.device.id if ruling else profile.key
        known = self._known.get(name)
        if known is None or known[0] is not profile or known[1] != said:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[name] = (profile, said, _words(parts, entry, profile))
        return known[2]


def _ruling(entry: RosterEntry, profile: Profile) -> list[int]:
    """Places of the points that say which ranges others have."""
    keys = {key for point in profile.points if point.ranged for key in (point.ranged.code, point.ranged.kind)}
    return sorted(entry.place_of[key] for key in keys)


def _words(parts: Parts, entry: RosterEntry, profile: Profile) -> list[bytes]:
    number_of = numbers_of(parts, entry)
    return [_of_point(entry, profile, place, number_of) for place in range(len(profile.points))]


def _of_point(entry: RosterEntry, profile: Profile, place: int, number_of: NumberOf) -> bytes:
    point = point_now(profile.ranges, profile.points[place], number_of)
    words = {
        **address_words(entry, place),
        "point_name": point.key,
        "data_type": point.type.value,
        "unit_code": range_code(profile.points[place], number_of),
        "unit_symbol": point.unit,
    }
    return b"," + orjson.dumps(words)[1:-1] + b',"value":'
