"""Points for the tests of the pipeline."""

from stripchart.model.point import DataType, Point, Table


def a_point(**options: object) -> Point:
    fields: dict[str, object] = {"key": "p", "type": DataType.UINT32, **options}
    return Point(name={"en": "x"}, table=Table.HOLDING, address=0, **fields)  # type: ignore[arg-type]
