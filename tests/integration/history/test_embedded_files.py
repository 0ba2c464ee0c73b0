"""The embedded historian and its files: one process each, broken, newer, full."""

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import (
    HistoryError,
    HistoryFullError,
    HistoryUnavailableError,
    HistoryUnreadableError,
)
from stripchart.history.embedded.historian import FILE_NAME, open_historian
from stripchart.history.statements import load_statements
from stripchart.model.sample import PointId, SampleBatch

REPOSITORY = Path(__file__).parents[3]
EVER = (0, 10**15)


def batch_at(at_ms: int, count: int = 1) -> SampleBatch:
    ids = np.arange(count, dtype=np.int32)
    return SampleBatch(ids, np.full(count, at_ms), np.full(count, 1.5), np.zeros(count, np.uint8))


async def opening(folder: Path) -> None:
    async with open_historian(folder):
        pass


async def test_a_second_process_is_refused_and_told_who_has_the_folder(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.contract.appending", "embedded", str(tmp_path))
    holder = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE)
    assert holder.stdout is not None
    try:
        async with asyncio.timeout(60):
            await holder.stdout.readline()
        with pytest.raises(HistoryUnavailableError, match=f"in use by process {holder.pid};"):
            await opening(tmp_path)
    finally:
        holder.kill()
        await holder.communicate()
    async with open_historian(tmp_path) as historian:
        assert (await historian.stats()).samples > 0


async def test_the_same_process_cannot_open_a_folder_twice_at_a_time(tmp_path: Path) -> None:
    async with open_historian(tmp_path):
        with pytest.raises(HistoryUnavailableError, match=f"in use by process {os.getpid()};"):
            await opening(tmp_path)
    await opening(tmp_path)


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    await opening(tmp_path / "data" / "history")
    assert (tmp_path / "data" / "history" / FILE_NAME).exists()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(HistoryUnavailableError, match=r"data.*cannot keep history here"):
        await opening(tmp_path / "data")


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_broken_file_gives_one_clear_error_and_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(HistoryUnreadableError, match=f"{file}: the history file is broken.*backup"):
            await opening(tmp_path)
    assert file.read_bytes() == content


async def test_a_file_broken_in_the_middle_is_told_when_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    async with open_historian(tmp_path) as historian:
        for at_ms in range(20):
            await historian.append(batch_at(at_ms, 1000))
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    file.write_bytes(content)
    with pytest.raises(HistoryUnreadableError, match=f"{file}: the history file is broken"):
        async with open_historian(tmp_path) as historian:
            await historian.read([PointId(number) for number in range(1000)], *EVER, limit=10**6)


async def test_a_newer_history_is_refused_and_left_alone(tmp_path: Path) -> None:
    await opening(tmp_path)
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(HistoryUnreadableError, match=r"newer Stripchart .schema 99, this one knows 1.*update"):
        await opening(tmp_path)


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("CREATE TABLE holiday (day TEXT)")
    other.close()
    with pytest.raises(HistoryUnreadableError, match="no history of Stripchart"):
        await opening(tmp_path)


async def test_a_full_history_says_so_keeps_what_it_has_and_recovers(tmp_path: Path) -> None:
    async with open_historian(tmp_path, max_bytes=200_000) as historian:
        await historian.append(batch_at(1, 100))
        for _ in range(2):
            with pytest.raises(HistoryFullError, match=f"{tmp_path / FILE_NAME}: no room"):
                await historian.append(batch_at(2, 50_000))
        await historian.append(batch_at(3, 100))
        stats = await historian.stats()
        assert (stats.samples, stats.last_ms) == (200, 3)
    async with open_historian(tmp_path) as historian:
        await historian.append(batch_at(2, 50_000))
        assert (await historian.stats()).samples == 50_200


async def test_a_file_that_cannot_be_opened_is_an_error_of_the_historian(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(HistoryError, match="cannot be reached"):
        await opening(tmp_path)


def test_statements_are_read_by_name() -> None:
    statements = load_statements("stripchart.history.embedded", "queries.sql")
    assert statements["total"].startswith("SELECT samples")
    assert all(statement.endswith(";") for statement in statements.values())
