"""The embedded historian and its files: one process each, broken, newer, torn, full."""

import asyncio
import os
import resource
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from stripchart.history.base import (
    HistoryError,
    HistoryFullError,
    HistoryUnavailableError,
    HistoryUnreadableError,
)
from stripchart.history.embedded.change import Change
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.history.statements import load_statements
from stripchart.model.sample import PointId, SampleBatch

REPOSITORY = Path(__file__).parents[3]
EVER = (0, 10**15)
YEAR_FILE = "1970.db"
SMALL_HEAD = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * 1000)


def batch_at(at_ms: int, samples: int = 1) -> SampleBatch:
    ids = np.arange(samples, dtype=np.int32)
    return SampleBatch(ids, np.full(samples, at_ms), np.full(samples, 1.5), np.zeros(samples, np.uint8))


def series(point: int, start_ms: int, samples: int) -> SampleBatch:
    """Samples of one point, one a millisecond, each with its time as its value."""
    at_ms = np.arange(start_ms, start_ms + samples)
    return SampleBatch(np.full(samples, point, np.int32), at_ms, at_ms.astype(float), np.zeros(samples, np.uint8))


async def opening(folder: Path) -> None:
    async with open_historian(folder):
        pass


async def a_sealed_year(folder: Path) -> Path:
    """The file of a year that is closed and in which two points have a segment each."""
    async with open_historian(folder) as historian:
        await historian.append(series(1, 0, 2000))
        await historian.append(series(2, 0, 2000))
    return folder / YEAR_FILE


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
    assert (tmp_path / "data" / "history" / "journal").is_dir()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(HistoryUnavailableError, match=r"data.*cannot keep history here"):
        await opening(tmp_path / "data")


async def test_each_year_has_its_own_file(tmp_path: Path) -> None:
    new_year_ms = 1_767_225_600_000
    async with open_historian(tmp_path) as historian:
        await historian.append(series(1, new_year_ms - 10, 20))
    assert [name for name in sorted(os.listdir(tmp_path)) if name.startswith("20")] == ["2025.db", "2026.db"]
    async with open_historian(tmp_path) as historian:
        found = await historian.read([PointId(1)], *EVER, limit=100)
        assert found.at_ms.tolist() == list(range(new_year_ms - 10, new_year_ms + 10))
        assert await historian.count([PointId(1)], new_year_ms, EVER[1]) == 10


async def test_nothing_is_left_in_the_journal_after_closing(tmp_path: Path) -> None:
    await a_sealed_year(tmp_path)
    assert list((tmp_path / "journal").iterdir()) == []


