"""Commands that run until Ctrl-C."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Iterator

import uvloop


class Interrupts:
    """Who acts on SIGINT and SIGTERM: the one who asked last, or nobody."""

    def __init__(self) -> None:
        self._actions: list[Callable[[], object]] = []

    def __call__(self) -> None:
        if self._actions:
            self._actions[-1]()

    @contextlib.contextmanager
    def handled_by(self, action: Callable[[], object]) -> Iterator[None]:
        """While this is open, a signal is a call of `action` and nothing else."""
        self._actions.append(action)
        try:
            yield
        finally:
            self._actions.remove(action)


Work = Callable[[Interrupts], Coroutine[object, object, None]]


def run_until_interrupted(work: Work) -> None:
    """Run to the end, or until SIGINT or SIGTERM cancels it; then it cleans up, and the command ends well."""
    uvloop.run(_cancelled_by_signals(work))


async def _cancelled_by_signals(work: Work) -> None:
    loop, interrupts = asyncio.get_running_loop(), Interrupts()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupts)
    task = asyncio.ensure_future(work(interrupts))
    with interrupts.handled_by(task.cancel), contextlib.suppress(asyncio.CancelledError):
        await task
