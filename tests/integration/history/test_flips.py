"""One bit of a file is not as it was written: what it spoils is named and left out, everything else is served."""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from stripchart.history.base import Buckets, HistoryError, HistoryUnreadableError
from stripchart.history.care.backup import BackupOptions, backup
from stripchart.history.care.compact import compact
from stripchart.history.care.restore import restore
from stripchart.history.embedded.historian import EmbeddedHistorian, open_historian
from stripchart.history.horizons import KEEP_ALL, Horizon, Horizons
from stripchart.model.sample import PointId, SampleBatch
from tests.integration.history.test_expiring import until_true

EVER = (0, 10**15)
YEAR_FILE = "1970.db"
MANY, FEW = range(4), range(4, 8)
"""Points with a segment each, and points that share a bundle."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
SEED = 7

Answer = tuple[bytes, ...]


def samples_of(point: int) -> SampleBatch:
    samples = 6000 if point in MANY else 50
    at_ms = np.arange(samples) * 1000 + point
    quality = np.where(np.arange(samples) % 50 == 9, 0x81, 0).astype(np.uint8)
    value = np.where(quality, np.nan, np.round(np.sin(at_ms / 1e5) * 100 + point, 2))
    return SampleBatch(np.full(samples, point, np.int32), at_ms, value, quality)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history that is as it was written. Nobody writes into it."""

    async def write() -> None:
        async with open_historian(folder) as historian:
            for point in (*MANY, *FEW):
                await historian.append(samples_of(point))

    folder = tmp_path_factory.mktemp("whole")
    asyncio.run(write())
    return folder


async def told_of(historian: EmbeddedHistorian, point: int) -> tuple[Answer, Answer]:
    """All samples of a point, and what hours and days come to."""
    found = await historian.read([PointId(point)], *EVER, limit=10**6)
    buckets = [await historian.buckets([PointId(point)], *EVER, length) for length in (HOUR_MS, DAY_MS)]
    return (
        (found.at_ms.tobytes(), found.value.tobytes(), found.quality.tobytes()),
        tuple(column for each in buckets for column in _columns(each)),
    )


def _columns(buckets: Buckets) -> tuple[bytes, ...]:
    # Sums are added up in another order when they are made from samples.
    columns = (buckets.start_ms, buckets.minimum, buckets.maximum, np.round(buckets.mean, 6), buckets.count)
    return tuple(np.asarray(column).tobytes() for column in columns)


async def told_of_all(folder: Path) -> dict[int, tuple[Answer, Answer]]:
    async with open_historian(folder) as historian:
        return {point: await told_of(historian, point) for point in (*MANY, *FEW)}


def flipped(body: bytes, place: int) -> bytes:
    return body[:place] + bytes([body[place] ^ 0x10]) + body[place + 1 :]


def change(file: Path, query: str, how: Callable[[bytes], object]) -> None:
    """Change what the query finds: the names of a table, a column and a key, and the key, as `table.column WHERE`."""
    where, condition = query.split(" WHERE ", 1)
    table, column = where.split(".")
    with sqlite3.connect(file) as db:
        (old,) = db.execute(f"SELECT {column} FROM {table} WHERE {condition}").fetchone()  # noqa: S608
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {condition}", (how(old),))  # noqa: S608
    db.close()


def copy_of(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "history")


SUMS = ("last_ms", "samples", "good", "minimum", "maximum", "total", "first", "last", "end_quality", "crc")


@pytest.mark.parametrize("column", SUMS)
async def test_a_broken_sum_is_named_and_told_by_the_samples(whole: Path, tmp_path: Path, column: str) -> None:
    expected = await told_of_all(whole)
    folder = copy_of(whole, tmp_path)
    change(folder / YEAR_FILE, f"segment.{column} WHERE point_id = 2", lambda old: old + 64)  # type: ignore[operator]
    with capture_logs() as logs:
        assert await told_of_all(folder) == expected
    reasons = [entry["reason"] for entry in logs if entry["event"] == "history.quarantined"]
    assert [reason for reason in reasons if "segment of point 2" in reason and "sums are broken" in reason] == reasons
    assert reasons


async def test_a_sum_that_became_a_text_is_told_by_the_samples(whole: Path, tmp_path: Path) -> None:
    expected = await told_of_all(whole)
    folder = copy_of(whole, tmp_path)
    change(folder / YEAR_FILE, "segment.maximum WHERE point_id = 2", lambda _: "lots")
    assert await told_of_all(folder) == expected


async def test_a_broken_rollup_is_named_and_told_by_the_samples(whole: Path, tmp_path: Path) -> None:
    expected = await told_of_all(whole)
    folder = copy_of(whole, tmp_path)
    change(folder / YEAR_FILE, "segment.hours WHERE point_id = 2", lambda old: flipped(old, 30))
    with capture_logs() as logs:
        assert await told_of_all(folder) == expected
    (reason,) = (entry["reason"] for entry in logs if entry["event"] == "history.quarantined")
    assert "segment of point 2" in reason
    assert "hours are broken" in reason


