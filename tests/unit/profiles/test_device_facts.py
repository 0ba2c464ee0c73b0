"""What a profile says of the device as a whole, and the mistakes in it."""

import pytest

from stripchart.model.point import Capacity, Ranged
from stripchart.model.profile import DeviceClock, Identity, Profile
from stripchart.profiles.load import parse_profile
from stripchart.profiles.problem import ProfileError

GOOD = """
profile: panel
name: Panel
kind: controller
pacing: {is_gateway: true}
reads: {slow: {every: 5}, first: {every: 9, when: {point: model, equals: 2}}, model: {every: 9}}
expected: [{point: model, equals: 2}, {point: maker, equals: [7, 8]}]
clock: {year: year, month: month, day: day, hour: hour, minute: minute, second: second, tolerance_s: 30}
ranges:
  states: {1: {states: ["Off", {en: "On", ru: Вкл.}]}, 2: {states: [Shut, Open], inverted: true}}
  units: {1: {name: Volts, unit: V}}
points:
  - {key: model, name: Model, address: 1, read: model}
  - {key: maker, name: Maker, address: 2, read: model}
  - {key: has, name: Has, address: 3, read: first}
  - repeat: {count: 2, stride: 1}
    defaults: {capacity: has}
    points:
      - key: "v{n}"
        name: V
        address: 10
        ranged: {code: "v{n}_range", kind: "v{n}_kind", tables: {0: states, 1: units}}
        panel_point: "VAR{n}"
      - {key: "v{n}_range", name: R, address: 20, read: slow}
      - {key: "v{n}_kind", name: K, address: 30, read: slow}
  - {key: year, name: y, address: 40, read: slow}
  - {key: month, name: y, address: 41, read: slow}
  - {key: day, name: y, address: 42, read: slow}
  - {key: hour, name: y, address: 43, read: slow}
  - {key: minute, name: y, address: 44, read: slow}
  - {key: second, name: y, address: 45, read: slow}
  - {key: label, name: L, address: 50, type: string, registers: 2}
"""


def parsed(text: str = GOOD) -> Profile:
    return parse_profile(text, "panel.yaml")


def test_everything_is_taken_over() -> None:
    panel = parsed()
    assert panel.pacing.is_gateway
    assert panel.expected == (Identity("model", (2,)), Identity("maker", (7, 8)))
    assert panel.clock == DeviceClock("year", "month", "day", "hour", "minute", "second", 30)
    assert panel.point("v2").capacity == Capacity("has", 2)
    assert panel.point("v2").ranged == Ranged("v2_range", "v2_kind", {0: "states", 1: "units"})
    assert panel.ranges["states"][1].states == {0: {"en": "Off"}, 1: {"en": "On", "ru": "Вкл."}}
    assert panel.ranges["states"][2].states == {0: {"en": "Open"}, 1: {"en": "Shut"}}
    assert (panel.ranges["units"][1].name, panel.ranges["units"][1].unit) == ({"en": "Volts"}, "V")


def test_what_says_what_the_device_is_is_read_first() -> None:
    assert parsed().leading == {"model", "first"}
    assert set(list(parsed().reads)[:2]) == {"model", "first"}


@pytest.mark.parametrize(
    ("was", "written", "said"),
    [
        ("{point: maker,", "{point: makre,", "'makre' is not one of the points; did you mean 'maker'?"),
        ("{point: maker,", "{point: label,", "'label' is a text"),
        ("year: year", "year: yaer", "'yaer' is not one of the points"),
        ("tolerance_s: 30", "tolerance_s: 450", "450: allowed are 5 to 400"),
        ("code: \"v{n}_range\"", "code: \"w{n}_range\"", "'w1_range' is not one of the points"),
        ("1: units}}", "1: unist}}", "'unist' is not one of the ranges; did you mean 'units'?"),
        ("capacity: has", "capacity: v1", "'v1' is itself there only if another point says so"),
        ("name: Has, address: 3", "name: Has, address: 3, capacity: model", "allowed in repeated points"),
        ("panel_point: \"VAR{n}\"", "panel_point: VAR1", "VAR1 is the point 'v1' already"),
        ("panel_point: \"VAR{n}\"", "panel_point: \"HOLDING{n}\"", "a point of a panel is one of OUT, IN, VAR"),
        ("unit: V}", "unti: V}", "not a field here; did you mean 'unit'?"),
        ("tables: {0: states, 1: units}", "tables: {}", "empty; at least one is needed"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(was: str, written: str, said: str) -> None:
    assert was in GOOD
    with pytest.raises(ProfileError) as caught:
        parsed(GOOD.replace(was, written))
    assert said in str(caught.value)
    assert "panel.yaml:" in str(caught.value)
