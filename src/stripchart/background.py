"""Work that goes on beside a context, and ends with it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping


@contextlib.asynccontextmanager
async def in_background(work: Mapping[str, Coroutine[object, object, object]]) -> AsyncIterator[None]:
    """While this is open the work is done, each as a task of that name; then it is cancelled, and waited for.

    What ends by itself, or fails, ends nothing else: work that must not fail says so itself.
    """
    tasks = [asyncio.create_task(each, name=name) for name, each in work.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
