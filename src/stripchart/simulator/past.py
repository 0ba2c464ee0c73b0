"""The past of a simulated plant: what a recorder that looks each minute would have of its days. Pure; no sockets.

Days are computed by themselves, the newest first. What counts must end where the day after it begins, so a day is
lived twice: once to see how much it counts, and once from the right beginning.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from stripchart.model.encode import Value
from stripchart.model.point import DataType, Point, RecordMode
from stripchart.model.profile import Profile
from stripchart.model.quality import Quality
from stripchart.model.sample import Qualities, Times, Values
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.calendar import DAY_BEGINS_H, DAY_S, Calendar
from stripchart.simulator.day import STEP_S, PlantDay, Tallies
from stripchart.simulator.plant import Plant
from stripchart.simulator.seen import seen

STEP_MS = round(STEP_S * 1000)
_STEPS = round(DAY_S / STEP_S)
_JOINED_OVER = 30
_CLOCK = "clock_"
_SILENT_FROM_H, _SILENT_UNTIL_H, _SILENT_MIN = 9.0, 17.0, (40, 80)
_NEXT_SILENT = 5
"""A step through the devices that comes to all of them: it shares no factor with most numbers of devices."""

Pause = Callable[[], None]
"""Called after each step of plant time; it may raise to end the work."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a time zone, which begin at `DAY_BEGINS_H` and are known by their number."""

    utc_offset_s: float = 0.0

    def of(self, at_ms: int) -> int:
        """The number of the day of this time."""
        return Calendar(at_ms, utc_offset_s=self.utc_offset_s).number

    def begin_ms(self, number: int) -> int:
        return round((number * DAY_S + DAY_BEGINS_H * 3600 - self.utc_offset_s) * 1000)


@dataclass(frozen=True, slots=True)
class DeviceColumns:
    """What is kept of one device: for each kept sample its key, UTC milliseconds, value and quality.

    `key` are places in `keys`. Ordered by time.
    """

    device: str
    keys: tuple[str, ...]
    key: npt.NDArray[np.intp]
    at_ms: Times
    value: Values
    quality: Qualities


