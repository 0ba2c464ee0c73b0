"""Looks over polling's shoulder, and hands in what owner and admins are to be told of devices."""

import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping

from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import Roster
from stripchart.drivers.base import Poll
from stripchart.model.device import Device, DeviceId
from stripchart.model.notification import Notification
from stripchart.model.time import Clock
from stripchart.notifications.board import NotificationBoard
from stripchart.notifications.outages import OUTAGES, Outages
from stripchart.polling.health import DeviceHealth

_SPARE = 64


@contextlib.asynccontextmanager
async def watching_outages(
    catalog: Catalog, roster: Roster, clock: Clock, keep_days: int
) -> AsyncIterator["OutageWatch"]:
    """A watch that knows what was told before, with a board that takes what is told while this is open."""
    board = NotificationBoard(catalog.notifications, clock, keep_days)
    async with board.running():
        yield OutageWatch(board, roster, clock, await catalog.notifications.last_of_devices(OUTAGES))


class OutageWatch:
    """`told`: of each device what was told last before the program started."""

    def __init__(
        self, board: NotificationBoard, roster: Roster, clock: Clock, told: Mapping[DeviceId, Notification]
    ) -> None:
        self.board, self._roster, self._clock = board, roster, clock
        self._outages = Outages(told)

    def go_on_from(self, devices: Iterable[DeviceId], told: Mapping[DeviceId, Notification]) -> None:
        """Another process has told of these devices until now; `told`: the last of each."""
        self._outages.go_on_from(devices, told)

    def note(self, device: Device, health: DeviceHealth, poll: Poll) -> None:
        """A device could not be read, or its status changed."""
        entry = self._roster.get(device.id)
        attempts = 1 + entry.profile.pacing.retries if entry and entry.profile else 1
        new = self._outages.note(device, health, poll, attempts=attempts, now_ms=self._clock.now_ms())
        if new is not None:
            self.board.tell(new)
        configured = self._roster.all()
        if len(self._outages) > 2 * len(configured) + _SPARE:
            self._outages.forget_others(each.device.id for each in configured)
