"""What the benchmarks print is read by people: columns stay apart, and --help says what there is."""

import re

import pytest
from bench.__main__ import main
from bench.report import figure


def test_columns_stay_apart_when_what_was_measured_is_long(capsys: pytest.CaptureFixture[str]) -> None:
    figure("what was measured, told at some length, and more", "787 ms", "< 300 ms", "136 ms the first time", "5 ms")
    told = re.split(r"\s{2,}", capsys.readouterr().out.strip())
    assert told[1:] == ["787 ms", "136 ms the first time", "5 ms", "goal < 300 ms"]


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_has_a_line_for_each_benchmark_and_is_no_failure(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([asked])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for name in ("decoding", "fleet", "t3000"):
        assert re.search(rf"^  {name} +[A-Z].*\w", said, re.MULTILINE)


def test_a_name_that_there_is_not_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fleet", "fleets"])
    assert ended.value.code == 2
    assert "'fleets'" in capsys.readouterr().err
