"""Fair queue: requests of many units for one line, served so that each unit gets as much of its time as the others.

The unit that has used the least time is next; units that need little wait little, and a slow one waits for its own
slowness (start-time fair queueing). Nobody starves: to be served raises a unit's account, to wait does not. Pure.
"""

from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """First come, first served within a unit; between units by the time they have used."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Item]] = {}
        self._used_s: dict[int, float] = {}
        self._level_s = 0.0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, unit_id: int, item: Item) -> None:
        """A unit that had nothing waiting starts level with who is served now: idling saves up no time."""
        waiting = self._waiting.get(unit_id)
        if waiting is None:
            self._waiting[unit_id] = deque((item,))
            if self._used_s.get(unit_id, 0.0) < self._level_s:
                self._used_s[unit_id] = self._level_s
        else:
            waiting.append(item)
        self._count += 1

    def take(self) -> Item:
        """The next to serve. Raises IndexError when nobody waits."""
        if not self._waiting:
            raise IndexError("nobody waits")
        unit_id = next(iter(self._waiting))
        if len(self._waiting) > 1:
            unit_id = min(self._waiting, key=lambda unit: self._used_s.get(unit, 0.0))
        # Leaving and coming back puts the unit behind those with the same account.
        waiting = self._waiting.pop(unit_id)
        item = waiting.popleft()
        if waiting:
            self._waiting[unit_id] = waiting
        self._level_s = self._used_s.get(unit_id, 0.0)
        self._count -= 1
        return item

    def charge(self, unit_id: int, used_s: float) -> None:
        """The unit had the line for so long."""
        self._used_s[unit_id] = self._used_s.get(unit_id, 0.0) + used_s

    def drain(self) -> list[Item]:
        """Everyone who waits; nobody does afterwards."""
        items = [item for waiting in self._waiting.values() for item in waiting]
        self._waiting.clear()
        self._count = 0
        return items
