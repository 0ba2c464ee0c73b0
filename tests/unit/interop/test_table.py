"""The table of samples: times, names, qualities, and texts a spreadsheet must not compute."""

import io

import numpy as np
import pyarrow.csv as arrow_csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.interop.formulas import defused, restored
from stripchart.interop.moments import iso_times
from stripchart.interop.names import Names, PointName, UnknownNameError
from stripchart.interop.quality_names import quality_name
from stripchart.interop.table import sample_rows, text_rows
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.time import to_iso

NAMES = Names(
    {
        PointId(1): PointName("G1", "volt", "V", is_text=False),
        PointId(2): PointName("G1", "model", is_text=True),
        PointId(3): PointName("G1", "old", is_current=False),
        PointId(4): PointName("G2", "volt", "V", is_text=False),
    }
)


@given(st.lists(st.integers(-62_135_596_800_000, 253_402_300_799_999), min_size=1))
def test_times_are_iso_8601_with_z(times: list[int]) -> None:
    expected = np.array(times).astype("datetime64[ms]").astype(str)
    assert iso_times(np.array(times, np.int64)).to_pylist() == [f"{time}Z" for time in expected]


def test_times_are_written_as_everywhere_else() -> None:
    assert iso_times(np.array([1_700_000_000_123])).to_pylist() == [to_iso(1_700_000_000_123)]


@given(st.text())
def test_every_text_comes_back_and_none_is_a_formula(text: str) -> None:
    written = defused(text)
    assert restored(written) == text
    assert written[:1] not in set("=+-@\t\r\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "plain", "'tis", "1-1", "a=b"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert defused(text) == text
    assert restored(text) == text


def test_a_quality_has_a_name_or_its_number() -> None:
    assert [quality_name(code) for code in (0, 0x44, 0x81, 0xBF)] == ["good", "uncertain_stale", "bad_comm", "0xbf"]


def written(*batches: object) -> list[str]:
    to = io.BytesIO()
    first = batches[0]
    with arrow_csv.CSVWriter(to, first.schema) as writer:  # type: ignore[attr-defined]
        for batch in batches:
            writer.write_batch(batch)
    return to.getvalue().decode().splitlines()[1:]


def test_rows_of_samples_and_texts_as_csv() -> None:
    samples = SampleBatch(
        np.array([1, 1], np.int32), np.array([0, 1500]), np.array([-0.1, np.nan]), np.array([0, 0x81], np.uint8)
    )
    device = PointName("=cmd()", "volt", "V")
    rows = written(sample_rows(samples, device, as_csv=True), text_rows([(7, "=2+2")], device, as_csv=True))
    assert rows == [
        '"1970-01-01T00:00:00.000Z","\'=cmd()","volt",-0.1,"V","good",',
        '"1970-01-01T00:00:01.500Z","\'=cmd()","volt",,"V","bad_comm",',
        '"1970-01-01T00:00:00.007Z","\'=cmd()","volt",,"V","good","\'=2+2"',
    ]


def test_points_are_found_by_device_and_key() -> None:
    assert NAMES.find("g1", "volt") == PointId(1)
    assert NAMES.find("G1", "VOLT") is None
    assert NAMES.find("", "#77") == PointId(77)
    assert NAMES.of(PointId(77)) == PointName("", "#77")
    assert (
        NAMES.allowed("G1", "vol")
        == "device 'G1' has no point 'vol'; did you mean 'volt'? allowed are model, old, volt"
    )
    assert NAMES.allowed("G3", "volt").startswith("no device 'G3'; ")


def test_points_are_chosen_by_device_and_key() -> None:
    there = [PointId(number) for number in (4, 3, 1)]
    assert NAMES.chosen(there, [], []) == [1, 3, 4]
    assert NAMES.chosen(there, ["g2"], []) == [4]
    assert NAMES.chosen(there, [], ["volt"]) == [1, 4]
    with pytest.raises(UnknownNameError, match="no device 'G9'"):
        NAMES.chosen(there, ["G9"], [])
    with pytest.raises(UnknownNameError, match="no samples of a point 'amps'"):
        NAMES.chosen(there, [], ["amps"])


def test_of_two_devices_of_one_name_the_current_one_is_found() -> None:
    names = Names({PointId(9): PointName("G1", "volt", is_current=False), PointId(5): PointName("G1", "volt")})
    assert names.find("G1", "volt") == PointId(5)
