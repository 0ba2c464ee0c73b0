"""The columns of a table as samples: every field looked at, every wrong one told."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stripchart.interop.formulas import restored
from stripchart.interop.lines import LineErrors, shown
from stripchart.interop.names import Names
from stripchart.interop.quality_names import QUALITIES
from stripchart.interop.sources import Piece
from stripchart.model.exact import digits_of
from stripchart.model.quality import FIRST_BAD, Quality
from stripchart.model.sample import PointId, PointIds, Qualities, SampleBatch, Times, Values

Rows = npt.NDArray[np.bool_]
Text = tuple[PointId, int, str]
"""Point, time, text."""

_ALLOWED_TIME = "allowed are ISO 8601 times of 1970 to 2199, as 2026-01-31T12:00:00.000Z; without a zone they are UTC"
_ALLOWED_VALUE = "allowed are numbers, as -12.5 or 1e6"
_ALLOWED_QUALITY = f"allowed are {', '.join(QUALITIES)}, or nothing for good"
_EARLIEST_MS, _LATEST_MS = 0, 7_258_118_400_000
_NO_ZONE = r"^[^T ]*$|[T ][^Z+\-]*$"
_DATE = r"^\d{4}-\d\d-\d\d$"
_NUMBER = r"^\s*[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|inf)\s*$"


@dataclass(frozen=True, slots=True)
class Parsed:
    """The samples and texts of a piece of a table. Meaningless when errors were added."""

    samples: SampleBatch
    texts: list[Text]


def parsed(piece: Piece, names: Names, *, is_csv: bool, errors: LineErrors) -> Parsed:
    """Samples and texts of the rows, in their order; what is wrong is added to the errors, all of it."""
    rows = _Rows(piece, names, is_csv=is_csv, errors=errors)
    return rows.parsed()


class _Rows:
    def __init__(self, piece: Piece, names: Names, *, is_csv: bool, errors: LineErrors) -> None:
        self._lines, self._names, self._is_csv, self._errors = piece.lines, names, is_csv, errors
        self._columns = piece.columns
        # A line with nothing on it is no row.
        self._empty = _all_null(piece.columns, len(piece.lines))

    def parsed(self) -> Parsed:
        before = self._errors.count
        at_ms = self._times()
        text = self._strings("text")
        has_text = _not_null(text, len(self._lines))
        point_id, is_text = self._points(has_text)
        value, has_value = self._values()
        quality = self._qualities(has_value, has_text)
        self._check_kinds(is_text, has_text, has_value)
        self._check_digits(text, has_text & has_value, value)
        if self._errors.count > before:
            return Parsed(SampleBatch.empty(), [])
        numeric = (~has_text | has_value) & ~self._empty
        value = np.where(quality < FIRST_BAD, value, np.nan)
        samples = SampleBatch(point_id[numeric], at_ms[numeric], value[numeric], quality[numeric])
        return Parsed(samples, self._texts(text, has_text, point_id, at_ms))

    def _times(self) -> Times:
        column = self._columns["time"]
        if pa.types.is_timestamp(column.type):
            moments, wrong = pc.cast(column, pa.timestamp("us"), safe=False), np.zeros(len(column), np.bool_)
        else:
            moments, wrong = _moments(_as_strings(column))
        at_ms: Times = pc.fill_null(pc.cast(moments, pa.int64()), 0).to_numpy(zero_copy_only=False) // 1000
        wrong |= ~_not_null(column, len(column))
        wrong |= (at_ms < _EARLIEST_MS) | (at_ms >= _LATEST_MS)
        self._tell("time", wrong & ~self._empty, column, _ALLOWED_TIME)
        return at_ms

    def _points(self, has_text: Rows) -> tuple[PointIds, npt.NDArray[np.int8]]:
        """The point of each row, and whether it is one of texts (1), of numbers (0), or nobody knows (-1)."""
        devices, device_row = self._labels("device")
        keys, key_row = self._labels("point")
        units, unit_row = self._labels("unit")
        pair = device_row * len(keys) + key_row
        ids, kinds = np.full(len(devices) * len(keys), -1, np.int64), np.full(len(devices) * len(keys), -1, np.int8)
        wrong, wrong_unit = np.zeros(len(ids), np.bool_), np.zeros((len(ids), len(units)), np.bool_)
        for place in _present(pair[~self._empty], len(ids)):
            device, key = devices[place // len(keys)], keys[place % len(keys)]
            point = self._names.find(device, key)
            if point is None:
                wrong[place] = True
                continue
            name = self._names.of(point)
            ids[place], kinds[place] = point, -1 if name.is_text is None else int(name.is_text)
            wrong_unit[place] = [bool(unit and name.unit and unit != name.unit) for unit in units]
        for row in self._wrong_rows(wrong[pair]):
            device, key = devices[device_row[row]], keys[key_row[row]]
            self._errors.add(int(self._lines[row]), "device, point", self._names.allowed(device, key))
        for row in self._wrong_rows(wrong_unit[pair, unit_row]):
            unit = self._names.of(PointId(int(ids[pair[row]]))).unit
            self._errors.add(int(self._lines[row]), "unit", f"{shown(units[unit_row[row]])}, the point's is {unit!r}")
        return ids[pair].astype(np.int32), kinds[pair]

    def _values(self) -> tuple[Values, Rows]:
        column = self._columns.get("value")
        count = len(self._lines)
        if column is None:
            return np.zeros(count), np.zeros(count, np.bool_)
        has_value = _not_null(column, count)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            numbers, wrong = _numbers(column)
        else:
            numbers, wrong = pc.cast(column, pa.float64(), safe=False), np.zeros(count, np.bool_)
        value: Values = pc.fill_null(numbers, 0.0).to_numpy(zero_copy_only=False)
        self._tell("value", wrong | (has_value & np.isnan(value)), column, _ALLOWED_VALUE)
        return value, has_value

    def _qualities(self, has_value: Rows, has_text: Rows) -> Qualities:
        labels, row = self._labels("quality")
        codes = np.array([QUALITIES.get(label.strip().casefold(), -1) if label else 0 for label in labels], np.int64)
        quality = codes[row]
        for wrong in self._wrong_rows(quality < 0):
            self._errors.add(int(self._lines[wrong]), "quality", f"{shown(labels[row[wrong]])}; {_ALLOWED_QUALITY}")
        bad = quality >= FIRST_BAD
        for wrong in self._wrong_rows((quality >= 0) & ~bad & ~has_value & ~has_text):
            self._errors.add(
                int(self._lines[wrong]), "value", "a value or a text is needed unless the quality is bad"
            )
        for wrong in self._wrong_rows(bad & (has_value | has_text)):
            self._errors.add(int(self._lines[wrong]), "value", "nothing is allowed where the quality is bad")
        return np.where(quality < 0, int(Quality.BAD), quality).astype(np.uint8)

    def _check_kinds(self, is_text: npt.NDArray[np.int8], has_text: Rows, has_value: Rows) -> None:
        for row in self._wrong_rows(has_text & ~has_value & (is_text == 0)):
            self._errors.add(int(self._lines[row]), "text", "the point has numbers, not texts")
        for row in self._wrong_rows(has_value & (is_text == 1)):
            self._errors.add(int(self._lines[row]), "value", "the point has texts, not numbers")

    def _check_digits(self, text: pa.Array | None, both: Rows, value: Values) -> None:
        """Beside a value only the digits of a whole number are allowed that the value comes near to."""
        wrong = np.zeros(len(both), np.bool_)
        rows = np.flatnonzero(both)
        if text is not None and len(rows):
            texts = text.take(pa.array(rows)).to_pylist()
            wrong[rows] = [digits_of(*pair) is None for pair in zip(value[rows].tolist(), texts, strict=True)]
        for row in self._wrong_rows(wrong):
            problem = "beside a value only its digits are allowed, of a whole number from 2^53 on"
            self._errors.add(int(self._lines[row]), "text", problem)

    def _texts(self, text: pa.Array | None, has_text: Rows, point_id: PointIds, at_ms: Times) -> list[Text]:
        if text is None or not has_text.any():
            return []
        rows = np.flatnonzero(has_text)
        texts = text.take(pa.array(rows)).to_pylist()
        if self._is_csv:
            texts = [restored(each) for each in texts]
        points, times = point_id[rows].tolist(), at_ms[rows].tolist()
        return [(PointId(point), when, each) for point, when, each in zip(points, times, texts, strict=True)]

    def _strings(self, name: str) -> pa.Array | None:
        column = self._columns.get(name)
        return None if column is None else _as_strings(column)

    def _labels(self, name: str) -> tuple[list[str], npt.NDArray[np.int64]]:
        """The different strings of a column, and which of them each row has; a missing one is ''."""
        column = self._columns.get(name)
        if column is None:
            return [""], np.zeros(len(self._lines), np.int64)
        encoded = pc.dictionary_encode(pc.fill_null(_as_strings(column), ""))
        labels: list[str] = encoded.dictionary.to_pylist()
        if self._is_csv:
            labels = [restored(label) for label in labels]
        return labels or [""], encoded.indices.to_numpy().astype(np.int64)

    def _tell(self, name: str, wrong: Rows, column: pa.Array, allowed: str) -> None:
        for row in self._wrong_rows(wrong):
            value = column[row].as_py()
            told = "nothing is there" if value is None else shown(str(value))
            self._errors.add(int(self._lines[row]), name, f"{told}; {allowed}")

    def _wrong_rows(self, wrong: Rows) -> list[int]:
        """The rows to tell one by one. When there is no room for more, the rest is only counted."""
        rows: list[int] = np.flatnonzero(wrong & ~self._empty).tolist()
        told = rows if self._errors.has_room() else []
        told = told[: self._errors.at_most]
        self._errors.count += len(rows) - len(told)
        return told


def _moments(column: pa.Array) -> tuple[pa.Array, Rows]:
    """Strings as moments, and which of them are none."""
    text = pc.utf8_trim_whitespace(column)
    try:
        return pc.cast(text, pa.timestamp("us", "UTC")), np.zeros(len(text), np.bool_)
    except pa.ArrowInvalid:
        pass
    text = pc.if_else(pc.match_substring_regex(text, _DATE), pc.binary_join_element_wise(text, "T00:00", ""), text)
    no_zone = pc.match_substring_regex(text, _NO_ZONE)
    text = pc.if_else(no_zone, pc.binary_join_element_wise(text, "Z", ""), text)
    try:
        return pc.cast(text, pa.timestamp("us", "UTC")), np.zeros(len(text), np.bool_)
    except pa.ArrowInvalid:
        return _one_by_one(text)


def _one_by_one(text: pa.Array) -> tuple[pa.Array, Rows]:
    """The slow way, for a piece in which something is wrong."""
    moments, wrong = [], np.zeros(len(text), np.bool_)
    for row, each in enumerate(text):
        try:
            moments.append(each.cast(pa.timestamp("us", "UTC")).as_py())
        except (pa.ArrowInvalid, ValueError, OverflowError):
            moments.append(None)
            wrong[row] = True
    return pa.array(moments, pa.timestamp("us", "UTC")), wrong


def _numbers(column: pa.Array) -> tuple[pa.Array, Rows]:
    """Strings as numbers, and which of them are none."""
    try:
        return pc.cast(column, pa.float64()), np.zeros(len(column), np.bool_)
    except pa.ArrowInvalid:
        pass
    good = pc.fill_null(pc.match_substring_regex(column, _NUMBER), True)
    text = pc.if_else(good, pc.utf8_trim_whitespace(column), pa.scalar(None, column.type))
    return pc.cast(text, pa.float64()), ~good.to_numpy(zero_copy_only=False)


def _as_strings(column: pa.Array) -> pa.Array:
    if pa.types.is_string(column.type):
        return column
    return pc.cast(column, pa.string())


def _not_null(column: pa.Array | None, count: int) -> Rows:
    if column is None:
        return np.zeros(count, np.bool_)
    there: Rows = column.is_valid().to_numpy(zero_copy_only=False)
    return there


def _all_null(columns: Mapping[str, pa.Array], count: int) -> Rows:
    empty = np.ones(count, np.bool_)
    for column in columns.values():
        empty &= ~_not_null(column, count)
    return empty


def _present(numbers: npt.NDArray[np.int64], count: int) -> list[int]:
    """Which of the numbers below `count` come up."""
    there = np.zeros(count, np.bool_)
    there[numbers] = True
    places: list[int] = np.flatnonzero(there).tolist()
    return places
