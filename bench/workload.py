"""The device of the benchmarks: 100 points of the usual types in 125 registers, one request."""

from stripchart.model.point import DataType, Point, RawRange, Table, ValidRange
from stripchart.model.profile import Pacing, Profile

_TYPES = [DataType.UINT16, DataType.INT16, DataType.UINT16, DataType.FLOAT32] * 25


def hundred_points() -> Profile:
    """Half scaled, half with no-data values; all with a valid range."""
    points, address = [], 0
    for number, type_ in enumerate(_TYPES):
        points.append(
            Point(
                key=f"p{number}",
                name={"en": f"Point {number}"},
                table=Table.HOLDING,
                address=address,
                type=type_,
                registers=type_.registers,
                scale=0.1 if number % 2 and type_ is not DataType.FLOAT32 else 1.0,
                no_data=(RawRange(32_766, 32_766),) if type_ is DataType.INT16 else (),
                valid=ValidRange(-100_000, 100_000),
            )
        )
        address += type_.registers
    return Profile(key="bench", name={"en": "Bench"}, kind="bench", points=tuple(points), pacing=Pacing())


def hundred_points_as_file() -> str:
    """The same device as a profile file."""
    points = "\n".join(
        f"  - {{key: {point.key}, name: {point.name['en']}, address: {point.address}, type: {point.type.value}, "
        f"scale: {point.scale}, valid: [-100000, 100000]" + (", no_data: [32766]}" if point.no_data else "}")
        for point in hundred_points().points
    )
    return f"profile: bench\nname: {{en: Bench}}\nkind: bench\ngroups: {{values: Values}}\npoints:\n{points}\n"
