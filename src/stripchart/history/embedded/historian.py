"""The embedded historian: samples as rows of one SQLite file, written by one thread and read by another."""

import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from stripchart.history.base import Buckets, HistoryStats
from stripchart.history.embedded.database import DatabaseThread, connect_reader, connect_writer, transaction
from stripchart.history.embedded.lock import lock_folder
from stripchart.history.statements import load_statements
from stripchart.model.sample import PointId, SampleBatch

FILE_NAME = "history.sqlite"

_SQL = load_statements("stripchart.history.embedded", "queries.sql")

_Row = tuple[int | float | None, ...]


@asynccontextmanager
async def open_historian(folder: Path, *, max_bytes: int | None = None) -> AsyncIterator["EmbeddedHistorian"]:
    """The historian of a folder, which is created when it is missing; closed when the context ends.

    `max_bytes` bounds the file (None: the disk does); at the bound `append` raises HistoryFullError.
    Raises HistoryUnavailableError when another process has the folder or it cannot be written, and
    HistoryUnreadableError when the file in it is broken, foreign or newer; no file is ever deleted or mended.
    """
    historian = EmbeddedHistorian(folder, lock_folder(folder), max_bytes)
    try:
        await historian.check()
        yield historian
    finally:
        await historian.aclose()


class EmbeddedHistorian:
    """The Historian port over SQLite; see there for what each method promises."""

    def __init__(self, folder: Path, lock: IO[str], max_bytes: int | None = None) -> None:
        self._path = folder / FILE_NAME
        self._lock = lock
        self._writer = DatabaseThread(self._path, partial(connect_writer, self._path, max_bytes), "history-writer")
        self._reader = DatabaseThread(self._path, partial(connect_reader, self._path), "history-reader")

    async def check(self) -> None:
        """Open the file, and see that it is a history this release can keep."""
        await self._writer.run(_total)
        await self._reader.run(_total)

    async def append(self, batch: SampleBatch) -> None:
        await self._writer.run(partial(_append, batch))

    async def read(
        self, points: Sequence[PointId], start_ms: int, end_ms: int, *, limit: int, descending: bool = False
    ) -> SampleBatch:
        ranges = _ranges(points, start_ms=start_ms, end_ms=end_ms, limit=max(limit, 0))
        return await self._reader.run(partial(_read, ranges, max(limit, 0), descending))

    async def count(self, points: Sequence[PointId], start_ms: int, end_ms: int) -> int:
        return await self._reader.run(partial(_count, _ranges(points, start_ms=start_ms, end_ms=end_ms)))

    async def buckets(self, points: Sequence[PointId], start_ms: int, end_ms: int, bucket_ms: int) -> Buckets:
        if bucket_ms < 1:
            raise ValueError(f"bucket_ms {bucket_ms}: allowed are 1 and more")
        ranges = _ranges(points, start_ms=start_ms, end_ms=end_ms, bucket_ms=bucket_ms)
        return await self._reader.run(partial(_buckets, ranges))

    async def latest(self) -> SampleBatch:
        return await self._reader.run(_latest)

    async def texts(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        (asked,) = _ranges([point], start_ms=start_ms, end_ms=end_ms)
        return await self._reader.run(lambda db: db.execute(_SQL["texts"], asked).fetchall())

    async def stats(self) -> HistoryStats:
        samples, first_ms, last_ms = await self._reader.run(_total)
        return HistoryStats(samples, _bytes_of(self._path), first_ms, last_ms)

    async def aclose(self) -> None:
        try:
            await self._reader.aclose()
            await self._writer.aclose()
        finally:
            self._lock.close()


def _append(batch: SampleBatch, db: sqlite3.Connection) -> None:
    value = np.where(batch.has_value, batch.value, np.nan)
    columns = (batch.point_id, batch.at_ms, value, batch.quality)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    with transaction(db, "IMMEDIATE"):
        if rows:
            added = db.executemany(_SQL["add_sample"], rows).rowcount
            if added < len(rows):
                db.executemany(_SQL["replace_sample"], rows)
            span = {"first_ms": int(batch.at_ms.min()), "last_ms": int(batch.at_ms.max())}
            db.execute(_SQL["add_to_total"], {"added": added, **span})
        db.executemany(
            _SQL["add_text"],
            [{"point_id": point, "at_ms": at_ms, "text": text} for point, (at_ms, text) in batch.texts.items()],
        )


def _read(ranges: list[dict[str, int]], limit: int, descending: bool, db: sqlite3.Connection) -> SampleBatch:
    statement = _SQL["read_newest" if descending else "read_oldest"]
    with transaction(db, "DEFERRED"):
        # Whatever belongs to the first `limit` of all points is among the first `limit` of its own point.
        batch = _batch(row for asked in ranges for row in db.execute(statement, asked))
    order = np.lexsort((batch.point_id, batch.at_ms))
    chosen = (order[::-1] if descending else order)[:limit]
    return SampleBatch(batch.point_id[chosen], batch.at_ms[chosen], batch.value[chosen], batch.quality[chosen])


def _count(ranges: list[dict[str, int]], db: sqlite3.Connection) -> int:
    with transaction(db, "DEFERRED"):
        return sum(db.execute(_SQL["count"], asked).fetchone()[0] for asked in ranges)


def _buckets(ranges: list[dict[str, int]], db: sqlite3.Connection) -> Buckets:
    with transaction(db, "DEFERRED"):
        rows = [
            (asked["point_id"], *row)
            for asked in sorted(ranges, key=lambda asked: asked["point_id"])
            for row in db.execute(_SQL["buckets"], asked)
        ]
    if not rows:
        return Buckets.empty()
    point_id, start_ms, *values, good_count, count = zip(*rows, strict=True)
    minimum, maximum, mean, first, last = (np.array(column, np.float64) for column in values)
    return Buckets(
        np.array(point_id, np.int32),
        np.array(start_ms, np.int64),
        minimum,
        maximum,
        mean,
        first,
        last,
        np.array(good_count, np.int64),
        np.array(count, np.int64),
    )


def _latest(db: sqlite3.Connection) -> SampleBatch:
    with transaction(db, "DEFERRED"):
        samples = _batch(db.execute(_SQL["latest"]))
        texts = {PointId(point): (at_ms, text) for point, at_ms, text in db.execute(_SQL["latest_texts"])}
    return SampleBatch(samples.point_id, samples.at_ms, samples.value, samples.quality, texts)


def _total(db: sqlite3.Connection) -> tuple[int, int | None, int | None]:
    samples, first_ms, last_ms = db.execute(_SQL["total"]).fetchone()
    return samples, first_ms, last_ms


def _ranges(points: Sequence[PointId], **asked: int) -> list[dict[str, int]]:
    """The parameters of one statement per point; a point named twice is asked once."""
    return [{"point_id": int(point), **asked} for point in dict.fromkeys(points)]


def _batch(rows: Iterable[_Row]) -> SampleBatch:
    columns = list(zip(*rows, strict=True))
    if not columns:
        return SampleBatch.empty()
    point_id, at_ms, value, quality = columns
    return SampleBatch(
        np.array(point_id, np.int32),
        np.array(at_ms, np.int64),
        np.array(value, np.float64),
        np.array(quality, np.uint8),
    )


def _bytes_of(path: Path) -> int:
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
