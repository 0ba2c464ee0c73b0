"""Quality has a level and a reason, and is a byte that sorts by trust."""

import pytest

from stripchart.model.point import DataType, Point, Table
from stripchart.model.quality import FIRST_BAD, Level, Quality, Reason
from stripchart.model.time import to_iso


def test_every_quality_is_a_byte_that_says_level_and_reason() -> None:
    assert all(0 <= quality <= 255 for quality in Quality)
    assert (Quality.BAD_COMM.level, Quality.BAD_COMM.reason) == (Level.BAD, Reason.COMM)
    assert (Quality.UNCERTAIN_STALE.level, Quality.UNCERTAIN_STALE.reason) == (Level.UNCERTAIN, Reason.STALE)
    assert (Quality.GOOD.level, Quality.GOOD.reason) == (Level.GOOD, None)
    names = {quality: quality.name.lower() for quality in Quality}
    assert all(name == "_".join(filter(None, (quality.level, quality.reason))) for quality, name in names.items())


def test_what_has_no_value_is_found_by_one_comparison() -> None:
    assert all((quality >= FIRST_BAD) == (not quality.has_value) for quality in Quality)


@pytest.mark.parametrize(
    ("table", "address", "reference"),
    [
        (Table.HOLDING, 0, "40001"),
        (Table.HOLDING, 9998, "49999"),
        (Table.HOLDING, 40_000, "440001"),
        (Table.INPUT, 52, "30053"),
        (Table.COIL, 16, "00017"),
        (Table.DISCRETE, 65_535, "165536"),
    ],
)
def test_the_notation_of_manuals_is_one_based(table: Table, address: int, reference: str) -> None:
    point = Point(key="p", name={"en": "P"}, table=table, address=address, type=DataType.UINT16)
    assert point.reference == reference


def test_time_at_the_edge_is_iso_8601_in_utc() -> None:
    assert to_iso(1_700_000_000_123) == "2023-11-14T22:13:20.123Z"
