"""Point addresses: what a point is called by numbers, (device, point type, point number), as on T3 panels. Pure.

The types are the codes of the panels: 0 to 11 for what lives in a panel, counted from 0 (a panel's own references
store the code plus one, which is for whoever reads those to undo), and the codes that it has for points elsewhere,
20 to 35, for Modbus tables and BACnet objects. Codes of panel records that are no points (12 to 23: users, programs,
tables) are not used, so that the two never meet.
"""

import re
from dataclasses import dataclass
from enum import IntEnum


class PointType(IntEnum):
    """What kind of point it is. Numbers count from 1, as in IN7; Modbus addresses are 0-based, as on the wire."""

    OUT = 0
    IN = 1
    VAR = 2
    PID = 3
    SCH = 4
    """Weekly schedule."""
    CAL = 5
    """Holidays of a year."""
    PRG = 6
    TBL = 7
    """Conversion table."""
    TZ = 8
    """Totaliser."""
    MON = 9
    """Trend log of the panel."""
    GRP = 10
    """Graphic screen."""
    ARRAY = 11

    BI = 20
    BV = 21
    COIL = 23
    DISCRETE = 24
    INPUT = 25
    HOLDING = 26
    AV = 27
    AI = 28
    AO = 29
    BO = 30

    FLOAT_ABCD = 32
    """A float of two holding registers: another name of the point that `HOLDING` has there. Also the next three."""
    FLOAT_CDAB = 33
    FLOAT_BADC = 34
    FLOAT_DCBA = 35


class PointAddressError(ValueError):
    """A point type or number that there is not; the message says what is allowed."""


@dataclass(frozen=True, slots=True, order=True)
class PointAddress:
    """The address of a point within its device; written `IN7`."""

    type: PointType
    number: int

    def __str__(self) -> str:
        return f"{self.type.name}{self.number}"


_ALIASES = {"CON": PointType.PID, "WRT": PointType.SCH, "AR": PointType.CAL, "AMON": PointType.MON}
_WRITTEN = re.compile(r"([A-Z]+(?:_[A-Z]+)?)([0-9]{1,9})")


def parse_point_type(text: str) -> PointType:
    """A type by its code (`1`) or its name (`IN`, `in`). Raises PointAddressError naming those there are."""
    name = text.strip().upper()
    if name.isascii() and name.isdigit():
        found = next((type_ for type_ in PointType if type_ == int(name)), None)
    else:
        found = _ALIASES.get(name) or PointType.__members__.get(name)
    if found is None:
        allowed = ", ".join(f"{type_.value} ({type_.name})" for type_ in PointType)
        raise PointAddressError(f"point type {text!r}: allowed are {allowed}")
    return found


def parse_point_address(text: str) -> PointAddress:
    """An address as it is written, `IN7` or `HOLDING40120`. Raises PointAddressError."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if found is None:
        raise PointAddressError(f"{text!r}: a point is written as a type and a number, as in IN7")
    return PointAddress(parse_point_type(found[1]), int(found[2]))


def parse_panel_point(text: str) -> PointAddress:
    """The address of what lives in a panel, `IN7`. Raises PointAddressError."""
    address = parse_point_address(text)
    if address.type > PointType.ARRAY or address.number < 1:
        allowed = ", ".join(type_.name for type_ in PointType if type_ <= PointType.ARRAY)
        raise PointAddressError(f"{text!r}: a point of a panel is one of {allowed}, with a number from 1 on")
    return address
