"""Tables that are imported: every wrong field is told with its line, and good ones come back as they were."""

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripchart.interop.importing import Looked, _taken, look_through
from stripchart.interop.lines import LineErrors, TableError
from stripchart.interop.names import Names, PointName
from stripchart.interop.table import sample_rows
from stripchart.model.sample import PointId, SampleBatch
from tests.unit.history.batches import assert_same, batches

NAMES = Names(
    {
        PointId(1): PointName("G1", "volt", "V", is_text=False),
        PointId(2): PointName("G1", "model", is_text=True),
        PointId(3): PointName("Pump; 3", "flow"),
    }
)
HEADER = "time,device,point,value,unit,quality,text\n"


def looked_through(
    path: Path, at_most: int = 100, columns: Mapping[str, str] | None = None
) -> tuple[Looked, SampleBatch]:
    spool = io.BytesIO()
    looked = look_through(path, NAMES, columns or {}, LineErrors(at_most), spool=spool, advance=lambda *_: None)
    spool.seek(0)
    return looked, SampleBatch.joined([batch for _, batch in _taken(spool)])


def of_csv(tmp_path: Path, content: str, **columns: str) -> tuple[Looked, SampleBatch]:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return looked_through(path, columns=columns)


def errors_of(tmp_path: Path, rows: str) -> list[str]:
    looked, samples = of_csv(tmp_path, HEADER + rows)
    assert len(samples) == 0
    assert looked.errors.count == len(looked.errors.first)
    return [str(error) for error in sorted(looked.errors.first)]


def test_good_rows_come_out_as_samples_and_texts(tmp_path: Path) -> None:
    looked, samples = of_csv(
        tmp_path,
        HEADER + "2026-01-31T12:00:00Z,G1,volt,230.5,V,good,\n"
        "2026-01-31 14:00:00.250+02:00,g1,volt,-1e3,,,\n"
        "\n"
        "2026-01-31,G1,volt,,V,bad_comm,\n"
        '2026-01-31T12:00:01.123456Z,G1,model,,,,"two\nlines, =x"\n'
        "2026-01-31T12:00:00Z,,#77,1,,uncertain,\n",
    )
    assert (looked.errors.count, looked.samples, looked.points) == (0, 4, 3)
    assert samples.point_id.tolist() == [1, 1, 1, 77]
    assert (samples.at_ms - 1_769_817_600_000).tolist() == [43_200_000, 43_200_250, 0, 43_200_000]
    assert samples.quality.tolist() == [0, 0, 0x81, 0x40]
    assert samples.value[[0, 1, 3]].tolist() == [230.5, -1000.0, 1.0]
    assert looked.texts == [(PointId(2), 1_769_860_801_123, "two\nlines, =x")]


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("yesterday,G1,volt,1,V,,", "time", "'yesterday'; allowed are ISO 8601 times"),
        ("2026-02-30,G1,volt,1,V,,", "time", "'2026-02-30'; allowed"),
        ("20266-02-01,G1,volt,1,V,,", "time", "'20266-02-01'; allowed"),
        (",G1,volt,1,V,,", "time", "nothing is there; allowed"),
        ("2026-02-01,G9,volt,1,V,,", "device, point", "no device 'G9'"),
        ("2026-02-01,G1,vlt,1,V,,", "device, point", "has no point 'vlt'; did you mean 'volt'?"),
        ('2026-02-01,G1,volt,"1,5",V,,', "value", "'1,5'; allowed are numbers"),
        ("2026-02-01,G1,volt,nan,V,,", "value", "'nan'; allowed are numbers"),
        ("2026-02-01,G1,volt,1,kV,,", "unit", "'kV', the point's is 'V'"),
        ("2026-02-01,G1,volt,1,V,fine,", "quality", "'fine'; allowed are good, "),
        ("2026-02-01,G1,volt,1,V,bad,", "value", "nothing is allowed where the quality is bad"),
        ("2026-02-01,G1,volt,,V,good,", "value", "a value or a text is needed"),
        ("2026-02-01,G1,volt,,V,,x", "text", "the point has numbers, not texts"),
        ("2026-02-01,G1,model,1,,,", "value", "the point has texts, not numbers"),
        ("2026-02-01,Pump; 3,flow,1,,,x", "text", "beside a value only its digits are allowed"),
        ("2026-02-01,G1,volt", "row", "3 fields, allowed are 7"),
    ],
)
def test_a_wrong_field_is_told_with_line_column_and_what_is_allowed(
    tmp_path: Path, row: str, column: str, problem: str
) -> None:
    good = "2026-01-31T12:00:00Z,G1,volt,1,V,,\n"
    (error,) = errors_of(tmp_path, good + "\n" + row + "\n" + good)
    assert error.startswith(f"line 4, {column}: ")
    assert problem in error


