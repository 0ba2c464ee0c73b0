"""Looks over the alarm engine's shoulder: keeps what points are, and tells owner and admins of critical devices."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Set

from stripchart.alarms.engine import AlarmEngine, LevelChanges
from stripchart.background import in_background
from stripchart.catalog.levels import Levels
from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import Roster, RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.notification import NewNotification, NotificationType, Severity
from stripchart.model.sample import PointId
from stripchart.model.time import Clock
from stripchart.notifications.board import NotificationBoard
from stripchart.notifications.criticals import Criticals, Excess

IsOurs = Callable[[DeviceId], bool]

_CRITICAL = 2
_LOOK_EVERY_S = 5.0


@contextlib.asynccontextmanager
async def watching_levels(
    catalog: Catalog,
    roster: Roster,
    engine: AlarmEngine,
    board: NotificationBoard,
    clock: Clock,
    is_ours: IsOurs = lambda _: True,
) -> AsyncIterator["CriticalWatch"]:
    """A watch that knows what points were, and what was told, before the program started."""
    told = await catalog.notifications.last_of_devices([NotificationType.DEVICE_CRITICAL])
    told_ms = {id_: last.created_ms for id_, last in told.items()}
    watch = CriticalWatch(catalog.levels, roster, board, clock, told_ms, is_ours)
    watch.restore(await catalog.levels.all(), engine)
    async with catalog.levels.written_behind(), in_background({"tell of critical devices": watch.look_again()}):
        yield watch


class CriticalWatch:
    """`know` says which points there are, before `note` tells of changes of theirs.

    `told_ms`: of each device when it was told before that it is critical. `is_ours`: whether the device is this
    process's to tell of.
    """

    def __init__(
        self,
        levels: Levels,
        roster: Roster,
        board: NotificationBoard,
        clock: Clock,
        told_ms: Mapping[DeviceId, int],
        is_ours: IsOurs = lambda _: True,
    ) -> None:
        self._is_ours = is_ours
        self._levels, self._roster, self._board, self._clock = levels, roster, board, clock
        self._criticals = Criticals(told_ms)
        self._device_of: dict[PointId, DeviceId] = {}
        self._restored: dict[PointId, int] = {}
        self._engine: AlarmEngine | None = None

    def restore(self, levels: Mapping[PointId, int], engine: AlarmEngine) -> None:
        """What points were when the program ended: the engine is given that as soon as it is known whose they are."""
        self._restored, self._engine = dict(levels), engine

    def know(self, entries: Iterable[RosterEntry]) -> None:
        """The devices as they are configured now."""
        configured = list(entries)
        self._device_of = {
            PointId(int(entry.point_ids[entry.place_of[key]])): entry.device.id
            for entry in configured
            for key in entry.device.thresholds
            if key in entry.place_of
        } | {point: device for point, device in self._device_of.items() if self._roster.get(device)}
        self._criticals.forget_others({entry.device.id for entry in configured})
        self._hand_over()

    def go_on_from(
        self, devices: Set[DeviceId], levels: Mapping[PointId, int], told_ms: Mapping[DeviceId, int]
    ) -> None:
        """Another process has judged these devices until now: what their points were, and when each was told."""
        self._criticals.go_on_from(devices, told_ms)
        points = [point for point, device in self._device_of.items() if device in devices]
        self._restored |= {point: levels.get(point, 0) for point in points}
        self._hand_over()

    def let_go(self, devices: Set[DeviceId]) -> None:
        """Another process tells of these devices from now on."""
        self._criticals.go_on_from(devices, {})

    def _hand_over(self) -> None:
        """Those that were critical are not told again."""
        known = {point: level for point, level in self._restored.items() if point in self._device_of}
        for point, level in known.items():
            del self._restored[point]
            if abs(level) == _CRITICAL:
                self._criticals.remember(self._device_of[point], point)
        if known and self._engine is not None:
            self._engine.restore(known)

    def note(self, changes: LevelChanges) -> None:
        """Some points are something else by their thresholds."""
        columns = (changes.point_id, changes.before, changes.now, changes.value)
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        rows = [row for row in rows if self._is_kept_here(PointId(row[0]))]
        self._levels.keep({PointId(point): now for point, _, now, _ in rows})
        for point, before, now, value in rows:
            device = self._device_of.get(PointId(point))
            if device is None:
                continue
            if abs(now) == _CRITICAL:
                self._criticals.rose(Excess(device, PointId(point), value, now > 0))
            elif abs(before) == _CRITICAL:
                self._criticals.fell(device, PointId(point))
        self._tell()

    def _is_kept_here(self, point: PointId) -> bool:
        """Of a point that nobody has any more, too: that it is normal is to be kept."""
        device = self._device_of.get(point)
        return device is None or self._is_ours(device)

    async def look_again(self) -> None:
        """Tell, as long as this runs, of what could not be told at once."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            self._tell()

    def _tell(self) -> None:
        for excess in self._criticals.due(self._clock.now_ms()):
            entry = self._roster.get(excess.device)
            if entry is not None and excess.point in entry.point_ids:
                self._board.tell(_notification(entry, excess, self._clock.now_ms()))


def _notification(entry: RosterEntry, excess: Excess, now_ms: int) -> NewNotification:
    device, point = entry.device, entry.points[entry.point_ids.tolist().index(excess.point)]
    thresholds, name = device.thresholds.get(point.key), point.name.get("en", point.key)
    bound = None
    if thresholds is not None:
        bound = thresholds.critical_upper if excess.is_above else thresholds.critical_lower
    side, unit = "above" if excess.is_above else "below", f" {point.unit}" if point.unit else ""
    limit = "" if bound is None else f" of {bound:g}{unit}"
    return NewNotification(
        type=NotificationType.DEVICE_CRITICAL,
        severity=Severity.ERROR,
        title=f"{device.name} is critical: {name}",
        message=f"{name} of {device.name} is {excess.value:g}{unit}, {side} its critical limit{limit}.",
        created_ms=now_ms,
        device_id=device.id,
        metadata={
            "device_name": device.name,
            "key": point.key,
            "point_name": name,
            **{f"point_name_{language}": text for language, text in point.name.items() if language != "en"},
            "value": excess.value,
            "unit": point.unit,
            "bound": bound,
            "side": side,
        },
    )
