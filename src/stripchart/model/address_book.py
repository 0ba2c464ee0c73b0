"""Address book: the points of a profile by their point addresses. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from stripchart.model.point import DataType, Order, Point, Table
from stripchart.model.point_address import PointAddress, PointType

_PARTS = 1 << 16
"""Numbers of a Modbus table: the address, and `_PARTS` more for each way to share it."""
_BITS = 33
"""Ways to share an address: the whole of it, or a part that begins at bit 0 to 31."""

_TABLES = {
    Table.HOLDING: PointType.HOLDING,
    Table.INPUT: PointType.INPUT,
    Table.COIL: PointType.COIL,
    Table.DISCRETE: PointType.DISCRETE,
}
_FLOATS = {
    (Order.BIG, Order.BIG): PointType.FLOAT_ABCD,
    (Order.BIG, Order.LITTLE): PointType.FLOAT_CDAB,
    (Order.LITTLE, Order.BIG): PointType.FLOAT_BADC,
    (Order.LITTLE, Order.LITTLE): PointType.FLOAT_DCBA,
}
"""By the order of bytes, then of words."""


@dataclass(frozen=True, slots=True)
class AddressBook:
    """`addresses` of the points of a profile, in their order; `place_at`: the place of each, by all its names."""

    addresses: tuple[PointAddress, ...]
    place_at: Mapping[PointAddress, int]

    @classmethod
    def of(cls, points: Sequence[Point]) -> Self:
        addresses = point_addresses(points)
        return cls(addresses, _places(points, addresses))


def point_addresses(points: Sequence[Point]) -> tuple[PointAddress, ...]:
    """The address of each point of a profile, in their order; no two are the same.

    A point is what its profile says it is on a panel (`panel_point`), else its Modbus table and address. Parts of a
    register have 65536 more for each bit that they begin further up than the register itself does: bit 0 has
    65536 + address. Where several points are the same part, the later ones
    go on behind bit 31, in the profile's order.
    """
    taken: set[PointAddress] = set()
    untried: dict[PointAddress, PointAddress] = {}
    addresses = []
    for point in points:
        own = point.panel_point or _in_table(point)
        address = untried.get(own, own)
        while address in taken:
            address = _behind(address)
        untried[own] = _behind(address)
        taken.add(address)
        addresses.append(address)
    return tuple(addresses)


def _places(points: Sequence[Point], addresses: Sequence[PointAddress]) -> Mapping[PointAddress, int]:
    """The place of each point in its profile, by its address, and by its other name if it has one."""
    others = {
        PointAddress(_FLOATS[point.byte_order, point.word_order], point.address): place
        for place, point in enumerate(points)
        if point.type is DataType.FLOAT32 and point.table is Table.HOLDING and point.panel_point is None
    }
    return others | {address: place for place, address in enumerate(addresses)}


def _behind(address: PointAddress) -> PointAddress:
    return PointAddress(address.type, address.number + _BITS * _PARTS)


def _in_table(point: Point) -> PointAddress:
    part = 0 if point.bit is None or point.table.is_bits else point.bit + 1
    return PointAddress(_TABLES[point.table], point.address + part * _PARTS)
