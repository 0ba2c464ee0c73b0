"""A history as rows of a SQLite table, the plain way: only to compare with."""

import sqlite3
import time
from pathlib import Path
from statistics import median

from bench.reference import START_MS, Values, batches

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE sample (
    point_id INTEGER, at_ms INTEGER, value REAL, quality INTEGER, PRIMARY KEY (point_id, at_ms)
) WITHOUT ROWID;
"""
_BUCKETS = """
SELECT at_ms / 3600000, min(value), max(value), avg(value), count(*) FROM sample
WHERE point_id = ? AND at_ms >= ? AND at_ms < ? GROUP BY 1
"""
_DAY = "SELECT at_ms, value, quality FROM sample WHERE point_id = ? AND at_ms >= ? AND at_ms < ?"


def measure(folder: Path, values: Values) -> tuple[float, float, float, float]:
    """Samples a second, bytes a sample, and milliseconds for one point whole and in hourly buckets."""
    path = folder / "rows.sqlite"
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(_SCHEMA)
    began = time.perf_counter()
    for batch in batches(values):
        columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        database.execute("BEGIN")
        database.executemany("INSERT OR REPLACE INTO sample VALUES (?, ?, ?, ?)", rows)
        database.execute("COMMIT")
    speed = values.size / (time.perf_counter() - began)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size / values.size
    day, hours = (_median_ms(database, statement, values.shape[1]) for statement in (_DAY, _BUCKETS))
    database.close()
    return speed, size, day, hours


def _median_ms(database: sqlite3.Connection, statement: str, points: int) -> float:
    took = []
    for number in range(100):
        began = time.perf_counter()
        database.execute(statement, (number * 7 % points, START_MS, START_MS + 86_400_000)).fetchall()
        took.append(time.perf_counter() - began)
    return median(took) * 1000
