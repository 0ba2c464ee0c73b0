"""Commands that run until Ctrl-C."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine

import uvloop


def run_until_interrupted(work: Coroutine[object, object, None]) -> None:
    """Run to the end, or until SIGINT or SIGTERM cancels it; then it cleans up, and the command ends well."""
    uvloop.run(_cancelled_by_signals(work))


async def _cancelled_by_signals(work: Coroutine[object, object, None]) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
