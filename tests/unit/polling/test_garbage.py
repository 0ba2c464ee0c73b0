"""Full collections pass over what lives long, and what of it has become garbage still goes."""

import asyncio
import gc
import weakref

from stripchart.polling.garbage import without_long_collections


class Knot:
    """Garbage that only the collector of cycles frees."""

    def __init__(self) -> None:
        self.itself = self


async def until_frozen() -> None:
    async with asyncio.timeout(20):
        while not gc.get_freeze_count():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_what_lives_long_is_set_aside_while_it_is_wanted() -> None:
    usual = gc.get_threshold()
    async with without_long_collections(first_s=0.0):
        await until_frozen()
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold()[0] == 50_000
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, usual)


async def test_what_is_set_aside_and_becomes_garbage_is_collected_in_the_end() -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    async with without_long_collections(first_s=0.0, again_every_s=0.01):
        await until_frozen()
        del knot
        async with asyncio.timeout(20):
            while gone() is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
