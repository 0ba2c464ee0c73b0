"""Checking: what is good is called good, and each broken thing is found and named."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stripchart.history.care.check import check
from stripchart.history.care.findings import Finding
from stripchart.history.care.stats import stats_of_folder
from stripchart.history.embedded.bundle import head_check
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.record import write_record
from stripchart.history.embedded.sparse_hours import packed_hours
from stripchart.history.embedded.state import State
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.model.sample import PointId, SampleBatch

YEAR_FILE = "1970.db"
SAMPLES = 4000
SECOND_MS = 1000


def series(point: int, samples: int = SAMPLES) -> SampleBatch:
    """A sample a second; some are bad."""
    at_ms = np.arange(samples) * SECOND_MS
    quality = np.where(np.arange(samples) % 100 == 7, 0x81, 0).astype(np.uint8)
    return SampleBatch(np.full(samples, point, np.int32), at_ms, np.where(quality, np.nan, at_ms * 0.1), quality)


async def a_history(folder: Path) -> None:
    """Points 1 and 2 in a segment each, points 3 and 4 in a bundle, point 9 with texts."""
    async with open_historian(folder) as historian:
        for point in (1, 2):
            await historian.append(series(point))
        for point in (3, 4):
            batch = series(point, 20)
            texts = {PointId(9): (point * SECOND_MS, f"text {point}")}
            columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
            await historian.append(SampleBatch(*columns, texts))


def change(statement: str, *values: object, file: str = YEAR_FILE) -> Callable[[Path], None]:
    """Change a file behind the historian's back."""

    def run(folder: Path) -> None:
        with closing(sqlite3.connect(folder / file)) as db, db:
            db.execute(statement, values)

    return run


def flip(table: str, column: str) -> Callable[[Path], None]:
    """Flip a bit of the first blob of a table."""

    def run(folder: Path) -> None:
        with closing(sqlite3.connect(folder / YEAR_FILE)) as db, db:
            query = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
            blob = bytearray(db.execute(query).fetchone()[0])
            blob[len(blob) // 2] ^= 4
            db.execute(f"UPDATE {table} SET {column} = ?", (bytes(blob),))  # noqa: S608

    return run


def tear_journal(folder: Path) -> None:
    whole = write_record(10**6, series(1, 5))
    broken = bytearray(whole)
    broken[40] ^= 1
    (folder / "journal" / "00000090.log").write_bytes(bytes(broken) + write_record(10**6 + 1, series(1, 5)))


def say_wrong_span(folder: Path) -> None:
    """As a program would have written it that counts wrongly: with a checksum."""
    with closing(sqlite3.connect(folder / YEAR_FILE)) as db, db:
        db.execute("UPDATE bundle SET last_ms = 5 WHERE id = 1")
        query = (
            "SELECT id, level, block, first_point, last_point, first_ms, last_ms, samples FROM bundle WHERE id = 1"
        )
        db.execute("UPDATE bundle SET head_crc = ? WHERE id = 1", (head_check(db.execute(query).fetchone()),))


def say_wrong_count(folder: Path) -> None:
    with closing(sqlite3.connect(folder / YEAR_FILE)) as db, db:
        state = State(*db.execute("SELECT sealed_sequence, samples, first_ms, last_ms FROM state").fetchone())
        db.execute("UPDATE state SET samples = 7, crc = ?", (replace(state, samples=7).check,))


def write_nonsense(folder: Path) -> None:
    (folder / "1971.db").write_bytes(b"no database" * 99)


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "values": (flip("body", "value"), "segment of point 1, 1970-01-01T00:00:00.000Z to .*: its checksum is wrong"),
    "qualities": (flip("body", "quality"), "segment of point 1.*: its checksum is wrong"),
    "times": (flip("times", "body"), "segment of point 1.*: the checksum of its times is wrong"),
    "bundle": (flip("bundle", "value"), "bundle 1 of points 3 to 4, .*: its checksum is wrong"),
    "minimum": (change("UPDATE segment SET minimum = 7"), "of point 1.*: its minimum is 7.0, by its samples 0"),
    "sum": (change("UPDATE segment SET total = total + 1 WHERE point_id = 2"), "of point 2.*: its total is "),
    "count": (change("UPDATE segment SET good = good - 1"), "of point 1.*: its good is 3959, by its samples 3960"),
    "hours": (flip("segment", "hours"), "of point 1.*: its hours are not those of its samples"),
    "sparse hours": (change("UPDATE segment SET sparse_hours = x'00112233445566'"), "sparse hours: their checksum"),
    "others' hours": (
        change("UPDATE segment SET sparse_hours = ?", packed_hours(series(1).where(np.arange(SAMPLES) % 2 == 0))),
        "of point 1.*: its sparse hours are not those of its samples",
    ),
    "first time": (change("UPDATE segment SET first_ms = 1 WHERE point_id = 1"), "of point 1.*: its first_ms is 1"),
    "lost columns": (change("DELETE FROM body WHERE id = 1"), "segment of point 1.*missing"),
    "lost segment": (change("DELETE FROM segment WHERE point_id = 2"), "body 2: no segment has it"),
    "uses": (change("UPDATE times SET uses = 5"), "times 1: it counts 5 uses"),
    "bundle's head": (change("UPDATE bundle SET last_ms = 5"), "bundle 1: its head is broken"),
    "bundle's span": (say_wrong_span, "bundle 1.*: its last_ms is 5, by its samples 19000"),
    "state": (change("UPDATE state SET samples = 7"), "state: its checksum is wrong"),
    "samples": (say_wrong_count, "state: it counts 7 samples, there are 8040"),
    "text": (change("UPDATE text SET text = CAST(x'ff' AS TEXT)", file="texts.db"), "text of point 9.*no UTF-8"),
    "journal": (tear_journal, "00000090.log: journal: the record at byte 0 is broken, and whole ones are behind it"),
    "year file": (write_nonsense, "1971.db: file: "),
}  # fmt: skip


