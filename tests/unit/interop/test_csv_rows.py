"""CSV by columns: whatever goes in is what a reader of CSV gets out."""

import csv
import io
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.interop.csv_rows import CsvRows
from stripchart.interop.moments import iso_texts
from stripchart.interop.rows import Column, Counts, Heading, Kind, Moments, Names, Numbers, Rows, Texts, named, same

MOMENTS = st.integers(-62_135_596_800_000, 400_000_000_000_000)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.one_of(st.floats(allow_nan=True), st.integers(-(10**6), 10**6).map(float))
CELLS = st.tuples(MOMENTS, NUMBERS, st.integers(-(2**63), 2**63 - 1), st.integers(-1, 2), st.none() | TEXTS)
HEADINGS = [Heading(name, kind) for name, kind in zip("mncst", (*Kind,), strict=True)]


def written(rows: Rows, zone: str = "UTC") -> list[list[str]]:
    content = CsvRows(HEADINGS, zone).add(rows)
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))


@settings(deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=20), names=st.tuples(TEXTS, TEXTS, TEXTS))
def test_every_cell_comes_out_as_it_went_in(
    cells: list[tuple[int, float, int, int, str | None]], names: tuple[str, str, str]
) -> None:
    at_ms, values, counts, places, texts = zip(*cells, strict=True)
    moments = np.array(at_ms, np.int64)
    columns: list[Column] = [
        Moments(moments),
        Numbers(np.array(values, np.float64)),
        Counts(np.array(counts, np.int64)),
        Names(np.array(places, np.int32), names),
        Texts(texts),
    ]
    found = written(Rows(columns, len(cells)))
    assert [row[0] for row in found] == iso_texts(moments)
    assert [row[2:] for row in found] == [
        [str(count), names[place] if place >= 0 else "", text or ""]
        for count, place, text in zip(counts, places, texts, strict=True)
    ]
    for row, value in zip(found, values, strict=True):
        assert row[1] == "" if math.isnan(value) else float(row[1]) == value


def test_numbers_have_no_more_digits_than_they_need_and_nothing_is_an_empty_cell() -> None:
    values = np.array([61.0, 0.1, np.nan, -0.5, 1e300, 10.05])
    column = Numbers(values)
    assert CsvRows([], "UTC").add(Rows([column], 6)) == b"61\n0.1\n\n-0.5\n1e+300\n10.05\n"
    assert CsvRows([], "UTC").add(Rows([Numbers(np.array([2.0]))], 1)) == b"2\n"
    assert CsvRows([], "UTC").add(Rows([Numbers(np.array([np.inf, np.nan]))], 2)) == b"inf\n\n"


def test_only_cells_that_need_them_have_quotes_and_an_empty_text_is_told_from_none() -> None:
    columns: list[Column] = [same('G1, "left"', 2), named(np.array([1, 0]), [None, "good"]), Texts(["", None])]
    assert CsvRows([], "UTC").add(Rows(columns, 2)) == b'"G1, ""left""",good,""\n"G1, ""left""",,\n'


def test_the_header_line_stands_first() -> None:
    encoder = CsvRows([Heading("time", Kind.MOMENT), Heading("flow, left", Kind.NUMBER)], "UTC")
    assert encoder.begin() + encoder.end() == b'time,"flow, left"\n'
