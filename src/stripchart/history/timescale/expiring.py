"""Letting go of what is behind the horizons, once its roll-ups are made; what is visible follows them at once."""

from collections.abc import Iterator

import numpy as np
import structlog

from stripchart.history.horizons import DAY_MS, EVER_MS, NEVER_MS
from stripchart.history.timescale.columns import moment, within_reach
from stripchart.history.timescale.known import SQL, Known
from stripchart.history.timescale.partitions import Partitions
from stripchart.history.timescale.reading import Wanted, fetched
from stripchart.history.timescale.server import Connection
from stripchart.model.sample import PointIds, Times

log = structlog.get_logger()

_KEPT_FOR_REFRESHES_DAYS = 5
"""Where TimescaleDB refreshes the last days by itself, their samples must be there."""
_SPARE_DAYS = 7
_DAYS_AT_ONCE = 64
_TIERS = (("minute", "minute_ms"), ("hour", "rollup_ms"), ("whole_day", "rollup_ms"))


class Expiring:
    """Drops samples, roll-ups and texts. `partitions` None: TimescaleDB."""

    def __init__(self, known: Known, partitions: Partitions | None) -> None:
        self._known, self._partitions = known, partitions
        self._done: dict[tuple[str, int], int] = {}
        self._tables = {tier: f"history.{tier}" for tier, _ in _TIERS}
        self._policy_days: int | None = None
        self.dropped = 0
        """Samples for want of room, since the start."""

    async def load(self, connection: Connection) -> None:
        """See where the roll-ups are."""
        if self._partitions is None:
            rows = await connection.fetch(SQL["rollup_tables"])
            self._tables = {row["view_name"]: row["kept_in"] for row in rows}

    async def drop(self, connection: Connection, now_ms: int) -> None:
        """Drop what is behind the horizons now."""
        dropped = await self._purge(connection)
        ids = self._known.all_there()
        horizons = self._known.horizons
        if len(ids) and horizons.newest_ms > EVER_MS:
            raw_ms = await self._droppable(connection, horizons.raw_of(ids), now_ms)
            dropped += await self._drop_days(connection, int(raw_ms.min()))
            dropped += await self._drop_of_points(connection, ids, raw_ms)
            await self._drop_rollups(connection, ids)
            await self._drop_texts(connection, ids, horizons.raw_of(ids))
            await self._set_policy(connection, int(horizons.raw_of(ids).min()), now_ms)
        if dropped:
            log.info("history.expired", samples=dropped)
            await self._note(connection, dropped, ids)

    async def _droppable(self, connection: Connection, raw_ms: Times, now_ms: int) -> Times:
        """The horizons, but not behind the first day without roll-ups."""
        due = await connection.fetchval(SQL["first_due_day"])
        bound = NEVER_MS if due is None else due * DAY_MS
        if self._partitions is None:
            bound = min(bound, (now_ms // DAY_MS - _KEPT_FOR_REFRESHES_DAYS) * DAY_MS)
        return np.minimum(raw_ms, bound)

    async def _drop_days(self, connection: Connection, before_ms: int) -> int:
        """The samples of all points, whole days at a time."""
        dropped = 0
        days = await connection.fetch(SQL["days_to_empty"], within_reach(before_ms) // DAY_MS, _DAYS_AT_ONCE)
        for (day,) in map(tuple, days):
            span = moment(day * DAY_MS), moment((day + 1) * DAY_MS)
            async with connection.transaction():
                dropped += await connection.fetchval(
                    "SELECT count(*) FROM history.sample WHERE at >= $1 AND at < $2", *span
                )
                if self._partitions is None:
                    await connection.execute(
                        "SELECT drop_chunks('history.sample', older_than => $1::timestamptz)", span[1]
                    )
                else:
                    await connection.execute("DELETE FROM history.sample WHERE at >= $1 AND at < $2", *span)
                await connection.execute(SQL["day_is_empty"], day)
        if days and self._partitions is not None:
            await self._drop_months(connection, within_reach(before_ms))
        return dropped

    async def _drop_months(self, connection: Connection, before_ms: int) -> None:
        """Months of which every day is empty."""
        if self._partitions is None or await connection.fetch(SQL["days_to_empty"], before_ms // DAY_MS, 1):
            return
        async with connection.transaction():
            old = await self._partitions.drop_before(connection, before_ms)
        self._partitions.forget(old)

    async def _drop_of_points(self, connection: Connection, ids: PointIds, raw_ms: Times) -> int:
        """The samples of points that are kept shorter than others."""
        dropped = 0
        for before_ms, some in self._groups("sample", ids, raw_ms, raw_ms > raw_ms.min()):
            async with connection.transaction():
                await connection.execute(SQL["seal_days"], (before_ms - 1) // DAY_MS)
                dropped += await self._delete(connection, "history.sample", some, before_ms)
        return dropped

    async def _drop_rollups(self, connection: Connection, ids: PointIds) -> None:
        for tier, name in _TIERS:
            horizon_ms = np.array([getattr(self._known.horizons.at(point), name) for point in ids.tolist()])
            for before_ms, some in self._groups(tier, ids, horizon_ms, horizon_ms > EVER_MS):
                await self._delete(connection, self._tables[tier], some, before_ms)

    async def _drop_texts(self, connection: Connection, ids: PointIds, raw_ms: Times) -> None:
        for before_ms, some in self._groups("text", ids, raw_ms, raw_ms > EVER_MS):
            await connection.execute(SQL["drop_texts"], some, moment(within_reach(before_ms)))

    def _groups(
        self, what: str, ids: PointIds, before_ms: Times, concerned: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ) -> Iterator[tuple[int, list[int]]]:
        """Points of one horizon together, unless it was done for them before."""
        todo = [
            row
            for row in np.flatnonzero(concerned).tolist()
            if self._done.get((what, int(ids[row])), EVER_MS) != int(before_ms[row])
        ]
        for each in np.unique(before_ms[todo]).tolist():
            some = [int(ids[row]) for row in todo if before_ms[row] == each]
            yield each, some
            self._done.update({(what, point): each for point in some})

    async def _delete(self, connection: Connection, table: str, ids: list[int], before_ms: int) -> int:
        asked = ids, moment(within_reach(before_ms))
        count = 0
        if table == "history.sample":
            # Of a compressed chunk whole pieces are deleted, and not counted.
            count = int(await connection.fetchval(SQL["count_of_points"], *asked))
        await connection.execute(SQL["clear_points"].format(table=table), *asked)
        return count

    async def _purge(self, connection: Connection) -> int:
        """Everything of the points that are gone."""
        gone = [row["point_id"] for row in await connection.fetch(SQL["to_purge"])]
        if not gone:
            return 0
        async with connection.transaction():
            count = await self._delete(connection, "history.sample", gone, NEVER_MS)
            for table in (*self._tables.values(), "history.text"):
                await connection.execute(SQL["clear_points_for_ever"].format(table=table), gone)
            await connection.execute(SQL["purged"], gone)
        return count

    async def _note(self, connection: Connection, dropped: int, ids: PointIds) -> None:
        ever = Wanted(ids, np.full(len(ids), EVER_MS), np.full(len(ids), NEVER_MS))
        oldest = await fetched(connection, ever, 1)
        first = moment(int(oldest.at_ms.min())) if len(oldest) else None
        await connection.execute(SQL["note_dropped"], dropped, 0, first)

    async def _set_policy(self, connection: Connection, raw_ms: int, now_ms: int) -> None:
        """TimescaleDB's own retention, a week behind ours: it bounds the database while no Stripchart runs."""
        if self._partitions is not None:
            return
        days = None if raw_ms == EVER_MS else now_ms // DAY_MS - within_reach(raw_ms) // DAY_MS + _SPARE_DAYS
        if days is not None and days <= _KEPT_FOR_REFRESHES_DAYS:
            days = _KEPT_FOR_REFRESHES_DAYS
        if days == self._policy_days:
            return
        await connection.execute("SELECT remove_retention_policy('history.sample', if_exists => true)")
        if days is not None:
            await connection.execute(SQL["add_policy"], days)
        self._policy_days = days