def test_lines_are_counted_through_texts_of_several_lines(tmp_path: Path) -> None:
    rows = '2026-01-31,G1,model,,,,"a\nb\nc"\n2026-01-31,G1,volt,x,V,,\n1,2\n2026-01-31,G1,volt,y,V,,\n'
    lines = [error.partition(",")[0] for error in errors_of(tmp_path, rows)]
    assert lines == ["line 5", "line 6", "line 7"]


def test_the_first_wrong_fields_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(HEADER + "x,G1,volt,1,V,,\n" * 1000)
    looked, _ = looked_through(path, at_most=5)
    assert looked.errors.count == 1000
    assert [error.line for error in looked.errors.first] == [2, 3, 4, 5, 6]


def test_columns_are_found_by_name_in_any_order_and_by_the_names_given(tmp_path: Path) -> None:
    content = "Reading;comment;POINT;Device;When\n1.5;hello;volt;G1;2026-01-31\n"
    looked, samples = of_csv(tmp_path, content, time="When", value="Reading")
    assert samples.value.tolist() == [1.5]
    assert looked.ignored == ("comment",)


@pytest.mark.parametrize(
    ("header", "columns", "problem"),
    [
        ("time,device,value", {}, "no column point"),
        ("time,device,point", {}, "no column value"),
        ("time,device,point,value", {"value": "Vlue"}, "no column 'Vlue' for value"),
        ("time,device,point,value", {"worth": "value"}, "column 'worth'"),
        ("time,time,device,point,value", {}, "two columns time"),
    ],
)
def test_a_table_without_the_columns_is_refused(
    tmp_path: Path, header: str, columns: dict[str, str], problem: str
) -> None:
    with pytest.raises(TableError, match=problem):
        of_csv(tmp_path, f"{header}\n1,2,3\n", **columns)


def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(HEADER.encode() + b"2026-01-31,G\xfc,volt,1,V,,\n")
    with pytest.raises(TableError, match="no CSV in UTF-8"):
        looked_through(path)


def test_digits_of_large_whole_numbers_are_taken_beside_their_value(tmp_path: Path) -> None:
    looked, samples = of_csv(tmp_path, HEADER + "2026-01-31,G1,volt,9007199254740992,V,,9007199254740993\n")
    assert samples.value.tolist() == [2.0**53]
    assert [text for _, _, text in looked.texts] == ["9007199254740993"]


def test_parquet_with_its_own_types_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    table = pa.table(
        {
            "time": pa.array([0, 1_500_000_000], pa.timestamp("ns")),
            "device": ["G1", "G1"],
            "point": ["volt", "volt"],
            "value": pa.array([1, 2], pa.int64()),
        }
    )
    arrow_parquet.write_table(table, path)
    looked, samples = looked_through(path)
    assert looked.errors.count == 0
    assert samples.at_ms.tolist() == [0, 1500]
    assert samples.value.tolist() == [1.0, 2.0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(batch=batches(point_ids=st.just(1), times=st.integers(0, 7_258_118_399_999)), as_csv=st.booleans())
def test_what_is_written_is_read_again_bit_for_bit(tmp_path: Path, batch: SampleBatch, as_csv: bool) -> None:
    rows = sample_rows(batch, NAMES.of(PointId(1)), as_csv=as_csv)
    path = tmp_path / "table"
    table = pa.Table.from_batches([rows])
    if as_csv:
        arrow_csv.write_csv(table, path)
    else:
        arrow_parquet.write_table(table, path)
    looked, samples = looked_through(path)
    assert looked.errors.count == 0, looked.errors.first
    expected = SampleBatch(batch.point_id, batch.at_ms, batch.value, batch.quality)
    assert_same(samples if len(samples) else SampleBatch.empty(), expected)
    assert np.array_equal(samples.quality, batch.quality)
