"""Backups of a history in use, and putting them back, whatever interrupts it."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import HistoryUnavailableError, HistoryUnreadableError
from stripchart.history.care.backup import Backup, BackupOptions, backup
from stripchart.history.care.check import check
from stripchart.history.care.compact import compact
from stripchart.history.care.restore import MARKER, finish_restore, restore
from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import PointId, SampleBatch
from tests.integration.history.writing import OPTIONS, POINTS, START_MS

REPOSITORY = Path(__file__).parents[3]
EVER = (0, 10**15)
KEEP_ALL = BackupOptions()


def make_backup(data_dir: Path, target: Path, options: BackupOptions = KEEP_ALL) -> Backup:
    return backup(data_dir, target, options, lambda *_: None)


def years_of(made: Backup) -> set[str]:
    """The years that were copied."""
    return {file.path for file in made.copied if file.stamp is not None}


def put_back(source: Path, data_dir: Path, *, force: bool = False) -> Path | None:
    return restore(source, data_dir, force=force, advance=lambda *_: None).undo


def one_point(point: int, start_ms: int, samples: int = 600) -> SampleBatch:
    at_ms = start_ms + np.arange(samples)
    return SampleBatch(np.full(samples, point, np.int32), at_ms, at_ms.astype(float), np.zeros(samples, np.uint8))


async def append(folder: Path, *batches: SampleBatch) -> None:
    async with open_historian(folder) as historian:
        for batch in batches:
            await historian.append(batch)


async def count(folder: Path) -> int:
    async with open_historian(folder) as historian:
        return (await historian.stats()).samples


@asynccontextmanager
async def storing(folder: Path) -> AsyncIterator[list[int]]:
    """A process that stores batch after batch, and the numbers it has acknowledged so far."""
    command = (sys.executable, "-m", "tests.integration.history.writing", str(folder), "0")
    process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE)
    acknowledged: list[int] = []

    async def read() -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            acknowledged.append(int(line))

    reading = asyncio.create_task(read())
    try:
        yield acknowledged
        assert process.returncode is None
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def until(wanted: int, acknowledged: list[int]) -> None:
    async with asyncio.timeout(60):
        while len(acknowledged) <= wanted:  # noqa: ASYNC110 - a process counts
            await asyncio.sleep(0.01)


async def test_a_backup_of_a_process_that_writes_has_all_that_was_acknowledged_before(tmp_path: Path) -> None:
    """The head of that process is small, so that it seals, merges and begins years while it is copied."""
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    before: list[tuple[Path, int]] = []
    async with storing(data_dir / "history") as acknowledged:
        for wanted in (50, 700, 1900, 2000, 2100, 2600):
            await until(wanted, acknowledged)
            last = acknowledged[-1]
            made = await asyncio.to_thread(make_backup, data_dir, target)
            before.append((made.manifest_path, last))
    for number, (manifest_path, last) in enumerate(before):
        folder = tmp_path / f"restored-{number}"
        put_back(manifest_path, folder)
        assert list(check(folder / "history")) == []
        async with open_historian(folder / "history", OPTIONS) as historian:
            found = await historian.read([PointId(point) for point in range(POINTS)], *EVER, limit=10**9)
            texts = await historian.texts(PointId(100), *EVER)
        numbers = found.value.astype(int)
        newest = int(numbers.max())
        assert newest >= last
        np.testing.assert_array_equal(numbers, np.repeat(np.arange(newest + 1), POINTS))
        np.testing.assert_array_equal(found.at_ms, START_MS + 10 * numbers)
        assert len(texts) >= last // 10 + 1


async def test_years_that_did_not_change_are_not_copied_again(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0), one_point(1, 40_000_000_000))
    first = make_backup(data_dir, target)
    assert years_of(first) == {"history/1970.db", "history/1971.db"}
    assert make_backup(data_dir, target).copied == ()
    await append(data_dir / "history", one_point(2, 40_000_000_000))
    assert years_of(make_backup(data_dir, target)) == {"history/1971.db"}


async def test_a_year_whose_copy_went_bad_is_copied_again(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))
    make_backup(data_dir, target)
    (kept,) = (target / "files").glob("1970-*.db")
    content = bytearray(kept.read_bytes())
    content[-100] ^= 1
    kept.write_bytes(content)
    assert years_of(make_backup(data_dir, target)) == {"history/1970.db"}
    put_back(target, tmp_path / "restored")


async def test_a_broken_piece_is_named_and_the_good_copy_of_an_earlier_backup_stays(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))
    make_backup(data_dir, target)
    with closing(sqlite3.connect(data_dir / "history" / "1970.db")) as db, db:
        db.execute("UPDATE body SET crc = crc + 1")
    assert make_backup(data_dir, target).broken == ()
    put_back(target, tmp_path / "restored")
    assert await count(tmp_path / "restored" / "history") == 600
    (broken,) = make_backup(data_dir, tmp_path / "other").broken
    assert "1970.db: segment of point 1, 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:00.599Z" in broken


async def test_a_file_with_broken_pages_is_backed_up_as_far_as_it_goes(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0), one_point(2, 0, 10))
    file = data_dir / "history" / "1970.db"
    with closing(sqlite3.connect(file)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'body'").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 65_536 : page * 65_536] = b"\xff" * 65_536
    file.write_bytes(content)
    (broken,) = make_backup(data_dir, target).broken
    assert "1970.db: database disk image is malformed" in broken
    put_back(target, tmp_path / "restored")
    assert (tmp_path / "restored" / "history" / "1970.db").stat().st_size == len(content)


async def test_only_as_many_backups_are_kept_as_asked_for(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    for number in range(4):
        await append(data_dir / "history", one_point(number, 0))
        made = make_backup(data_dir, target, BackupOptions(keep=2))
    kept = sorted(target.glob("backup-*.json"))
    assert len(kept) == 2
    assert kept[-1] == made.manifest_path
    assert len(list((target / "files").glob("1970-*.db"))) == 2
    put_back(kept[0], tmp_path / "restored")
    assert await count(tmp_path / "restored" / "history") == 1800


async def test_what_an_interrupted_backup_leaves_is_no_backup(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(data_dir, target, KEEP_ALL, interrupt)
    with pytest.raises(HistoryUnavailableError, match="there is no backup here"):
        put_back(target, tmp_path / "restored")
    make_backup(data_dir, target)
    assert [path.name for path in (target / "files").iterdir() if path.suffix == ".draft"] == []


async def test_a_backup_inside_the_data_folder_is_refused(tmp_path: Path) -> None:
    await append(tmp_path / "history", one_point(1, 0))
    with pytest.raises(HistoryUnavailableError, match="inside the data folder"):
        make_backup(tmp_path, tmp_path / "history" / "backups")


async def test_a_backup_has_the_other_files_of_the_data_folder(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    await append(data_dir / "history", one_point(1, 0))
    (data_dir / "profiles").mkdir()
    (data_dir / "profiles" / "boiler.yaml").write_text("profile: boiler")
    (data_dir / "undo-20261121").mkdir()
    (data_dir / "undo-20261121" / "large").write_text("old")
    make_backup(data_dir, tmp_path / "backups")
    put_back(tmp_path / "backups", tmp_path / "restored")
    assert (tmp_path / "restored" / "profiles" / "boiler.yaml").read_text() == "profile: boiler"
    assert sorted(os.listdir(tmp_path / "restored")) == ["history", "profiles"]


async def test_a_folder_with_data_is_left_alone_without_force_and_kept_aside_with_it(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))
    make_backup(data_dir, target)
    await append(data_dir / "history", one_point(2, 0))
    with pytest.raises(HistoryUnavailableError, match=r"there is data here.*--force"):
        put_back(target, data_dir)
    assert await count(data_dir / "history") == 1200
    undo = put_back(target, data_dir, force=True)
    assert await count(data_dir / "history") == 600
    assert undo is not None
    assert await count(undo / "history") == 1200


async def test_a_folder_in_use_is_refused_also_with_force(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))
    make_backup(data_dir, target)
    async with open_historian(data_dir / "history") as historian:
        with pytest.raises(HistoryUnavailableError, match=f"in use by process {os.getpid()}"):
            put_back(target, data_dir, force=True)
        assert (await historian.stats()).samples == 600
    assert sorted(os.listdir(data_dir)) == ["history"]


@pytest.mark.parametrize("harm", ["flipped byte", "lost file", "newer", "no manifest"])
async def test_a_bad_backup_changes_nothing(tmp_path: Path, harm: str) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))
    manifest_path = make_backup(data_dir, target).manifest_path
    (kept,) = (target / "files").glob("1970-*.db")
    if harm == "flipped byte":
        content = bytearray(kept.read_bytes())
        content[1000] ^= 1
        kept.write_bytes(content)
    elif harm == "lost file":
        kept.unlink()
    elif harm == "newer":
        manifest_path.write_text(json.dumps(json.loads(manifest_path.read_text()) | {"format": 2}))
    else:
        manifest_path.write_text("{}")
    await append(data_dir / "history", one_point(2, 0))
    reason = r"checksum is wrong|lacks this file|newer Stripchart|no manifest"
    with pytest.raises(HistoryUnreadableError, match=reason):
        put_back(target, data_dir, force=True)
    assert await count(data_dir / "history") == 1200
    assert sorted(os.listdir(data_dir)) == ["history"]


async def test_a_manifest_that_points_outside_is_refused(tmp_path: Path) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))
    manifest_path = make_backup(data_dir, target).manifest_path
    content = json.loads(manifest_path.read_text())
    content["files"][0]["path"] = "../outside"
    manifest_path.write_text(json.dumps(content))
    with pytest.raises(HistoryUnreadableError, match="no manifest"):
        put_back(target, tmp_path / "restored")


@pytest.mark.parametrize("moves", range(1, 7))
async def test_a_restore_that_is_killed_while_it_moves_files_is_finished_by_who_comes_next(
    tmp_path: Path, moves: int
) -> None:
    data_dir, target = tmp_path / "data", tmp_path / "backups"
    await append(data_dir / "history", one_point(1, 0))
    for name in ("profiles", "other"):
        (data_dir / name).mkdir()
        (data_dir / name / "kept").write_text("in the backup")
    make_backup(data_dir, target)
    await append(data_dir / "history", one_point(2, 0))
    (data_dir / "profiles" / "kept").write_text("later")
    shutil.rmtree(data_dir / "other")
    (data_dir / "new").write_text("later")
    command = (sys.executable, "-m", "tests.integration.history.restoring", str(target), str(data_dir), str(moves))
    process = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY)
    async with asyncio.timeout(60):
        assert await process.wait() == -signal.SIGKILL
    assert (data_dir / MARKER).exists()
    finish_restore(data_dir)
    assert await count(data_dir / "history") == 600
    assert {(data_dir / name / "kept").read_text() for name in ("profiles", "other")} == {"in the backup"}
    (undo,) = data_dir.glob("undo-*")
    assert sorted(os.listdir(data_dir)) == sorted(["history", "profiles", "other", undo.name])
    assert await count(undo / "history") == 1200
    assert sorted(os.listdir(undo)) == ["history", "new", "profiles"]


async def test_compacting_makes_few_large_pieces_and_loses_nothing(tmp_path: Path) -> None:
    for start in range(0, 6000, 600):
        await append(tmp_path, one_point(1, start), one_point(2, start, 100))
    async with open_historian(tmp_path) as historian:
        expected = await historian.read([PointId(1), PointId(2)], *EVER, limit=10**6)
    before, after = compact(tmp_path, lambda *_: None)
    assert after.pieces < before.pieces
    assert after.bytes <= before.bytes
    assert list(check(tmp_path)) == []
    async with open_historian(tmp_path) as historian:
        found = await historian.read([PointId(1), PointId(2)], *EVER, limit=10**6)
    for column in ("point_id", "at_ms", "value", "quality"):
        np.testing.assert_array_equal(getattr(found, column), getattr(expected, column))