@pytest.mark.parametrize("column", ["value", "quality"])
async def test_broken_columns_cost_their_segment(whole: Path, tmp_path: Path, column: str) -> None:
    expected = await told_of_all(whole)
    folder = copy_of(whole, tmp_path)
    body = "id = (SELECT body_id FROM segment WHERE point_id = 2)"
    change(folder / YEAR_FILE, f"body.{column} WHERE {body}", lambda old: flipped(old, 9))
    found = await told_of_all(folder)
    assert found[2][0] == (b"", b"", b"")
    assert {point: each for point, each in found.items() if point != 2} == {
        point: each for point, each in expected.items() if point != 2
    }


@pytest.mark.parametrize("column", ["points", "times", "value", "quality"])
async def test_a_broken_bundle_costs_the_points_in_it(whole: Path, tmp_path: Path, column: str) -> None:
    expected = await told_of_all(whole)
    folder = copy_of(whole, tmp_path)
    change(folder / YEAR_FILE, f"bundle.{column} WHERE id = 1", lambda old: flipped(old, 9))
    with capture_logs() as logs:
        found = await told_of_all(folder)
    assert {point: found[point] for point in MANY} == {point: expected[point] for point in MANY}
    assert {found[point][0] for point in FEW} == {(b"", b"", b"")}
    assert any("bundle 1" in entry["reason"] for entry in logs if entry["event"] == "history.quarantined")


HEAD = ("level", "block", "first_point", "last_point", "first_ms", "last_ms", "samples", "head_crc")


@pytest.mark.parametrize("other", [lambda old: old + 64, lambda _: "lots", lambda _: b"lots"])
async def test_a_broken_head_of_a_bundle_costs_the_points_in_it(
    whole: Path, tmp_path: Path, other: Callable[[int], object]
) -> None:
    expected = await told_of_all(whole)
    for column in HEAD:
        folder = shutil.copytree(whole, tmp_path / column)
        change(folder / YEAR_FILE, f"bundle.{column} WHERE id = 1", other)  # type: ignore[arg-type]
        with capture_logs() as logs:
            found = await told_of_all(folder)
        assert {point: found[point] for point in MANY} == {point: expected[point] for point in MANY}
        assert {found[point][0] for point in FEW} == {(b"", b"", b"")}
        reasons = [entry["reason"] for entry in logs if entry["event"] == "history.quarantined"]
        assert reasons == ["bundle 1: its head is broken"], column


@pytest.mark.parametrize("column", ["last_ms", "samples", "maximum", "body_id", "crc"])
async def test_what_a_broken_row_says_moves_and_drops_nothing(whole: Path, tmp_path: Path, column: str) -> None:
    """Late samples, merging and retention leave its segment alone, and what the number of its columns names now."""
    expected = await told_of_all(whole)
    folder = copy_of(whole, tmp_path)
    change(folder / YEAR_FILE, f"segment.{column} WHERE point_id = 2", lambda old: old - 2)  # type: ignore[operator]
    row = rows_of_point(folder, 2)
    async with open_historian(folder) as historian:
        late_ms = np.arange(600) * 1000 + 500
        await historian.append(
            SampleBatch(np.full(600, 2, np.int32), late_ms, np.zeros(600), np.zeros(600, np.uint8))
        )
    compact(folder, lambda *_: None)
    async with open_historian(folder) as historian:
        gone = Horizon(10**9, 10**9, 10**9)
        await historian.retain(Horizons.of(KEEP_ALL, [(2, gone), (3, gone)]))
        await until_true(lambda: not rows_of_point(folder, 3))
    assert rows_of_point(folder, 2)[:1] == row
    found = await told_of_all(folder)
    assert {point: found[point] for point in (0, 1, *FEW)} == {point: expected[point] for point in (0, 1, *FEW)}


def rows_of_point(folder: Path, point: int) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / YEAR_FILE)) as db:
        return db.execute("SELECT * FROM segment WHERE point_id = ? ORDER BY first_ms", (point,)).fetchall()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"CREATE TABLE state", b"CREATE \xff\xfe\xff\xfe\xff state", "its names are no text"),
        (b"last_ms INTEGER", b"last_xx INTEGER", "its tables are not those of format"),
        (b"samples INTEGER", b"samples INTEGEX", "its tables are not those of format"),
        (b"CREATE TABLE state", b"CREATE TABLX state", "malformed"),
    ],
)
async def test_a_file_whose_tables_are_damaged_is_refused_by_name(
    whole: Path, tmp_path: Path, old: bytes, new: bytes, reason: str
) -> None:
    file = copy_of(whole, tmp_path) / YEAR_FILE
    content = file.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new))
    with pytest.raises(HistoryUnreadableError, match=rf"{YEAR_FILE}: the history file is broken \(.*{reason}"):
        await told_of_all(file.parent)


