"""What points are by their thresholds, so that a restart changes nothing: written behind, in the order of changes."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from stripchart.catalog.level_tables import LevelRow
from stripchart.catalog.tables import PointRow
from stripchart.catalog.transaction import Transactions
from stripchart.catalog.write_behind import Pause, WriteBehind
from stripchart.model.sample import PointId
from stripchart.model.time import Clock


class Levels:
    """Those of points that are not normal. What waits to be written is at most one level a point."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions = Transactions(engine, clock)
        self._behind = WriteBehind("levels", self._write, Pause(after_change_s=0.2, after_failure_s=5.0))

    async def all(self) -> dict[PointId, int]:
        """Those that are kept. Raises CatalogError."""
        async with self._transactions.reading() as session:
            rows = await session.scalars(select(LevelRow).order_by(LevelRow.point_id))
            return {PointId(row.point_id): row.level for row in rows}

    def keep(self, levels: Mapping[PointId, int]) -> None:
        """These points are now so; 0 is normal. It is written a moment later."""
        self._behind.keep(levels)

    def written_behind(self) -> AbstractAsyncContextManager[None]:
        """While this is open, and at its end, changes are written."""
        return self._behind.running()

    async def write(self) -> None:
        """Write what has changed. Raises CatalogError; then it is still to be written."""
        await self._behind.write()

    async def _write(self, unwritten: Mapping[PointId, int]) -> None:
        async with self._transactions.changing() as session:
            await session.execute(delete(LevelRow).where(LevelRow.point_id.in_(unwritten)))
            present = set(await session.scalars(select(PointRow.id).where(PointRow.id.in_(unwritten))))
            session.add_all(
                LevelRow(point_id=point, level=level)
                for point, level in unwritten.items()
                if level and point in present
            )
