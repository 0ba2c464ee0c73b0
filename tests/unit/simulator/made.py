"""Profiles made by hand, small enough to be seen whole."""

from stripchart.model.point import DataType, Point, RawRange, ScaleWhen, Table
from stripchart.model.profile import Profile


def point(key: str, table: Table, address: int, type_: DataType = DataType.UINT16, **more: object) -> Point:
    fields: dict[str, object] = {"registers": type_.registers} | more
    return Point(key=key, name={"en": key}, table=table, address=address, type=type_, **fields)  # type: ignore[arg-type]


def profile(*points: Point, key: str = "made") -> Profile:
    return Profile(key=key, name={"en": "Made by hand"}, kind="test", points=points)


def boiler() -> Profile:
    """One point of every sort that the simulator treats in its own way."""
    return profile(
        point("level", Table.HOLDING, 10, scale=0.1),
        point("temperature", Table.HOLDING, 12, DataType.INT16, no_data=(RawRange(32_766, 32_766),)),
        point("flow", Table.HOLDING, 14, DataType.FLOAT32),
        point("low_half", Table.HOLDING, 16, bit=0, bit_count=8),
        point("high_half", Table.HOLDING, 16, bit=8, bit_count=8),
        point("power", Table.HOLDING, 17, DataType.INT16, scale_factor="power_sf"),
        point("power_sf", Table.HOLDING, 18, DataType.INT16),
        point("input", Table.HOLDING, 19, DataType.INT32, scale=0.001, scale_when=ScaleWhen("is_analog", 0, 1.0)),
        point("is_analog", Table.HOLDING, 21),
        point("maker", Table.HOLDING, 22, DataType.STRING, registers=4),
        point("count", Table.INPUT, 1000, DataType.UINT32),
        point("run", Table.COIL, 3, DataType.BOOL),
        point("lock", Table.COIL, 5, DataType.BOOL),
        point("hot", Table.DISCRETE, 0, DataType.BOOL),
    )
