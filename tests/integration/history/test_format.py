"""Files of older formats are brought up to date, whatever happens meanwhile; newer ones are left alone."""

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.care.check import check
from stripchart.history.care.compact import compact
from stripchart.history.embedded.format import YEAR_FORMAT
from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import PointId, SampleBatch

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
EVER = (0, 10**15)
YEAR_FILE = "1970.db"
POINTS, SAMPLES = 5, 6000
SUMS = "point_id, first_ms, last_ms, samples, good, minimum, maximum, total, first, last, end_quality, body_id"
BUNDLE = "id, level, block, first_point, last_point, first_ms, last_ms, samples, points, times, value, quality, crc"
COLUMNS = {
    1: {"segment": SUMS, "state": "sealed_sequence, samples, first_ms, last_ms", "bundle": BUNDLE},
    3: {"segment": f"{SUMS}, minutes, hours, days, crc", "state": "*", "bundle": BUNDLE},
}
"""What older formats had of the tables that have changed."""
UNCHANGED = ("body", "times")


def samples_of(point: int, every_ms: int = 1000) -> SampleBatch:
    """A sample a second, or each so often; every 7th is bad."""
    at_ms = np.arange(SAMPLES) * every_ms
    quality = np.where(np.arange(SAMPLES) % 7 == 0, 0x81, 0).astype(np.uint8)
    value = np.where(quality, np.nan, at_ms * 0.5 + point)
    return SampleBatch(np.full(SAMPLES, point, np.int32), at_ms, value, quality)


async def a_history(folder: Path, every_ms: int = 1000) -> Path:
    """Some points with a segment each, one with a few samples in a bundle."""
    async with open_historian(folder) as historian:
        for point in range(POINTS):
            await historian.append(samples_of(point, every_ms))
        few = samples_of(POINTS).where(np.arange(SAMPLES) < 20)
        await historian.append(few)
    return folder / YEAR_FILE


def as_it_was_in_format(number: int, file: Path) -> None:
    """Write the year anew in the tables of an older format."""
    old = file.with_suffix(".old")
    with sqlite3.connect(old, isolation_level=None) as db:
        db.executescript((HERE / f"year_format_{number}.sql").read_text("utf-8"))
        db.execute("ATTACH ? AS today", (str(file),))
        db.execute("DELETE FROM main.state")
        for table, columns in {**dict.fromkeys(UNCHANGED, "*"), **COLUMNS[number]}.items():
            db.execute(f"INSERT INTO main.{table} SELECT {columns} FROM today.{table}")  # noqa: S608
        db.execute("DETACH today")
        db.execute("PRAGMA journal_mode = WAL")
    db.close()
    old.replace(file)
    assert rows(file, "PRAGMA user_version") == [(number,)]


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(file)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


def told_of(folder: Path) -> list[str]:
    """What checking finds."""
    return [f"{finding.piece}: {finding.problem}" for finding in check(folder)]


async def look_into(folder: Path) -> tuple[object, ...]:
    """All that a reader finds."""
    points = [PointId(point) for point in range(POINTS + 1)]
    async with open_historian(folder) as historian:
        found = await historian.read(points, *EVER, limit=10**6)
        buckets = await historian.buckets(points, *EVER, 3_600_000)
        return found.at_ms.tolist(), found.value.tobytes(), buckets.mean.tolist(), (await historian.stats()).samples


async def test_a_year_of_the_first_layout_is_brought_up_to_date(tmp_path: Path) -> None:
    file = await a_history(tmp_path)
    expected = await look_into(tmp_path)
    segments = rows(file, "SELECT * FROM segment ORDER BY point_id, first_ms")
    as_it_was_in_format(1, file)
    assert await look_into(tmp_path) == expected
    assert rows(file, "PRAGMA user_version") == [(YEAR_FORMAT,)]
    assert rows(file, "SELECT * FROM segment ORDER BY point_id, first_ms") == segments
    assert rows(file, "SELECT count(hours) FROM segment") == [(POINTS,)]


