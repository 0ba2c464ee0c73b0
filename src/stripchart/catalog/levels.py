"""What points are by their thresholds, so that a restart changes nothing: written behind, in the order of changes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from stripchart.catalog.errors import CatalogError
from stripchart.catalog.level_tables import LevelRow
from stripchart.catalog.tables import PointRow
from stripchart.catalog.transaction import Transactions
from stripchart.model.sample import PointId
from stripchart.model.time import Clock

log = structlog.get_logger()

_WRITE_AFTER_S = 0.2
_AGAIN_AFTER_S = 5.0


class Levels:
    """Those of points that are not normal. What waits to be written is at most one level a point."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions = Transactions(engine, clock)
        self._unwritten: dict[PointId, int] = {}
        self._changed = asyncio.Event()

    async def all(self) -> dict[PointId, int]:
        """Those that are kept. Raises CatalogError."""
        async with self._transactions.reading() as session:
            rows = await session.scalars(select(LevelRow).order_by(LevelRow.point_id))
            return {PointId(row.point_id): row.level for row in rows}

    def keep(self, levels: Mapping[PointId, int]) -> None:
        """These points are now so; 0 is normal. It is written a moment later."""
        self._unwritten.update(levels)
        self._changed.set()

    @asynccontextmanager
    async def written_behind(self) -> AsyncIterator[None]:
        """While this is open, and at its end, changes are written."""
        task = asyncio.create_task(self._write_behind(), name="write alarm levels")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with contextlib.suppress(CatalogError):
                await self.write()

    async def write(self) -> None:
        """Write what has changed, all in one transaction. Raises CatalogError; then it is still to be written."""
        unwritten, self._unwritten = self._unwritten, {}
        try:
            await self._write(unwritten)
        except BaseException:
            self._unwritten = unwritten | self._unwritten
            raise

    async def _write(self, unwritten: Mapping[PointId, int]) -> None:
        if not unwritten:
            return
        async with self._transactions.changing() as session:
            await session.execute(delete(LevelRow).where(LevelRow.point_id.in_(unwritten)))
            present = set(await session.scalars(select(PointRow.id).where(PointRow.id.in_(unwritten))))
            session.add_all(
                LevelRow(point_id=point, level=level)
                for point, level in unwritten.items()
                if level and point in present
            )

    async def _write_behind(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(_WRITE_AFTER_S)
            self._changed.clear()
            try:
                await self.write()
            except CatalogError as error:
                log.warning("levels.not_written", reason=str(error))
                await asyncio.sleep(_AGAIN_AFTER_S)
                self._changed.set()
