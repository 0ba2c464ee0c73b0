"""What may be written, and what is said of what may not."""

import pytest

from stripchart.model.point import DataType, Order, Point, ScaleWhen, Table, Writable
from stripchart.model.wanted import NotAllowedError, check_scaled, wanted_value


def point_of(type_: DataType = DataType.UINT16, **more: object) -> Point:
    fields: dict[str, object] = {"registers": type_.registers, "table": Table.HOLDING, "writable": Writable()} | more
    return Point(key="p", name={"en": "P"}, address=7, type=type_, **fields)  # type: ignore[arg-type]


SETPOINT = point_of(scale=0.1, unit="°C", writable=Writable(20, 90))
MODE = point_of(DataType.ENUM16, labels={0: {"en": "Standby", "ru": "Готов"}, 1: {"en": "Firing"}})
PUMP = point_of(DataType.BOOL, table=Table.COIL, labels={0: {"en": "Off"}, 1: {"en": "Runs"}})
NAME = point_of(DataType.STRING, registers=4)


@pytest.mark.parametrize(
    ("point", "given", "value"),
    [
        (SETPOINT, 21.5, 21.5),
        (SETPOINT, "21.5", 21.5),
        (SETPOINT, 20, 20.0),
        (MODE, "firing", 1.0),
        (MODE, "ГОТОВ", 0.0),
        (MODE, 1, 1.0),
        (MODE, "1", 1.0),
        (PUMP, True, 1.0),
        (PUMP, "runs", 1.0),
        (PUMP, "off", 0.0),
        (PUMP, "false", 0.0),
        (NAME, "Boiler", "Boiler"),
    ],
)
def test_numbers_labels_and_texts_are_understood(point: Point, given: float | str | bool, value: float | str) -> None:
    assert wanted_value(point, given) == value


@pytest.mark.parametrize(
    ("point", "given", "message"),
    [
        (point_of(writable=None), 1, "point 'p' may not be written"),
        (SETPOINT, 19.9, "19.9: allowed for point 'p' are 20 to 90 °C"),
        (SETPOINT, 90.1, "90.1: allowed for point 'p' are 20 to 90 °C"),
        (SETPOINT, 21.55, "21.55: point 'p' holds 0 to 6553.5 in steps of 0.1"),
        (SETPOINT, "warm", "'warm': allowed for point 'p' is a number"),
        (SETPOINT, True, "true: point 'p' is no bool"),
        (SETPOINT, "nan", "nan: allowed for point 'p' is a number"),
        (MODE, 2, "2: allowed for point 'p' are 0 (Standby), 1 (Firing)"),
        (MODE, "warm", "'warm': allowed for point 'p' are 0 (Standby), 1 (Firing)"),
        (PUMP, 2, "2: allowed for point 'p' are 0 (Off), 1 (Runs)"),
        (NAME, 5, "5: point 'p' is a text"),
        (point_of(DataType.UINT64), "9007199254740994", "beyond 9007199254740992 cannot be written digit for digit"),
        (NAME, "Boiler house", "holds texts of up to 8 bytes"),
        (point_of(writable=Writable(low=3)), 2, "2: allowed for point 'p' are 3 and more"),
    ],
)
def test_what_may_not_be_written_is_refused_with_what_may(
    point: Point, given: float | str | bool, message: str
) -> None:
    with pytest.raises(NotAllowedError) as refusal:
        wanted_value(point, given)
    assert message in str(refusal.value)


def test_a_point_scaled_by_another_is_checked_once_that_is_known() -> None:
    analog = ScaleWhen("analog", 0, 1)
    point = point_of(DataType.INT32, scale=0.001, scale_when=analog, writable=Writable(-500, 500, rescaled=(0, 1)))
    assert wanted_value(point, 21.5) == 21.5
    check_scaled(point, 21.5, 1)
    with pytest.raises(NotAllowedError, match=r"21.5: allowed for point 'p' are 0 to 1"):
        check_scaled(point, 21.5, 0)
    check_scaled(point, 1, 0)


def test_a_value_written_by_its_low_register_alone_has_to_fit_in_it() -> None:
    for order in Order:
        point = point_of(DataType.INT32, scale=0.001, word_order=order, writable=Writable(-1, 100, function=6))
        assert wanted_value(point, 65.535) == 65.535
        for value in (65.536, -0.001):
            with pytest.raises(NotAllowedError, match="is written with its low register alone"):
                wanted_value(point, value)
