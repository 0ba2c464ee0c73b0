"""Redis, when the settings name one."""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from stripchart.bus.options import BusOptions

if TYPE_CHECKING:
    from stripchart.bus.connection import Connection


@contextlib.asynccontextmanager
async def open_bus(url: str | None) -> "AsyncIterator[Connection | None]":
    """The connection to Redis; None, and nothing loaded, without an address."""
    if url is None:
        yield None
        return
    from stripchart.bus.connection import open_connection

    async with open_connection(BusOptions(url)) as connection:
        yield connection
