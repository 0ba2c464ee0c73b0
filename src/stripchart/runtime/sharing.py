"""Sharing: what of the plant is this process's to poll, where others poll it too."""

import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import LinkAddress
from stripchart.model.role import Role
from stripchart.polling.lease_store import CollectorInfo
from stripchart.polling.leases import CHORES, Apply, Leases

if TYPE_CHECKING:
    from stripchart.bus.connection import Connection


class Sharing:
    """Without leases everything is this process's own; a process that does not poll has nothing of it."""

    def __init__(self, role: Role, leases: Leases | None) -> None:
        self.role, self.leases = role, leases
        self._taken_up: frozenset[str] = frozenset()

    def may_use(self, link: LinkAddress) -> bool:
        """Whether something may be sent over the link now."""
        return self.role.polls and (self.leases is None or self.leases.holds(link.end))

    def polls(self, link: LinkAddress) -> bool:
        """Whether devices of the link are polled here, and told of from here."""
        return self.role.polls and (self.leases is None or link.end in self._taken_up)

    def holds_all(self, names: frozenset[str]) -> bool:
        """Whether there is still time to let these go in good order."""
        return self.leases is not None and all(self.leases.holds(name) for name in names)

    def take_up(self, names: frozenset[str]) -> None:
        """What is polled here from now on."""
        self._taken_up = names

    def want(self, entries: Iterable[RosterEntry]) -> None:
        """These devices are to be polled by somebody."""
        if self.leases is not None:
            links = {entry.device.link for entry in entries if entry.device.enabled}
            serial = frozenset(link.end for link in links if link.framing.is_serial)
            self.leases.want(frozenset({CHORES, *(link.end for link in links)}), serial)

    @asynccontextmanager
    async def running(self, apply: Apply) -> AsyncIterator[None]:
        """While this is open, leases are taken and renewed; `apply` puts into effect what is held."""
        if self.leases is None:
            await apply(frozenset({CHORES}) if self.role.polls else frozenset())
            yield
            return
        async with self.leases.running(apply):
            yield


def sharing_of(role: Role, bus: "Connection | None", *, is_shared: bool) -> Sharing:
    """How this process takes part. `is_shared`: others may poll the same plant."""
    if bus is None or not is_shared or not role.polls:
        return Sharing(role, None)
    from stripchart.bus.leases import RedisLeases

    machine = socket.gethostname()
    me = CollectorInfo(f"{machine}-{os.getpid()}-{secrets.token_hex(3)}", machine, role.value)
    return Sharing(role, Leases(RedisLeases(bus), me, _ports_here, may_be_alone=role is Role.ALL))


def _ports_here(paths: frozenset[str]) -> frozenset[str]:
    return frozenset(path for path in paths if Path(path).exists())
