"""Wanted: what an operator wants a point to be, held against what its profile allows. Pure."""

import math

from stripchart.model.complaint import Complaint, ComplaintCode, span
from stripchart.model.encode import EncodeError, encode_exactly
from stripchart.model.exact import EXACT_BELOW
from stripchart.model.point import DataType, Point, Table

Given = float | str | bool
"""As it was typed: a number, a text or label, true or false."""

_YES = frozenset({"true", "on", "yes", "1"})
_NO = frozenset({"false", "off", "no", "0"})


class NotAllowedError(ValueError):
    """This may not be written; the message names the point and says what may, `complaint` by code."""

    def __init__(self, message: str, complaint: Complaint) -> None:
        super().__init__(message)
        self.complaint = complaint


def wanted_value(point: Point, given: Given) -> float | str:
    """The value to write: a number in the point's unit, or the text of a string point.

    Labels are taken for the codes they stand for, in every language. Raises NotAllowedError for a point that may not
    be written, a value outside its limits, and one it cannot hold. What depends on another point's value (its scale)
    is not checked here: see `check_scaled`.
    """
    if point.writable is None:
        message = f"point {point.key!r} may not be written: its profile does not say so"
        raise NotAllowedError(message, _of(point, ComplaintCode.NOT_WRITABLE))
    if point.type is DataType.STRING:
        return _text(point, given)
    value = _number(point, given)
    _check_code(point, value)
    if point.scale_when is None and point.scale_factor is None:
        check_scaled(point, value, None)
    return value


def check_scaled(point: Point, value: float | str, other: float | None) -> None:
    """`other`: what the point named by `scale_factor` or `scale_when` holds now. Raises NotAllowedError."""
    if not isinstance(value, str):
        _check_limits(point, value, other)
    try:
        words = encode_exactly(point, value, other=other)
    except EncodeError as error:
        raise NotAllowedError(str(error), error.complaint or _of(point, ComplaintCode.UNFIT)) from error
    writes_one = point.writable is not None and point.writable.function == 6
    if writes_one and any(words[place] for place in range(point.registers) if place != low_word(point)):
        message = f"{value}: point {point.key!r} is written with its low register alone, 0 to 65535 in it"
        raise NotAllowedError(message, _of(point, ComplaintCode.UNFIT))


def limits_of(point: Point, other: float | None = None) -> tuple[float | None, float | None]:
    """Lowest and highest value an operator may write; None where there is no limit of its own."""
    writable, when = point.writable, point.scale_when
    if writable is None:
        return None, None
    if writable.rescaled is not None and when is not None and other == when.equals:
        return writable.rescaled
    return writable.low, writable.high


def low_word(point: Point) -> int:
    """Which register of the point, counted from its first, is the least significant."""
    return 0 if point.word_order == "little" else point.registers - 1


def _check_limits(point: Point, value: float, other: float | None) -> None:
    low, high = limits_of(point, other)
    if (low is not None and value < low) or (high is not None and value > high):
        unit = f" {point.unit}" if point.unit else ""
        said = f"{low:g} to {high:g}" if low is not None and high is not None else f"{_end(low, high)}"
        message = f"{value:.10g}: allowed for point {point.key!r} are {said}{unit}"
        raise NotAllowedError(message, span(low, high, point.unit))


def _end(low: float | None, high: float | None) -> str:
    return f"{low:g} and more" if low is not None else f"{high:g} and less"


def _text(point: Point, given: Given) -> str:
    if not isinstance(given, str):
        raise NotAllowedError(f"{given}: point {point.key!r} is a text", Complaint(ComplaintCode.TEXT))
    try:
        encode_exactly(point, given)
    except EncodeError as error:
        raise NotAllowedError(str(error), error.complaint or _of(point, ComplaintCode.UNFIT)) from error
    return given


def _number(point: Point, given: Given) -> float:
    is_bool = point.type is DataType.BOOL or point.table is Table.COIL
    if isinstance(given, bool):
        if not is_bool:
            message = f"{str(given).lower()}: point {point.key!r} is no bool; {_allowed(point)}"
            raise NotAllowedError(message, _choice(point))
        return float(given)
    number = _from_text(point, given, is_bool=is_bool) if isinstance(given, str) else float(given)
    if not math.isfinite(number) or (is_bool and number not in {0, 1}):
        raise NotAllowedError(f"{given}: {_allowed(point)}", _choice(point))
    if abs(number) > EXACT_BELOW and not point.type.value.startswith("float"):
        message = f"{given}: whole numbers beyond {EXACT_BELOW:.0f} cannot be written digit for digit"
        raise NotAllowedError(message, span(-EXACT_BELOW, EXACT_BELOW))
    return number


def _from_text(point: Point, text: str, *, is_bool: bool) -> float:
    typed = text.strip().casefold()
    for code, texts in point.labels.items():
        if typed in {label.casefold() for label in texts.values()}:
            return float(code)
    if is_bool and typed in _YES | _NO:
        return float(typed in _YES)
    try:
        return float(typed)
    except ValueError:
        raise NotAllowedError(f"{text!r}: {_allowed(point)}", _choice(point)) from None


def _check_code(point: Point, value: float) -> None:
    """A code that has no label is none the device knows."""
    if point.labels and value not in point.labels:
        raise NotAllowedError(f"{value:.10g}: {_allowed(point)}", _choice(point))


def _of(point: Point, code: ComplaintCode) -> Complaint:
    return Complaint(code, {"point": point.key})


def _choice(point: Point) -> Complaint:
    """It is none of the point's states, or no number."""
    if point.labels:
        return _of(point, ComplaintCode.CHOICE)
    return Complaint(ComplaintCode.BOOLEAN if point.type is DataType.BOOL else ComplaintCode.NUMBER)


def _allowed(point: Point) -> str:
    if point.labels:
        said = ", ".join(f"{code} ({texts['en']})" for code, texts in sorted(point.labels.items()))
        return f"allowed for point {point.key!r} are {said}"
    return f"allowed for point {point.key!r} is {'true or false' if point.type is DataType.BOOL else 'a number'}"
