"""The months of plain PostgreSQL: a partition for each, made before its first sample comes."""

import asyncpg
import numpy as np

from stripchart.history.timescale.server import Connection
from stripchart.model.sample import Times

_MADE_MEANWHILE = (asyncpg.DuplicateTableError, asyncpg.InvalidObjectDefinitionError, asyncpg.UniqueViolationError)
_LIST = """
SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = 'history.sample'::regclass
"""


_AHEAD_MS = 7 * 86_400_000


class Partitions:
    """Knows which months there are. A month is counted from 1970-01."""

    def __init__(self) -> None:
        self._months: set[int] = set()

    async def load(self, connection: Connection) -> None:
        """See which there are."""
        self._months = {_month_of(row["relname"]) for row in await connection.fetch(_LIST)}

    @property
    def count(self) -> int:
        return len(self._months)

    async def make_for(self, connection: Connection, at_ms: Times) -> None:
        """Make the months in which the times lie."""
        for month in set(np.unique(_months(at_ms)).tolist()) - self._months:
            await self._make(connection, month)

    async def make_ahead(self, connection: Connection, now_ms: int) -> None:
        """Make the next month a week before it begins, so that no sample waits; see what others have made."""
        await self.load(connection)
        await self.make_for(connection, np.array([now_ms, now_ms + _AHEAD_MS]))

    async def _make(self, connection: Connection, month: int) -> None:
        """Attached, not made in its place: that would wait for all who read, and have others wait meanwhile."""
        start, end, name = _date(month), _date(month + 1), _name(month)
        try:
            async with connection.transaction():
                await connection.execute(f"CREATE TABLE history.{name} (LIKE history.sample INCLUDING ALL)")
                await connection.execute(
                    f"ALTER TABLE history.sample ATTACH PARTITION history.{name} "
                    f"FOR VALUES FROM ('{start} 00:00:00+00') TO ('{end} 00:00:00+00')"
                )
        except _MADE_MEANWHILE:
            await self.load(connection)
        self._months.add(month)

    async def drop_before(self, connection: Connection, at_ms: int) -> list[int]:
        """The whole months before the time, which are dropped; called within a transaction."""
        month = int(_months(np.array([at_ms]))[0])
        old = sorted(each for each in self._months if each < month)
        # Whoever waits for readers here has all others wait too; there is another day to try it.
        await connection.execute("SET LOCAL lock_timeout = '5s'")
        for each in old:
            await connection.execute(f"DROP TABLE IF EXISTS history.{_name(each)}")
        return old

    def forget(self, months: list[int]) -> None:
        """They were dropped."""
        self._months -= set(months)


def _months(at_ms: Times) -> Times:
    return at_ms.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)


def _date(month: int) -> str:
    return str(np.datetime64(month, "M").astype("datetime64[D]"))


def _name(month: int) -> str:
    return f"sample_{str(np.datetime64(month, 'M')).replace('-', '_')}"


def _month_of(name: str) -> int:
    return int(np.datetime64(name.removeprefix("sample_").replace("_", "-"), "M").astype(np.int64))
