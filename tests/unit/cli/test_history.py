"""What can be wrong on the command line of `stripchart history`."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stripchart.cli.app import build_app
from stripchart.cli.expected import EXPECTED


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "--data-dir", "nowhere"), "nowhere/history: there is no history here"),
        (("stats", "--data-dir", "nowhere"), "nowhere/history: there is no history here"),
        (("backup", "backups", "--data-dir", "nowhere"), "nowhere/history: there is no history here"),
        (("compact", "--data-dir", "nowhere"), "nowhere/history: there is no history here"),
        (("export", "-", "--data-dir", "nowhere"), "nowhere/history: there is no history here"),
        (("restore", "empty", "--data-dir", "new"), "empty: there is no backup here"),
        (("import", "empty.csv", "--data-dir", "new"), "empty.csv: "),
        (("export", "x.csv", "--from", "soon"), "--from soon: must be an ISO 8601 time"),
        (("export", "x.csv", "--from", "2026-01-02", "--to", "2026-01-01"), "is not before"),
        (("export", "-", "--format", "parquet"), "cannot be written to standard output"),
        (("import", "empty.csv", "--column", "time"), "--column time: must be NAME=COLUMN"),
    ],
)
def test_a_mistake_is_told_in_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.csv").touch()
    result = CliRunner().invoke(build_app(), ["history", *arguments])
    assert isinstance(result.exception, EXPECTED)
    assert message in str(result.exception)
    assert "nowhere" not in os.listdir(tmp_path)
