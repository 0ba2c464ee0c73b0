"""A task that is cancelled while its connection fails ends."""

import asyncio

import pytest

from stripchart.history.base import HistoryUnavailableError
from stripchart.history.timescale.server import told_as_history


async def refused_although_cancelled(ready: asyncio.Event) -> None:
    """As `asyncio.wait_for` does when what it waits for fails at the moment of the cancellation."""
    with told_as_history("somewhere"):
        try:
            ready.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionRefusedError("refused") from None


async def test_a_failure_does_not_hide_that_the_task_was_cancelled() -> None:
    ready = asyncio.Event()
    task = asyncio.create_task(refused_although_cancelled(ready))
    await ready.wait()
    task.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_failure_of_a_task_that_goes_on_is_told() -> None:
    with pytest.raises(HistoryUnavailableError, match="refused"), told_as_history("somewhere"):
        raise ConnectionRefusedError("refused")
