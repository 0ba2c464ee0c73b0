"""Roll-ups: what each UTC day came to by minute, hour and day, made an hour after it is over, and again when late."""

import time

import numpy as np
import structlog
from asyncpg.exceptions import LockNotAvailableError

from stripchart.history.horizons import DAY_MS
from stripchart.history.timescale.columns import moment
from stripchart.history.timescale.known import SQL
from stripchart.history.timescale.server import Connection

log = structlog.get_logger()

GRACE_MS = 3_600_000
_PLAIN = (("hour", "minute", 3_600_000), ("whole_day", "hour", DAY_MS))


async def roll_up(connection: Connection, now_ms: int, *, has_timescale: bool) -> None:
    """Roll up the days that are due, the oldest first.

    Those that a job of TimescaleDB is at stay due until the next call (2.27 refuses a second refresh with 55P03).
    """
    due = await connection.fetch(SQL["due_days"], (now_ms - GRACE_MS) // DAY_MS)
    for row in due:
        began_s = time.monotonic()
        if has_timescale:
            try:
                await _refresh(connection, row["day"])
            except LockNotAvailableError:
                return
            await connection.execute(SQL["day_is_rolled"], row["day"], row["version"])
        else:
            await _roll(connection, row["day"], row["version"])
        day, took_s = str(np.datetime64(row["day"], "D")), round(time.monotonic() - began_s, 1)
        log.info("history.rolled_up", day=day, took_s=took_s)


async def _refresh(connection: Connection, day: int) -> None:
    span = f"timestamptz '{moment(day * DAY_MS)}', timestamptz '{moment((day + 1) * DAY_MS)}'"
    for tier in ("minute", "hour", "whole_day"):
        await connection.execute(f"CALL refresh_continuous_aggregate('history.{tier}', {span})")


async def _roll(connection: Connection, day: int, version: int) -> None:
    """What comes late while this runs leaves the day due: its version is another one then."""
    span = moment(day * DAY_MS), moment((day + 1) * DAY_MS)
    async with connection.transaction():
        for tier in ("minute", "hour", "whole_day"):
            await connection.execute(SQL["clear_tier"].format(tier=tier), *span)
        await connection.execute(SQL["roll_minutes"], *span)
        for tier, finer, length_ms in _PLAIN:
            length = moment(length_ms) - moment(0)
            await connection.execute(SQL["roll_on"].format(tier=tier, finer=finer), *span, length)
        await connection.execute(SQL["day_is_rolled"], day, version)