async def test_a_file_of_another_sqlite_and_one_without_its_state_are_refused_by_name(
    whole: Path, tmp_path: Path
) -> None:
    file = copy_of(whole, tmp_path) / YEAR_FILE
    content = file.read_bytes()
    file.write_bytes(content[:47] + b"\x07" + content[48:])  # https://www.sqlite.org/fileformat.html, 1.3.10
    with pytest.raises(HistoryUnreadableError, match="unsupported file format"):
        await told_of_all(file.parent)
    file.write_bytes(content)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM state")
    with pytest.raises(HistoryUnreadableError, match="its state is not one row"):
        await told_of_all(file.parent)


@pytest.mark.parametrize("column", ["sealed_sequence", "samples", "first_ms", "last_ms"])
async def test_a_broken_state_is_counted_anew(whole: Path, tmp_path: Path, column: str) -> None:
    expected = await told_of_all(whole)
    folder = copy_of(whole, tmp_path)
    change(folder / YEAR_FILE, f"state.{column} WHERE 1", lambda old: old + 4096)  # type: ignore[operator]
    for _ in range(2):
        assert await told_of_all(folder) == expected
        async with open_historian(folder) as historian:
            stats = await historian.stats()
            assert (stats.samples, stats.first_ms) == (len(MANY) * 6000 + len(FEW) * 50, 0)
            await historian.append(samples_of(2))


async def test_broken_bytes_in_the_journal_cost_their_batch_alone(tmp_path: Path) -> None:
    """Also in a backup of it."""
    folder, crashed, restored = tmp_path / "history", tmp_path / "crashed" / "history", tmp_path / "restored"
    async with open_historian(folder) as historian:
        for point in FEW:
            await historian.append(samples_of(point))
        shutil.copytree(folder, crashed)
    (file,) = (crashed / "journal").iterdir()
    content = file.read_bytes()
    file.write_bytes(flipped(content, len(content) * 5 // 8))
    backup(crashed.parent, tmp_path / "backups", BackupOptions(), lambda *_: None)
    restore(tmp_path / "backups", restored, force=False, advance=lambda *_: None)
    with capture_logs() as logs:
        found = await told_of_all(crashed)
    assert await told_of_all(restored / "history") == found
    assert [point for point in FEW if not found[point][0][0]] == [FEW[2]]
    assert all(found[point][0][0] == samples_of(point).at_ms.tobytes() for point in FEW if point != FEW[2])
    (reason,) = (entry["reason"] for entry in logs if entry["event"] == "history.quarantined")
    assert "are broken" in reason


async def test_a_bit_of_the_file_costs_what_it_is_in_or_is_told_at_the_start(whole: Path, tmp_path: Path) -> None:
    """Anywhere in the file: no number changes, and only what lies in the same page can be missing."""
    expected = await told_of_all(whole)
    content = (whole / YEAR_FILE).read_bytes()
    moments = random.Random(SEED)  # noqa: S311
    places = [*moments.choices(_written(content), k=20), *moments.choices(_between_columns(whole, content), k=60)]
    for number, place in enumerate(places):
        folder = shutil.copytree(whole, tmp_path / str(number))
        (folder / YEAR_FILE).write_bytes(flipped(content, place))
        refusals: list[str] = []
        found = await told_without_errors(folder, refusals)
        assert all(str(folder / YEAR_FILE) in refusal for refusal in refusals), f"byte {place}: {refusals}"
        for point, (samples, _) in found.items():
            assert samples in {expected[point][0], (b"", b"", b"")}, f"byte {place}, point {point}"
            assert samples != expected[point][0] or found[point] == expected[point], f"byte {place}, point {point}"


def _written(content: bytes) -> list[int]:
    return [place for place, byte in enumerate(content) if byte]


def _between_columns(whole: Path, content: bytes) -> list[int]:
    """The bytes that are in no column of samples: header, tables, trees and the numbers of rows."""
    inside: set[int] = set()
    with closing(sqlite3.connect(whole / YEAR_FILE)) as db:
        for table, column in (("body", "value"), ("body", "quality"), ("times", "body"), ("segment", "minutes")):
            for (blob,) in db.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"):  # noqa: S608
                inside.update(range(content.find(blob), content.find(blob) + len(blob)))
    return [place for place in _written(content) if place not in inside]


async def told_without_errors(folder: Path, refusals: list[str]) -> dict[int, tuple[Answer, Answer]]:
    """What is told of the points that can be told of, if the history can be opened at all."""
    found = {}
    try:
        async with open_historian(folder) as historian:
            for point in (*MANY, *FEW):
                try:
                    found[point] = await told_of(historian, point)
                except HistoryError as error:
                    refusals.append(str(error))
    except HistoryError as error:
        refusals.append(str(error))
    return found
