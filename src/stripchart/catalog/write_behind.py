"""Rows that are written a moment after the change: the newest of each key, all at once, and again after a failure."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from stripchart.background import in_background
from stripchart.catalog.errors import CatalogError

log = structlog.get_logger()

Key = TypeVar("Key")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Pause:
    """How long changes are gathered, and how long a failure is waited out."""

    after_change_s: float
    after_failure_s: float


class WriteBehind(Generic[Key, Row]):
    """What waits to be written is at most one row a key. `what` names it in logs."""

    def __init__(self, what: str, write: Callable[[Mapping[Key, Row]], Awaitable[None]], pause: Pause) -> None:
        """`write` stores the rows in one transaction, or raises CatalogError and stores none."""
        self._what, self._write, self._pause = what, write, pause
        self._unwritten: dict[Key, Row] = {}
        self._changed = asyncio.Event()

    def keep(self, rows: Mapping[Key, Row]) -> None:
        """These are so now; it is written a moment later."""
        self._unwritten.update(rows)
        self._changed.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, and at its end, changes are written."""
        try:
            async with in_background({f"write {self._what}": self._follow()}):
                yield
        finally:
            with contextlib.suppress(CatalogError):
                await self.write()

    async def write(self) -> None:
        """Write what has changed. Raises CatalogError; then it is still to be written."""
        unwritten, self._unwritten = self._unwritten, {}
        if not unwritten:
            return
        try:
            await self._write(unwritten)
        except BaseException:
            self._unwritten = unwritten | self._unwritten
            raise

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(self._pause.after_change_s)
            self._changed.clear()
            try:
                await self.write()
            except CatalogError as error:
                log.warning("catalog.not_written", what=self._what, reason=str(error))
                await asyncio.sleep(self._pause.after_failure_s)
                self._changed.set()
