"""How the database is doing: how large it is, how it grows, and how long it takes to answer."""

from collections import deque

import numpy as np

from stripchart.history.timescale.known import SQL
from stripchart.history.timescale.server import Connection


class Sizes:
    """How large tables are."""

    def __init__(self, *, has_timescale: bool) -> None:
        self._has_timescale = has_timescale

    async def bytes(self, connection: Connection) -> int:
        """What all tables of the history take, indexes included."""
        if self._has_timescale:
            return int(await connection.fetchval(SQL["bytes_of_hypertables"]))
        parts = [await connection.fetchval(SQL[name]) for name in ("bytes_of_partitions", "bytes_of_tables")]
        return sum(map(int, parts))

    async def chunks(self, connection: Connection) -> tuple[int, int, float | None]:
        """How many pieces the samples are in, how many of those are compressed, and how well."""
        if not self._has_timescale:
            parts = await connection.fetchval("SELECT count(*) - 1 FROM pg_partition_tree('history.sample')")
            return int(parts), 0, None
        row = await connection.fetchrow(SQL["chunks"])
        ratio = row["before_bytes"] / row["after_bytes"] if row["after_bytes"] else None
        return int(row["chunks"]), int(row["compressed"]), ratio


class Rate:
    """Rows a second, of the last minute. Bounded: what is older than that is let go."""

    _WINDOW_S = 60.0

    def __init__(self) -> None:
        self._stored: deque[tuple[float, int]] = deque(maxlen=10_000)

    def note(self, at_s: float, rows: int) -> None:
        self._stored.append((at_s, rows))
        while self._stored and self._stored[0][0] < at_s - self._WINDOW_S:
            self._stored.popleft()

    def per_s(self, now_s: float) -> float:
        recent = [rows for at_s, rows in self._stored if at_s >= now_s - self._WINDOW_S]
        return sum(recent) / self._WINDOW_S


def percentiles(took_s: deque[float]) -> tuple[float, float, float] | None:
    """Median, 95th and 99th percentile, in milliseconds."""
    if not took_s:
        return None
    low, high, highest = 1000 * np.percentile(list(took_s), (50, 95, 99))
    return float(low), float(high), float(highest)