class PlantPast:
    """What was in a plant, day by day; `age_days` as in `Calendar`."""

    def __init__(self, plant: Plant, library: ProfileLibrary, days: Days, age_days: float) -> None:
        self._plant, self._library = plant, library
        self._days, self._age_days = days, age_days

    def begun(self, number: int, tallies: Tallies | None = None) -> PlantDay:
        """The day at its beginning. `tallies`: what was counted by then; None: what the plant's age says."""
        calendar = Calendar.at_dawn(number, age_days=self._age_days)
        return PlantDay(self._plant, self._library, calendar, tallies)

    def lived(self, until_ms: int) -> PlantDay:
        """The day of this time, as it is then: from here a live plant can go on."""
        number = self._days.of(until_ms)
        day, seconds = self.begun(number), (until_ms - self._days.begin_ms(number)) / 1000
        for _ in range(math.floor(seconds / STEP_S)):
            day.pass_time(STEP_S)
        day.pass_time(seconds % STEP_S)
        return day

    def tallies_before(self, number: int, after: Tallies, pause: Pause) -> Tallies:
        """What was counted when the day began, if `after` is what is counted when it ends."""
        day = self.begun(number)
        first = day.tallies
        for _ in range(_STEPS):
            day.count(STEP_S)
            pause()
        last = day.tallies
        return {
            name: [end - (then - now) for end, then, now in zip(after[name], last[name], first[name], strict=True)]
            for name in first
        }

    def columns(self, number: int, tallies: Tallies, until_ms: int, pause: Pause) -> list[DeviceColumns]:
        """What is kept of the day up to `until_ms`, in which it may end before it is over."""
        begin_ms = self._days.begin_ms(number)
        steps = min(_STEPS, (until_ms - 1 - begin_ms) // STEP_MS + 1)
        day = self.begun(number, tallies)
        sheets = {
            device.name: _Sheet(self._library.get(device.profile), day.lives[device.name].advance(STEP_S), steps + 1)
            for device in self._plant.devices
        }
        day = self.begun(number, tallies)
        for step in range(steps + 1):
            for name, moved in day.advance(STEP_S if step else 0).items():
                sheets[name].note(step, moved)
            pause()
        if steps == _STEPS:
            self._join(sheets, number, day.tallies)
        at_ms = begin_ms + STEP_MS * np.arange(steps, dtype=np.int64)
        silent = _silent(number, [device.name for device in self._plant.devices])
        return [sheet.columns(name, at_ms, silent.get(name, slice(0))) for name, sheet in sheets.items()]

    def _join(self, sheets: dict[str, "_Sheet"], number: int, tallies: Tallies) -> None:
        """Lead the end of the day to where the day after it begins."""
        following = self.begun(number + 1, tallies).advance(0)
        for name, sheet in sheets.items():
            sheet.lead_to(following[name])


class _Sheet:
    """True values of one device: a row for each minute, and one for when the day after begins."""

    def __init__(self, profile: Profile, moved: Mapping[str, Value], rows: int) -> None:
        self._points = _drawn(profile, moved)
        self._now: dict[str, Value] = {point.key: 0.0 for point in self._points}
        self._pick = itemgetter(*self._now, next(iter(self._now)))
        self._truth = np.empty((rows, len(self._points) + 1))

    def note(self, row: int, moved: Mapping[str, Value]) -> None:
        self._now.update(moved)
        self._truth[row] = self._pick(self._now)

    def lead_to(self, following: Mapping[str, Value]) -> None:
        last = self._truth[-1].copy()
        self.note(-1, following)
        by = self._truth[-1] - last
        by[np.array([_is_state(point) for point in [*self._points, self._points[0]]])] = 0.0
        rows = min(_JOINED_OVER, len(self._truth) - 1)
        part = np.arange(1, rows + 1) / (rows + 1)
        self._truth[-1 - rows : -1] += np.where(np.isfinite(by), by, 0.0) * part[:, None]

    def columns(self, device: str, at_ms: Times, silent: slice) -> DeviceColumns:
        value = np.stack([self._seen(place) for place in range(len(self._points))], axis=1)
        quality = np.where(np.isnan(value), np.uint8(Quality.BAD_NO_DATA), np.uint8(Quality.GOOD))
        value[silent], quality[silent] = np.nan, Quality.BAD_COMM
        row, key = np.nonzero(self._kept(value, quality, at_ms))
        keys = tuple(point.key for point in self._points)
        return DeviceColumns(device, keys, key, at_ms[row], value[row, key], quality[row, key])

    def _seen(self, place: int) -> Values:
        point = self._points[place]
        source = point.scale_factor or (point.scale_when.point if point.scale_when else None)
        other = self._now.get(source) if source else None
        return seen(point, self._truth[:-1, place], other=other if isinstance(other, float) else None)

    def _kept(self, value: Values, quality: Qualities, at_ms: Times) -> npt.NDArray[np.bool_]:
        """Every minute, or on change and at each heartbeat, as the point's record rule has it."""
        turned = np.ones(value.shape, np.bool_)
        moved = (value[1:] != value[:-1]) & ~(np.isnan(value[1:]) & np.isnan(value[:-1]))
        turned[1:] = moved | (quality[1:] != quality[:-1])
        on_change = np.array([point.record.mode is RecordMode.ON_CHANGE for point in self._points])
        beat_ms = np.array([max(point.record.heartbeat_s, STEP_S) * 1000 for point in self._points])
        beats = at_ms[:, None] // beat_ms != (at_ms[:, None] - STEP_MS) // beat_ms
        kept: npt.NDArray[np.bool_] = ~on_change | turned | beats
        return kept


def _drawn(profile: Profile, moved: Mapping[str, Value]) -> tuple[Point, ...]:
    """The points worth drawing: those that move, and the alarms. No texts, clocks and scale factors."""
    factors = {point.scale_factor for point in profile.points}
    return tuple(
        point
        for point in profile.points
        if (point.key in moved or point.alarm is not None)
        and not (point.type is DataType.STRING or point.key in factors or point.key.startswith(_CLOCK))
    )


def _is_state(point: Point) -> bool:
    return point.type.is_state or point.table.is_bits or bool(point.labels)


def _silent(number: int, names: Iterable[str]) -> dict[str, slice]:
    """Which device is out of reach on that day, and in which minutes."""
    devices = list(names)
    random = np.random.default_rng(number)
    first = round((float(random.uniform(_SILENT_FROM_H, _SILENT_UNTIL_H)) - DAY_BEGINS_H) * 60)
    return {devices[number * _NEXT_SILENT % len(devices)]: slice(first, first + int(random.integers(*_SILENT_MIN)))}
