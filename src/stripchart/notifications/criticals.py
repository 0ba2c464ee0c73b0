"""When owner and admins are told that a device is critical.

A device is critical while any of its points is, by the thresholds of that point. It is told when it becomes so, once,
whatever its other points do meanwhile; and at most once in five minutes, however often a value crosses its bound. One
that becomes critical again within these is told at their end, if it still is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId

AGAIN_AFTER_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Excess:
    """A point that became critical with this value; `is_above`: over the upper bound, not below the lower one."""

    device: DeviceId
    point: PointId
    value: float
    is_above: bool


class Criticals:
    """Decides; keeps a few numbers of each device that is, or was lately, critical. Pure."""

    def __init__(self, told_ms: Mapping[DeviceId, int]) -> None:
        """`told_ms`: of each device when it was told before."""
        self._told_ms = dict(told_ms)
        self._critical: dict[DeviceId, set[PointId]] = {}
        self._untold: dict[DeviceId, Excess] = {}

    def remember(self, device: DeviceId, point: PointId) -> None:
        """The point was critical when the program ended, and that was told."""
        self._critical.setdefault(device, set()).add(point)

    def rose(self, excess: Excess) -> None:
        """A point is critical that was not."""
        points = self._critical.setdefault(excess.device, set())
        if not points:
            self._untold[excess.device] = excess
        points.add(excess.point)

    def fell(self, device: DeviceId, point: PointId) -> None:
        """A point is not critical any more."""
        points = self._critical.get(device, set())
        points.discard(point)
        if not points:
            self._critical.pop(device, None)
            self._untold.pop(device, None)

    def go_on_from(self, devices: Iterable[DeviceId], told_ms: Mapping[DeviceId, int]) -> None:
        """Somebody else has told of these devices until now; what of them is critical is remembered next."""
        for device in devices:
            for known in (self._told_ms, self._critical, self._untold):
                known.pop(device, None)
            if device in told_ms:
                self._told_ms[device] = told_ms[device]

    def due(self, now_ms: int) -> list[Excess]:
        """What is to be told now; each once."""
        found = [
            excess
            for device, excess in self._untold.items()
            if now_ms - self._told_ms.get(device, now_ms - AGAIN_AFTER_MS) >= AGAIN_AFTER_MS
        ]
        for excess in found:
            del self._untold[excess.device]
            self._told_ms[excess.device] = now_ms
        return found

    def forget_others(self, devices: set[DeviceId]) -> None:
        """Keep nothing of devices but these."""
        for known in (self._told_ms, self._critical, self._untold):
            for device in known.keys() - devices:
                del known[device]
