"""Profile files that come, go or change while the program runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog

from stripchart.background import in_background
from stripchart.catalog.errors import CatalogError
from stripchart.profiles.library import ProfileLibrary
from stripchart.runtime.plant import Plant

log = structlog.get_logger()

_LOOK_AT_PROFILES_EVERY_S = 2.0


@contextlib.asynccontextmanager
async def following_profiles(library: ProfileLibrary, plant: Plant) -> AsyncIterator[None]:
    """While this is open, a profile file that comes, goes or changes is in effect a few seconds later."""
    async with in_background({"follow profiles": _follow_profiles(library, plant)}):
        yield


async def _follow_profiles(library: ProfileLibrary, plant: Plant) -> None:
    await asyncio.to_thread(library.load)
    changed = False
    while True:
        await asyncio.sleep(_LOOK_AT_PROFILES_EVERY_S)
        try:
            changed = await asyncio.to_thread(_look_again, library) or changed
            if changed:
                log.info("profiles.changed")
                await plant.refresh()
            changed = False
        except (CatalogError, OSError) as error:
            log.error("profiles.not_in_effect", reason=str(error))


def _look_again(library: ProfileLibrary) -> bool:
    """See and load what changed, in a thread: YAML takes its time, and the loop has none."""
    changed = library.refresh()
    library.load()
    return changed
