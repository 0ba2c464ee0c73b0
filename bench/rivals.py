"""Histories as rows of a table, the plain way, in SQLite and in DuckDB: only to compare with."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

from bench.reference import START_MS, Values, batches

_SQLITE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE sample (
    point_id INTEGER, at_ms INTEGER, value REAL, quality INTEGER, PRIMARY KEY (point_id, at_ms)
) WITHOUT ROWID;
"""
_DUCKDB = "CREATE TABLE sample (point_id INTEGER, at_ms BIGINT, value DOUBLE, quality UTINYINT)"
_DAY = "SELECT at_ms, value, quality FROM sample WHERE point_id = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms"
_HOURS = """
SELECT at_ms {div} 3600000 AS hour, min(value), max(value), avg(value), count(*) FROM sample
WHERE point_id = ? AND at_ms >= ? AND at_ms < ? GROUP BY hour ORDER BY hour
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Samples a second, with a commit for each batch; bytes a sample; one point a day and its hours in ms."""

    speed: float
    bytes: float
    day_ms: float
    hours_ms: float


def sqlite_rows(folder: Path, values: Values) -> Figures:
    """A table clustered by point and time."""
    path = folder / "rows.sqlite"
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(_SQLITE)
    began = time.perf_counter()
    for batch in batches(values):
        columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        database.execute("BEGIN")
        database.executemany("INSERT OR REPLACE INTO sample VALUES (?, ?, ?, ?)", rows)
        database.execute("COMMIT")
    speed = values.size / (time.perf_counter() - began)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def ask(query: str, point: int) -> object:
        return database.execute(query, (point, *_day())).fetchall()

    figures = _figures(speed, path, values, ask, "/")
    database.close()
    return figures


def duckdb_rows(folder: Path, values: Values) -> Figures:
    """A table of columns in the order of arrival, on one core; it knows no order by point of its own."""
    path = folder / "rows.duckdb"
    database = duckdb.connect(str(path))
    database.execute("SET threads = 1")
    database.execute(_DUCKDB)
    began = time.perf_counter()
    for batch in batches(values):
        database.register(
            "arrived",
            {"point_id": batch.point_id, "at_ms": batch.at_ms, "value": batch.value, "quality": batch.quality},
        )
        database.execute("INSERT INTO sample SELECT * FROM arrived")
    database.execute("CHECKPOINT")
    speed = values.size / (time.perf_counter() - began)

    def ask(query: str, point: int) -> object:
        return database.execute(query, (point, *_day())).fetchnumpy()

    figures = _figures(speed, path, values, ask, "//")
    database.close()
    return figures


def _figures(speed: float, path: Path, values: Values, ask: Callable[[str, int], object], div: str) -> Figures:
    points = values.shape[1]
    day_ms, hours_ms = (_median_ms(ask, query, points) for query in (_DAY, _HOURS.format(div=div)))
    return Figures(speed, path.stat().st_size / values.size, day_ms, hours_ms)


def _median_ms(ask: Callable[[str, int], object], query: str, points: int) -> float:
    took = []
    for number in range(50):
        began = time.perf_counter()
        ask(query, number * 7 % points)
        took.append(time.perf_counter() - began)
    return median(took) * 1000


def _day() -> tuple[int, int]:
    return START_MS, START_MS + 86_400_000