def told(findings: list[Finding]) -> str:
    return "\n".join(finding.told() for finding in findings)


async def test_what_was_closed_is_good(tmp_path: Path) -> None:
    await a_history(tmp_path)
    assert list(check(tmp_path)) == []
    stats = stats_of_folder(tmp_path, look_for_broken=True, advance=lambda *_: None)
    assert (stats.samples, stats.points, stats.texts, stats.waiting) == (2 * SAMPLES + 40, 4, 2, 0)
    assert [(year.year, year.segments, year.bundles, year.quarantined) for year in stats.years] == [(1970, 2, 1, 0)]


async def test_what_is_in_use_is_good_and_counted(tmp_path: Path) -> None:
    async with open_historian(tmp_path, EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * 2000)) as historian:
        for start in range(0, SAMPLES, 500):
            for point in (1, 2):
                await historian.append(series(point).where(slice(start, start + 500)))
            assert list(check(tmp_path)) == []
        expected = await historian.stats()
        found = stats_of_folder(tmp_path, look_for_broken=True, advance=lambda *_: None)
        assert (found.samples, found.first_ms, found.last_ms) == (
            expected.samples,
            expected.first_ms,
            expected.last_ms,
        )


@pytest.mark.parametrize("damage", DAMAGE)
async def test_damage_is_found_and_named(tmp_path: Path, damage: str) -> None:
    await a_history(tmp_path)
    do_damage, expected = DAMAGE[damage]
    do_damage(tmp_path)
    findings = list(check(tmp_path))
    assert any(not finding.is_harmless for finding in findings)
    assert re.search(expected, told(findings)), told(findings)


async def test_stats_count_pieces_with_a_wrong_checksum(tmp_path: Path) -> None:
    await a_history(tmp_path)
    flip("bundle", "times")(tmp_path)
    stats = stats_of_folder(tmp_path, look_for_broken=True, advance=lambda *_: None)
    assert [year.quarantined for year in stats.years] == [1]


async def test_a_torn_end_of_the_journal_is_only_noted(tmp_path: Path) -> None:
    await a_history(tmp_path)
    (tmp_path / "journal" / "00000090.log").write_bytes(write_record(10**6, series(1, 5))[:-3])
    (finding,) = check(tmp_path)
    assert finding.is_harmless
    assert "torn by a crash" in finding.problem
