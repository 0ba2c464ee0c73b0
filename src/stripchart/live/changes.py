"""Which devices say something new: found in the columns of the newest samples, without asking the way they take."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.catalog.roster import Roster, RosterEntry
from stripchart.model.device import DeviceId, DeviceStatus, Trouble
from stripchart.model.time import Clock
from stripchart.pipeline.latest import Latest
from stripchart.polling.health import HealthBoard

_NOBODY = -1

_State = tuple[DeviceStatus, Trouble | None, str | None] | None


@dataclass(slots=True)
class _Known:
    """A device when it was looked at last, and the number of its last change."""

    entry: RosterEntry
    state: _State
    number: int


class Changes:
    """Numbers changes: new samples, values that grow stale, another status, another configuration.

    A look costs as much as the points and devices that there are, in columns: half a millisecond for 1000 devices.
    """

    def __init__(self, roster: Roster, latest: Latest, supervisor: HealthBoard, clock: Clock) -> None:
        self._roster, self._latest, self._supervisor, self._clock = roster, latest, supervisor, clock
        self._known: dict[DeviceId, _Known] = {}
        self._order: list[_Known] = []
        self._owner: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._stale: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._revision = 0
        self.number = 0
        """Of the last change that was seen."""

    def look(self) -> None:
        """See what is new since the last look."""
        following = self.number + 1
        if self._look_at_devices(following) | self._look_at_points(following):
            self.number = following

    def since(self, number: int) -> list[RosterEntry]:
        """The devices that changed behind this number, in the order of the roster: all of them behind 0."""
        return [known.entry for known in self._order if known.number > number]

    def number_of(self, device: DeviceId) -> int:
        """Of the last change of the device; 0 of one that was never seen."""
        known = self._known.get(device)
        return known.number if known else 0

    def _look_at_devices(self, following: int) -> bool:
        entries = self._roster.all()
        is_other, is_new = len(entries) != len(self._order), False
        for entry in entries:
            state = self._state(entry.device.id)
            known = self._known.get(entry.device.id)
            if known is None:
                self._known[entry.device.id] = _Known(entry, state, following)
                is_other = True
            elif known.entry is not entry or known.state != state:
                is_other |= known.entry is not entry
                known.entry, known.state, known.number = entry, state, following
                is_new = True
        if is_other:
            self._take_over(entries)
        return is_other or is_new

    def _take_over(self, entries: tuple[RosterEntry, ...]) -> None:
        """Other devices, or other points of them: whose each point is."""
        self._known = {entry.device.id: self._known[entry.device.id] for entry in entries}
        self._order = list(self._known.values())
        highest = max((int(entry.point_ids.max(initial=-1)) for entry in entries), default=-1)
        self._owner = np.full(highest + 1, _NOBODY, np.int32)
        for place, entry in enumerate(entries):
            self._owner[entry.point_ids] = place

    def _look_at_points(self, following: int) -> bool:
        touched = self._latest.touched_since(self._revision)
        self._revision = self._latest.revision
        stale = self._latest.stale(self._clock.now_ms())
        before = np.zeros(len(stale), np.bool_)
        before[: len(self._stale)] = self._stale[: len(stale)]
        self._stale = stale
        points = np.concatenate([touched, np.flatnonzero(stale != before)])
        owners = self._owner[points[points < len(self._owner)]]
        places = np.unique(owners[owners != _NOBODY]).tolist()
        for place in places:
            self._order[place].number = following
        return bool(places)

    def _state(self, device: DeviceId) -> _State:
        health = self._supervisor.health(device)
        return (health.status, health.trouble, health.error) if health else None
