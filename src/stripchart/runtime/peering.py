"""Peering: this process and the others that share the plant, where there are any."""

import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator

from stripchart.runtime.ground import Ground
from stripchart.runtime.plant import Plant
from stripchart.runtime.reach import Reach


@contextlib.asynccontextmanager
async def reaching(ground: Ground) -> AsyncIterator[Reach]:
    """While this is open, devices can be asked wherever they are polled."""
    if ground.bus is None or not ground.settings.is_shared:
        yield Reach(ground.drivers, ground.sharing, None)
        return
    from stripchart.bus.leases import RedisLeases
    from stripchart.bus.post import RedisPost
    from stripchart.peers.asker import Asker
    from stripchart.peers.remote import Remote

    me = f"asker-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    asker = Asker(me, RedisPost(ground.bus), RedisLeases(ground.bus))
    async with asker.running():
        yield Reach(ground.drivers, ground.sharing, Remote(asker))


@contextlib.asynccontextmanager
async def serving_others(ground: Ground, plant: Plant) -> AsyncIterator[None]:
    """While this is open, other processes have done here what they ask of this collector."""
    if ground.bus is None or ground.sharing.leases is None:
        yield
        return
    from stripchart.bus.post import RedisPost
    from stripchart.peers.desk import Desk
    from stripchart.runtime.deeds import Deeds

    deeds = Deeds(ground.drivers, plant, ground.library)
    async with Desk(ground.sharing.leases, RedisPost(ground.bus), deeds.all()).running():
        yield