async def test_a_year_of_format_3_gets_sparse_hours_when_it_is_compacted(tmp_path: Path) -> None:
    file = await a_history(tmp_path, every_ms=10_000)
    expected = await look_into(tmp_path)
    segments = rows(file, "SELECT * FROM segment ORDER BY point_id, first_ms")
    as_it_was_in_format(3, file)
    assert await look_into(tmp_path) == expected
    assert rows(file, "PRAGMA user_version") == [(YEAR_FORMAT,)]
    assert rows(file, "SELECT count(sparse_hours) FROM segment") == [(0,)]
    compact(tmp_path, lambda *_: None)
    assert rows(file, "SELECT count(sparse_hours) FROM segment") == [(POINTS,)]
    assert rows(file, "SELECT * FROM segment ORDER BY point_id, first_ms") == segments
    assert await look_into(tmp_path) == expected
    assert list(check(tmp_path)) == []


async def test_a_year_with_rollups_that_was_also_called_1_gets_its_number(tmp_path: Path) -> None:
    file = await a_history(tmp_path)
    expected = await look_into(tmp_path)
    with sqlite3.connect(file, isolation_level=None) as db:
        db.execute("ALTER TABLE state DROP COLUMN stamp")
        db.execute("PRAGMA user_version = 1")
    db.close()
    assert await look_into(tmp_path) == expected
    assert rows(file, "PRAGMA user_version") == [(YEAR_FORMAT,)]


async def test_an_upgrade_that_is_killed_changes_nothing_and_is_done_at_the_next_start(tmp_path: Path) -> None:
    file = await a_history(tmp_path)
    expected = await look_into(tmp_path)
    as_it_was_in_format(1, file)
    for before in (0, 2, POINTS - 1):
        command = (sys.executable, "-m", "tests.integration.history.upgrading", str(tmp_path), str(before))
        process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stderr=asyncio.subprocess.DEVNULL)
        async with asyncio.timeout(60):
            assert await process.wait() == -signal.SIGKILL
        assert rows(file, "PRAGMA user_version") == [(1,)]
        assert len(rows(file, "PRAGMA table_info(segment)")) == 12
    assert await look_into(tmp_path) == expected


@pytest.mark.parametrize("column", ["samples", "sealed_sequence"])
async def test_an_upgrade_counts_a_state_anew_that_cannot_be_one(tmp_path: Path, column: str) -> None:
    file = await a_history(tmp_path)
    expected = await look_into(tmp_path)
    as_it_was_in_format(1, file)
    with sqlite3.connect(file) as db:
        db.execute(f"UPDATE state SET {column} = -7")  # noqa: S608
    db.close()
    assert await look_into(tmp_path) == expected
    assert told_of(tmp_path) == ["state: its checksum is wrong"]
    async with open_historian(tmp_path) as historian:
        await historian.append(samples_of(POINTS))
    assert told_of(tmp_path) == []


async def test_an_upgrade_leaves_broken_segments_to_be_told_by_readers(tmp_path: Path) -> None:
    file = await a_history(tmp_path)
    as_it_was_in_format(1, file)
    with sqlite3.connect(file) as db:
        db.execute("UPDATE body SET crc = crc + 1 WHERE id = (SELECT body_id FROM segment WHERE point_id = 2)")
    db.close()
    async with open_historian(tmp_path) as historian:
        assert len(await historian.read([PointId(1)], *EVER, limit=10**6)) == SAMPLES
        assert len(await historian.read([PointId(2)], *EVER, limit=10**6)) == 0


@pytest.mark.parametrize("name", [YEAR_FILE, "texts.db"])
async def test_a_newer_file_is_not_touched_at_all(tmp_path: Path, name: str) -> None:
    await a_history(tmp_path)
    content = bytearray((tmp_path / name).read_bytes())
    content[60:64] = (YEAR_FORMAT + 1).to_bytes(4, "big")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HistoryUnreadableError, match=rf"{name}.*newer Stripchart .format {YEAR_FORMAT + 1}.*update"):
        await look_into(tmp_path)
    assert (tmp_path / name).read_bytes() == content
    assert not (tmp_path / f"{name}-wal").exists()


async def test_a_journal_of_a_newer_release_is_not_taken_for_a_torn_one(tmp_path: Path) -> None:
    await a_history(tmp_path)
    file = tmp_path / "journal" / "00000099.log"
    file.write_bytes(b"SCJ2" + b"whatever a record may be then")
    with pytest.raises(HistoryUnreadableError, match=r"00000099.log.*newer Stripchart.*update"):
        await look_into(tmp_path)
    assert file.read_bytes().startswith(b"SCJ2")
