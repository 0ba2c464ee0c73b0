"""What the numbers of a T3 mean, by its tables of ranges."""

import pytest

from stripchart.model.ranges import Range, point_now, range_code, range_now
from stripchart.profiles.library import ProfileLibrary

T3 = ProfileLibrary.shipped().get("temco-t3")
STATES = {
    1: ("Off", "On"),
    5: ("Normal", "Alarm"),
    9: ("Cool", "Heat"),
    11: ("Low", "High"),
    12: ("Off", "On"),
    16: ("Normal", "Alarm"),
    20: ("Cool", "Heat"),
    22: ("Low", "High"),
}
"""What 0 and 1 in the register mean: it says 1 for the active state, whatever the table of the panel begins with."""
UNITS = {
    ("in", 3): "°C",
    ("in", 4): "°F",
    ("in", 13): "mA",
    ("in", 28): "ppm",
    ("in", 31): "µg/m³",
    ("out", 1): "V",
    ("out", 2): "%",
    ("out", 3): "psi",
    ("var", 3): "ft/min",
    ("var", 7): "in.WC",
    ("var", 13): "A",
    ("var", 14): "mA",
    ("var", 27): "kg",
    ("var", 33): "m³/h",
}


def now(kind: str, analog: float, code: float) -> Range | None:
    numbers = {f"{kind}7_analog": analog, f"{kind}7_range": code}
    return range_now(T3.ranges, T3.point(f"{kind}7"), numbers.get)


@pytest.mark.parametrize("code", STATES)
@pytest.mark.parametrize("kind", ["in", "out", "var"])
def test_digital_states_are_by_what_the_register_says(kind: str, code: int) -> None:
    found = now(kind, 0, code)
    assert found is not None
    assert tuple(found.states[value]["en"] for value in (0, 1)) == STATES[code]
    assert all(set(texts) == {"en", "zh", "ru"} for texts in found.states.values())


@pytest.mark.parametrize(("kind", "code"), UNITS)
def test_the_same_code_is_another_unit_in_another_kind_of_point(kind: str, code: int) -> None:
    found = now(kind, 1, code)
    assert found is not None
    assert (found.unit, found.states) == (UNITS[kind, code], {})


def test_the_tables_are_as_long_as_those_of_the_panel() -> None:
    assert {name: (min(table), max(table)) for name, table in T3.ranges.items()} == {
        "digital": (1, 22),
        "inputs": (0, 34),
        "outputs": (0, 8),
        "variables": (0, 38),
    }


def test_a_point_shows_what_its_range_says_and_as_before_where_nobody_knows() -> None:
    point = T3.point("in7")
    celsius = point_now(T3.ranges, point, {"in7_analog": 1.0, "in7_range": 3.0}.get)
    assert (celsius.unit, celsius.labels, celsius.decimals) == ("°C", {}, 3)
    contact = point_now(T3.ranges, point, {"in7_analog": 0.0, "in7_range": 12.0}.get)
    assert (contact.unit, contact.labels[1]["en"], contact.decimals) == ("", "On", 0)
    for numbers in (
        {},
        {"in7_range": 3.0},
        {"in7_analog": 1.0, "in7_range": 99.0},
        {"in7_analog": 2.0, "in7_range": 3.0},
    ):
        assert point_now(T3.ranges, point, numbers.get) == point
    assert range_code(point, {"in7_range": 3.0}.get) == 3
    assert range_code(T3.point("in7_range"), {"in7_range": 3.0}.get) is None
