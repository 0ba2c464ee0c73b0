"""Garbage: keeps Python's collector of cycles from stopping the loop.

A full collection looks at every object there is. With a thousand devices that took 0.1 s of processor time every ten
seconds or so, in which nobody is polled. So what lives long is set aside once all is set up, and looked at seldom.
Small collections looked at what waits for replies again and again, and found next to nothing: at full load a quarter
of the time with Python's own threshold, 7 % with 10,000 new objects, nothing with 50,000. A server of 260 devices
with pages that ask had 740 collections in its second to fourth minute, the longest 4 ms, which freed 140 objects;
with 50,000 none, and as much memory (194 to 238 MB).
"""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator

from stripchart.background import in_background

_FIRST_S = 10.0
"""By then every link has its connection, and every device was polled."""
_NEW_OBJECTS = 50_000
"""Before a small collection; Python's own 700 is for programs that make less at a time."""
_AGAIN_EVERY_S = 6 * 3600.0


@contextlib.asynccontextmanager
async def without_long_collections(
    first_s: float = _FIRST_S, again_every_s: float = _AGAIN_EVERY_S
) -> AsyncIterator[None]:
    """While this is open, collections are rarer, and full ones pass over what was there after `first_s`.

    What has become garbage of it since, as after a device was edited, is collected every `again_every_s`.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    try:
        async with in_background({"set aside what lives long": _set_aside(first_s, again_every_s)}):
            yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


async def _set_aside(first_s: float, again_every_s: float) -> None:
    await asyncio.sleep(first_s)
    while True:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        await asyncio.sleep(again_every_s)
