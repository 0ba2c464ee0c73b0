"""Numbers of the formats, and how a year file of an older number becomes one of today's.

docs/history-format.md describes the files and says what each number stands for.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import structlog

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.embedded.bundle import head_check
from stripchart.history.embedded.codec import BrokenPieceError, unpack
from stripchart.history.embedded.files import broken
from stripchart.history.embedded.rollup import TIERS_MS, is_sound, rolled_up, with_check
from stripchart.history.embedded.segment import SUMMED, Segment, body_check, row_check, times_check
from stripchart.history.embedded.state import UNTOUCHED, State
from stripchart.model.sample import SampleBatch

YEAR_ID: Final = 0x53_54_52_59
"""'STRY' in the file's header: a year of Stripchart."""
YEAR_FORMAT: Final = 4
TEXTS_ID: Final = 0x53_54_52_54
"""'STRT' in the file's header: texts of Stripchart."""
TEXTS_FORMAT: Final = 1

log = structlog.get_logger()

_SCHEMA = files("stripchart.history.embedded").joinpath("year.sql").read_text("utf-8")

_HEADER_BYTES = 100
_SQLITE = b"SQLite format 3\0"


def refuse_newer(path: Path, application: int, newest: int) -> None:
    """Look at the header of a SQLite file without SQLite, which would write beside it.

    Raises HistoryUnreadableError when the file is of a newer release. A missing file is none. To be called before
    this process has the file open: closing it would give up SQLite's locks.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        return
    # https://www.sqlite.org/fileformat.html, 1.3: user version at 60, application id at 68, big-endian.
    is_ours = header.startswith(_SQLITE) and int.from_bytes(header[68:72], "big") == application
    if is_ours:
        check_number(path, int.from_bytes(header[60:64], "big"), newest)


def check_number(path: Path, number: int, newest: int) -> None:
    """Raises HistoryUnreadableError when the number is of a newer release."""
    if number > newest:
        raise HistoryUnreadableError(
            f"{path}: the history was written by a newer Stripchart (format {number}, this one knows {newest}); "
            "update Stripchart"
        )


def make_or_upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Make a new year file, or bring an older one to today's format: all of it, or nothing.

    Raises HistoryUnreadableError when the file is broken, foreign or newer.
    """
    read = connection.execute
    application, number = read("PRAGMA application_id").fetchone()[0], read("PRAGMA user_version").fetchone()[0]
    if application == 0 and read("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        connection.executescript(_SCHEMA)
        return
    if application != YEAR_ID:
        raise HistoryUnreadableError(f"{path}: this is no history of Stripchart; move it away")
    check_number(path, number, YEAR_FORMAT)
    if number < YEAR_FORMAT:
        _upgrade(connection, path, number)
    check_tables(connection, path)


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Raises HistoryUnreadableError unless the year has the tables of today: a flipped bit can rename a column."""
    if _columns(connection) != _columns_of_today():
        raise broken(path, f"its tables are not those of format {YEAR_FORMAT}")
    if len(connection.execute("SELECT 1 FROM state").fetchall()) != 1:
        raise broken(path, "its state is not one row")


def _columns(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
    """Table, name, type and place in the key of all columns."""
    query = (
        "SELECT each.name, column.name, column.type, column.pk "
        "FROM sqlite_master AS each, pragma_table_info(each.name) AS column WHERE each.type = 'table'"
    )
    return set(connection.execute(query))


@cache
def _columns_of_today() -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_SCHEMA)
        return _columns(connection)


def _upgrade(connection: sqlite3.Connection, path: Path, number: int) -> None:
    log.info("history.upgrading", file=str(path), format=number, to_format=YEAR_FORMAT)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in range(number, YEAR_FORMAT):
            _STEPS[step](connection)
        connection.execute(f"PRAGMA user_version = {YEAR_FORMAT}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _from_1_to_2(connection: sqlite3.Connection) -> None:
    """Roll-ups beside the segments, unless they are there: both layouts were called 1. And a stamp."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(segment)")}
    connection.execute("ALTER TABLE state ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0")
    connection.execute("UPDATE state SET stamp = random()")
    if "hours" in columns:
        return
    for column in ("minutes", "hours", "days"):
        connection.execute(f"ALTER TABLE segment ADD COLUMN {column} BLOB")
    # The keys first: a query under way may or may not see the rows that are changed meanwhile.
    keys = connection.execute("SELECT point_id, first_ms, body_id FROM segment").fetchall()
    change = "UPDATE segment SET minutes = ?, hours = ?, days = ? WHERE point_id = ? AND first_ms = ?"
    for point_id, first_ms, body_id in keys:
        tiers = _rollups(connection, point_id, body_id)
        if any(tiers):
            connection.execute(change, (*tiers, point_id, first_ms))


