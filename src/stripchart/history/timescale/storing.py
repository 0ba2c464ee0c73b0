"""Putting batches into the server: by COPY, and where a sample is there already, row by row in one statement."""

import time
from collections.abc import AsyncIterator

import asyncpg
import numpy as np

from stripchart.history.embedded.ordering import in_file_order
from stripchart.history.horizons import DAY_MS
from stripchart.history.timescale.columns import check_times, copied, moment
from stripchart.history.timescale.known import SQL, Known
from stripchart.history.timescale.partitions import Partitions
from stripchart.history.timescale.server import Connection
from stripchart.model.sample import SampleBatch

_PIECE_BYTES = 1 << 20


class Storing:
    """Stores one batch at a time, in one transaction each."""

    def __init__(self, known: Known, partitions: Partitions | None, *, by_copy: bool) -> None:
        self._known, self._partitions, self._by_copy = known, partitions, by_copy
        self._days: set[int] = set()

    async def store(self, connection: Connection, batch: SampleBatch) -> int:
        """Keep all of the batch, or nothing of it; how many samples are new. Raises ValueError for bad columns."""
        samples = in_file_order(batch)
        try:
            return await self._put(connection, samples, batch)
        except asyncpg.CheckViolationError:
            if self._partitions is None:
                raise
            # Another process has let a month go that was there.
            await self._partitions.load(connection)
            return await self._put(connection, samples, batch)

    async def _put(self, connection: Connection, samples: SampleBatch, batch: SampleBatch) -> int:
        if self._partitions is not None and len(samples):
            await self._partitions.make_for(connection, samples.at_ms)
        if self._by_copy and len(samples):
            try:
                return await self._stored(connection, samples, batch, by_copy=True)
            except asyncpg.UniqueViolationError:
                pass
        return await self._stored(connection, samples, batch, by_copy=False)

    async def _stored(
        self, connection: Connection, samples: SampleBatch, batch: SampleBatch, *, by_copy: bool
    ) -> int:
        fresh = 0
        ids = {int(point) for point in np.unique(samples.point_id)} | {int(point) for point in batch.texts}
        unknown = sorted(ids - self._known.points)
        async with connection.transaction():
            if unknown:
                await connection.execute(SQL["add_points"], unknown)
            if len(samples):
                fresh = await (_copy(connection, samples) if by_copy else _upsert(connection, samples))
            if batch.texts:
                rows = [(int(point), moment(at_ms), text) for point, (at_ms, text) in batch.texts.items()]
                await connection.executemany(SQL["add_texts"], rows)
            days = await self._note_days(connection, samples)
            if fresh:
                span = int(samples.at_ms.min()), int(samples.at_ms.max())
                await connection.execute(SQL["note_added"], fresh, *span)
        self._known.points |= ids
        self._days |= days
        return fresh

    async def _note_days(self, connection: Connection, samples: SampleBatch) -> set[int]:
        """Say which days have samples, and of which the roll-ups are no longer right. The days that are now known."""
        days = set(np.unique(samples.at_ms // DAY_MS).tolist())
        today = time.time_ns() // 1_000_000 // DAY_MS
        late = sorted(day for day in days if day < today)
        if late:
            await connection.execute(SQL["add_late_days"], late)
        new = {day for day in days if day >= today} - self._days
        if new:
            await connection.execute(SQL["add_days"], sorted(new))
        return new


async def _copy(connection: Connection, samples: SampleBatch) -> int:
    content = copied(samples)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), _PIECE_BYTES):
            yield content[start : start + _PIECE_BYTES]

    await connection.copy_to_table(
        "sample",
        schema_name="history",
        columns=["point_id", "at", "value", "quality"],
        source=pieces(),
        format="binary",
    )
    return len(samples)


async def _upsert(connection: Connection, samples: SampleBatch) -> int:
    columns = (samples.point_id, samples.at_ms, samples.value, samples.quality)
    return int(await connection.fetchval(SQL["upsert"], *(column.tolist() for column in columns)))


def checked(batch: SampleBatch) -> SampleBatch:
    """The batch, of which bad samples have no value. Raises ValueError when it cannot be stored."""
    columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
    if len({len(column) for column in columns}) > 1:
        lengths = ", ".join(str(len(column)) for column in columns)
        raise ValueError(f"batch: its columns differ in length ({lengths})")
    check_times(batch.at_ms)
    if not batch.quality.any():
        return batch
    value = np.where(batch.has_value, batch.value, np.nan)
    return SampleBatch(batch.point_id, batch.at_ms, value, batch.quality, batch.texts)