@pytest.mark.parametrize("name", [YEAR_FILE, "texts.db"])
@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_broken_file_gives_one_clear_error_and_is_left_alone(
    tmp_path: Path, content: bytes, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(HistoryUnreadableError, match=f"{file}: the history file is broken.*backup"):
            await opening(tmp_path)
    assert file.read_bytes() == content


async def test_a_file_broken_in_the_middle_is_told_when_it_is_read(tmp_path: Path) -> None:
    file = await a_sealed_year(tmp_path)
    content = bytearray(file.read_bytes())
    content[65536:] = b"\xa5" * (len(content) - 65536)
    file.write_bytes(content)
    with pytest.raises(HistoryUnreadableError, match=f"{file}: the history file is broken"):
        async with open_historian(tmp_path) as historian:
            await historian.read([PointId(1)], *EVER, limit=10**6)


async def test_a_flipped_byte_costs_one_segment_and_everything_else_is_served(tmp_path: Path) -> None:
    file = await a_sealed_year(tmp_path)
    with sqlite3.connect(file) as other:
        (value,) = other.execute("SELECT value FROM body WHERE id = 1").fetchone()
        flipped = value[:20] + bytes([value[20] ^ 1]) + value[21:]
        other.execute("UPDATE body SET value = ? WHERE id = 1", (flipped,))
    other.close()
    async with open_historian(tmp_path) as historian:
        found = await historian.read([PointId(1), PointId(2)], *EVER, limit=10**6)
        assert found.point_id.tolist() == [2] * 2000
        await historian.append(series(1, 5000, 10))
        await historian.append(series(1, 100, 10))
        assert await historian.count([PointId(1)], 5000, 6000) == 10
    async with open_historian(tmp_path) as historian:
        found = await historian.read([PointId(1)], *EVER, limit=10**6)
        assert found.at_ms.tolist() == [*range(100, 110), *range(5000, 5010)]


@pytest.mark.parametrize("name", [YEAR_FILE, "texts.db"])
async def test_a_newer_history_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    await a_sealed_year(tmp_path)
    with sqlite3.connect(tmp_path / name) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(
        HistoryUnreadableError, match=rf"{name}.*newer Stripchart .format 99, this one knows \d.*update"
    ):
        await opening(tmp_path)


@pytest.mark.parametrize("name", [YEAR_FILE, "texts.db"])
async def test_a_database_of_another_program_is_refused(tmp_path: Path, name: str) -> None:
    with sqlite3.connect(tmp_path / name) as other:
        other.execute("CREATE TABLE holiday (day TEXT)")
    other.close()
    with pytest.raises(HistoryUnreadableError, match=f"{name}.*no history of Stripchart"):
        await opening(tmp_path)


async def test_a_full_history_says_so_keeps_what_it_has_and_recovers(tmp_path: Path) -> None:
    async with open_historian(tmp_path, EmbeddedOptions(max_bytes=200_000)) as historian:
        await historian.append(batch_at(1, 100))
        for _ in range(2):
            with pytest.raises(HistoryFullError, match=f"{tmp_path}: no room"):
                await historian.append(batch_at(2, 50_000))
        await historian.append(batch_at(3, 100))
        stats = await historian.stats()
        assert (stats.samples, stats.last_ms) == (200, 3)
    async with open_historian(tmp_path) as historian:
        await historian.append(batch_at(2, 50_000))
        assert (await historian.stats()).samples == 50_200


async def test_small_segments_of_many_short_runs_are_joined(tmp_path: Path) -> None:
    for run in range(20):
        async with open_historian(tmp_path) as historian:
            await historian.append(series(1, 1000 * run, 1000))
    with sqlite3.connect(tmp_path / YEAR_FILE) as other:
        (segments,) = other.execute("SELECT count(*) FROM segment").fetchone()
    other.close()
    assert segments < 10
    async with open_historian(tmp_path) as historian:
        found = await historian.read([PointId(1)], *EVER, limit=10**6)
    assert found.at_ms.tolist() == list(range(20_000))


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The system then refuses to write on, as it does when the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_batch_the_disk_takes_only_a_part_of_leaves_no_trace(tmp_path: Path) -> None:
    async with open_historian(tmp_path) as historian:
        await historian.append(batch_at(1, 100))
        with no_file_larger_than(20_000):
            for _ in range(2):
                with pytest.raises(HistoryFullError, match=r"journal/0.*log: no room"):
                    await historian.append(batch_at(2, 5000))
            await historian.append(batch_at(3, 100))
            assert (await historian.stats()).samples == 200
        await historian.append(batch_at(4, 5000))
    async with open_historian(tmp_path) as historian:
        assert await historian.count([PointId(7)], *EVER) == 3
        assert (await historian.stats()).samples == 5200


async def append_for_ever(historian: EmbeddedHistorian) -> None:
    for number in count():
        await historian.append(series(1, 900 * number, 900))


async def test_sealing_that_finds_no_room_goes_on_when_there_is_some(tmp_path: Path) -> None:
    async with open_historian(tmp_path, SMALL_HEAD) as historian:
        with no_file_larger_than(100_000):
            with pytest.raises(HistoryError, match=f"{YEAR_FILE}.*(no room|cannot be reached)"):
                await append_for_ever(historian)
            kept = (await historian.stats()).samples
            assert kept >= 900
            assert await historian.count([PointId(1)], *EVER) == kept
        async with asyncio.timeout(30):
            while True:
                try:
                    await historian.append(series(1, 10**6, 900))
                    break
                except HistoryError:
                    await asyncio.sleep(0.1)
        assert await historian.count([PointId(1)], *EVER) == kept + 900


async def test_a_sealing_that_finds_no_room_between_two_years_counts_nothing_twice(tmp_path: Path) -> None:
    new_year_ms = 31_536_000_000
    publish, published = Change.publish, []

    def full_at_the_second(change: Change) -> None:
        published.append(change)
        if len(published) == 2:
            raise HistoryFullError("full")
        publish(change)

    with mock.patch.object(Change, "publish", full_at_the_second):
        async with open_historian(tmp_path, SMALL_HEAD) as historian:
            await historian.append(series(1, new_year_ms - 500, 1000))
            await historian.append(series(1, new_year_ms + 500, 1))  # has no room in the head, which is sealed
            async with asyncio.timeout(30):
                while len(published) < 3:
                    assert (await historian.stats()).samples == 1001
                    await asyncio.sleep(0.01)
            assert (await historian.stats()).samples == 1001
            assert len(await historian.read([PointId(1)], *EVER, limit=2000)) == 1001
    async with open_historian(tmp_path) as historian:
        assert (await historian.stats()).samples == 1001


@pytest.mark.parametrize("torn", [b"SCJ1", b"\0" * 100, b"SCJ1\xff\xff\xff\xff" + b"\1" * 50, b""], ids=len)
async def test_a_torn_journal_is_kept_up_to_the_tear(tmp_path: Path, torn: bytes) -> None:
    async with open_historian(tmp_path) as historian:
        await historian.append(batch_at(1, 10))
        await historian.append(batch_at(2, 10))
        (file,) = (tmp_path / "journal").iterdir()
        content = file.read_bytes()
    with sqlite3.connect(tmp_path / YEAR_FILE) as other:
        other.execute("DELETE FROM bundle")
        other.execute("UPDATE state SET sealed_sequence = 0, samples = 0")
    other.close()
    file.write_bytes(content + (torn or content[: len(content) // 2 - 3]))
    async with open_historian(tmp_path) as historian:
        assert await historian.count([PointId(3)], *EVER) == 2
        await historian.append(batch_at(3, 10))
    async with open_historian(tmp_path) as historian:
        assert await historian.count([PointId(3)], *EVER) == 3


async def test_a_journal_that_is_sealed_already_adds_nothing_twice(tmp_path: Path) -> None:
    async with open_historian(tmp_path) as historian:
        await historian.append(series(1, 0, 1000))
        (file,) = (tmp_path / "journal").iterdir()
        content = file.read_bytes()
    file.write_bytes(content)
    async with open_historian(tmp_path) as historian:
        assert (await historian.stats()).samples == 1000
        await historian.append(series(1, 1000, 10))
    async with open_historian(tmp_path) as historian:
        assert await historian.count([PointId(1)], *EVER) == 1010


async def test_a_file_that_cannot_be_opened_is_an_error_of_the_historian(tmp_path: Path) -> None:
    (tmp_path / YEAR_FILE).mkdir()
    with pytest.raises(HistoryError, match="cannot be reached"):
        await opening(tmp_path)


def test_statements_are_read_by_name() -> None:
    statements = load_statements("stripchart.history.embedded", "segments.sql")
    assert statements["state"].startswith("SELECT sealed_sequence")
    assert all(statement.endswith(";") for statement in statements.values())
