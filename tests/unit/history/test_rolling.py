"""Roll-ups on a TimescaleDB whose own jobs are at the same days."""

from typing import Any

from asyncpg.exceptions import LockNotAvailableError

from stripchart.history.timescale.rolling import roll_up

_DAY_MS = 86_400_000


class _Refreshing:
    """A server that refuses a second refresh of the days that a job is at, as TimescaleDB does."""

    def __init__(self, *busy: int) -> None:
        self.busy = busy
        self.refreshed: list[str] = []
        self.rolled: list[int] = []

    async def fetch(self, _query: str, _before: int) -> list[dict[str, int]]:
        return [{"day": day, "version": 1} for day in (0, 1, 2) if day not in self.rolled]

    async def execute(self, query: str, *arguments: Any) -> None:
        if not query.startswith("CALL"):
            self.rolled.append(arguments[0])
        elif any(f"'1970-01-0{day + 1} " in query.split(",")[1] for day in self.busy):
            raise LockNotAvailableError("due to a concurrent refresh")
        else:
            self.refreshed.append(query)


async def test_a_day_that_a_job_is_at_stays_due_and_is_no_failure() -> None:
    server = _Refreshing(1)
    await roll_up(server, 10 * _DAY_MS, has_timescale=True)  # type: ignore[arg-type]
    assert server.rolled == [0]
    assert len(server.refreshed) == 3


async def test_it_is_rolled_up_when_the_job_is_done() -> None:
    server = _Refreshing(1)
    await roll_up(server, 10 * _DAY_MS, has_timescale=True)  # type: ignore[arg-type]
    server.busy = ()
    await roll_up(server, 10 * _DAY_MS, has_timescale=True)  # type: ignore[arg-type]
    assert server.rolled == [0, 1, 2]