def _rollups(connection: sqlite3.Connection, point_id: int, body_id: int) -> list[bytes | None]:
    """The roll-ups of a segment of format 1; none of one that is broken, which readers leave out anyway."""
    row = connection.execute(
        "SELECT value, quality, body.crc, times.id, times.body, times.crc FROM body JOIN times "
        "ON times.id = body.times_id WHERE body.id = ?",
        (body_id,),
    ).fetchone()
    try:
        batch = _samples(point_id, body_id, row)
    except BrokenPieceError as error:
        log.error("history.quarantined", reason=f"segment of point {point_id}: {error}")
        return [None] * len(TIERS_MS)
    return [rolled_up(batch, np.zeros(1, np.intp), tier_ms)[0] for tier_ms in TIERS_MS]


def _samples(point_id: int, body_id: int, row: tuple[Any, ...] | None) -> SampleBatch:
    if row is None:
        raise BrokenPieceError("its columns are missing")
    value, quality, crc, times_id, times, times_crc = row
    if body_check(body_id, point_id, value, quality) != crc or times_check(times_id, times) != times_crc:
        raise BrokenPieceError("its checksum is wrong")
    values, at_ms = unpack(value), unpack(times)
    qualities = np.zeros(len(values), np.uint8) if quality is None else unpack(quality)
    if not len(values) == len(at_ms) == len(qualities):
        raise BrokenPieceError("its columns differ in length")
    return SampleBatch(np.full(len(values), point_id, np.int32), at_ms, values, qualities)


def _from_2_to_3(connection: sqlite3.Connection) -> None:
    """Checksums of the rows of segments, of their roll-ups, and of the state."""
    if "crc" in {row[1] for row in connection.execute("PRAGMA table_info(segment)")}:
        return
    for table in ("segment", "state"):
        connection.execute(f"ALTER TABLE {table} ADD COLUMN crc INTEGER")
    change = "UPDATE segment SET minutes = ?, hours = ?, days = ?, crc = ? WHERE point_id = ? AND first_ms = ?"
    rows = "SELECT {} FROM segment WHERE (point_id, first_ms) > (?, ?) ORDER BY point_id, first_ms LIMIT 1000"
    columns = ", ".join(Segment._fields[: SUMMED + len(TIERS_MS)])
    key: tuple[int, int] = (-(2**63), -(2**63))
    while some := connection.execute(rows.format(columns), key).fetchall():
        for row in some:
            tiers = (tier if tier is None or is_sound(tier) else with_check(tier) for tier in row[-len(TIERS_MS) :])
            key = row[:2]
            connection.execute(change, (*tiers, row_check(row), *key))


def _from_3_to_4(connection: sqlite3.Connection) -> None:
    """A place for sparse hours, which segments get when they are written anew. Checksums of the heads of bundles.

    And of the state, which a year that was not written to since format 2 has not got yet.
    The columns of a head are named as format 3 has them, and not taken from what is asked for today.
    """
    if "sparse_hours" not in {row[1] for row in connection.execute("PRAGMA table_info(segment)")}:
        connection.execute("ALTER TABLE segment ADD COLUMN sparse_hours BLOB")
    state = State(*connection.execute("SELECT sealed_sequence, samples, first_ms, last_ms FROM state").fetchone())
    if state != UNTOUCHED and state.is_plausible:
        connection.execute("UPDATE state SET crc = ? WHERE crc IS NULL", (state.check,))
    if "head_crc" in {row[1] for row in connection.execute("PRAGMA table_info(bundle)")}:
        return
    connection.execute("ALTER TABLE bundle ADD COLUMN head_crc INTEGER NOT NULL DEFAULT -1")
    heads = connection.execute(
        "SELECT id, level, block, first_point, last_point, first_ms, last_ms, samples FROM bundle"
    )
    checks = [(head_check(head), head[0]) for head in heads.fetchall()]
    connection.executemany("UPDATE bundle SET head_crc = ? WHERE id = ?", checks)


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1_to_2, 2: _from_2_to_3, 3: _from_3_to_4}
"""By the number they begin with; each runs in the one transaction of the upgrade."""
