"""Ranges: what the numbers of a point mean while its device is set so. Pure.

On some controllers the same registers are degrees, percent, or the state of a contact, as a code beside them says. A
profile has the tables of these codes; a point names the point with its code, and the one that says which table it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from stripchart.model.point import Point, Texts

NumberOf = Callable[[str], float | None]
"""What the point of this key says now; None when nobody knows."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a code stands for: a unit, or texts for the values 0 and 1. `name`: as the manual calls it."""

    name: Texts = field(default_factory=dict)
    unit: str = ""
    states: Mapping[int, Texts] = field(default_factory=dict)


Ranges = Mapping[str, Mapping[int, Range]]
"""The tables of a profile: ranges by code, by the name of the table."""


def range_code(point: Point, number_of: NumberOf) -> int | None:
    """The code of the point's range now; None when it has no ranges, or its code is not known."""
    code = number_of(point.ranged.code) if point.ranged else None
    return None if code is None else int(code)


def range_now(ranges: Ranges, point: Point, number_of: NumberOf) -> Range | None:
    """The range of the point now; None when that is not known, or the tables do not have the code."""
    code = range_code(point, number_of)
    if code is None or point.ranged is None:
        return None
    kind = number_of(point.ranged.kind)
    table = None if kind is None else point.ranged.tables.get(int(kind))
    return None if table is None else ranges.get(table, {}).get(code)


def point_now(ranges: Ranges, point: Point, number_of: NumberOf) -> Point:
    """The point with the unit, or the texts, of its range; as the profile has it where that is not known."""
    found = range_now(ranges, point, number_of)
    if found is None:
        return point
    return replace(point, unit=found.unit, labels=found.states, decimals=0 if found.states else point.decimals)
