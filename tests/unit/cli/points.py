"""Points to word the values of."""

from typing import Any

from stripchart.model.point import DataType, Point, Table


def point(**fields: Any) -> Point:
    """A point with these fields, and plain ones for the rest."""
    plain: dict[str, Any] = {
        "key": "p",
        "name": {"en": "P"},
        "table": Table.HOLDING,
        "address": 0,
        "type": DataType.INT16,
    }
    return Point(**(plain | fields))
