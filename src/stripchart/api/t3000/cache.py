"""The cache: what devices said last, how old that is, and how often it was fresh enough for whoever asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.point import DataType
from stripchart.model.quality import FIRST_BAD, Quality
from stripchart.model.recent import Recent
from stripchart.model.sample import PointId, Qualities, Times, Values
from stripchart.pipeline.latest import NEVER_MS, Latest

_MOST_DEVICES = 100_000
_HOUR_S = 3600.0

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Known:
    """What points of a device said last: columns, in the order they were asked for.

    `at_ms`: UTC milliseconds, NEVER_MS when that is nothing. `quality`: uncertain, stale, of a value that was true
    once while nobody knows what is true now. `is_fresh`: no older than three periods of polls. `is_hit`: and no older
    than the cache's duration. `lasts_ms`: for how long it may be taken from here. `texts`: of string points, and the
    digits of whole numbers that a float64 cannot hold, by place.
    """

    value: Values
    at_ms: Times
    age_ms: Times
    quality: Qualities
    is_fresh: Flags
    is_hit: Flags
    lasts_ms: Times
    texts: dict[int, str]


def known_of(
    latest: Latest, entry: RosterEntry, places: Sequence[int] | None, now_ms: int, duration_s: float
) -> Known:
    """Of the points at these places, or of all."""
    ids = entry.point_ids if places is None else entry.point_ids[places]
    now = latest.values(ids, now_ms)
    value, at_ms, quality = now.value, now.at_ms, now.quality
    lost = (quality == Quality.BAD_COMM) | (at_ms == NEVER_MS)
    was_good = lost & (now.good_at_ms != NEVER_MS)
    value[was_good], at_ms[was_good] = now.good_value[was_good], now.good_at_ms[was_good]
    texts = _texts(latest, entry, places, now_ms)
    for row, (text_at_ms, _, text_quality) in texts.items():
        at_ms[row], quality[row], lost[row] = text_at_ms, text_quality, text_quality != Quality.GOOD
    age_ms = np.abs(now_ms - at_ms)
    is_fresh = ~lost & (age_ms <= now.stale_after_ms)
    quality[~is_fresh & ((quality < FIRST_BAD) | was_good)] = Quality.UNCERTAIN_STALE
    lasts_ms = np.minimum(now.stale_after_ms, round(1000 * duration_s))
    words = {row: text for row, (_, text, _) in texts.items()} | _digits(latest, ids.tolist(), value)
    return Known(value, at_ms, age_ms, quality, is_fresh, is_fresh & (age_ms <= lasts_ms), lasts_ms, words)


def _texts(
    latest: Latest, entry: RosterEntry, places: Sequence[int] | None, now_ms: int
) -> dict[int, tuple[int, str, Quality]]:
    """Times, texts and qualities of string points, by row."""
    found = {}
    for row, place in enumerate(range(len(entry.points)) if places is None else places):
        if entry.points[place].type is DataType.STRING:
            said = latest.text(PointId(int(entry.point_ids[place])), now_ms)
            if said is not None:
                found[row] = (said.at_ms, said.text, said.quality)
    return found


def _digits(latest: Latest, ids: list[int], value: Values) -> dict[int, str]:
    told = (
        (row, latest.digits(PointId(ids[row]), float(value[row]))) for row in np.flatnonzero(abs(value) >= 2.0**53)
    )
    return {int(row): digits for row, digits in told if digits is not None}


class HitRates:
    """How many of the values that were asked for were fresh: since the start of each device, of late of all."""

    def __init__(self) -> None:
        self._of_device: dict[DeviceId, tuple[int, int]] = {}
        self._recent = Recent(_HOUR_S)

    def note(self, device: DeviceId, hits: int, asked: int, now_s: float) -> None:
        """So many values of the device were asked for."""
        if len(self._of_device) >= _MOST_DEVICES:
            self._of_device.clear()  # most of them gone
        hits_before, asked_before = self._of_device.get(device, (0, 0))
        self._of_device[device] = hits_before + hits, asked_before + asked
        self._recent.note(now_s, times=hits)
        if asked > hits:
            self._recent.note(now_s, times=asked - hits, failed=True)

    def with_(self, device: DeviceId, hits: int, asked: int) -> float:
        """0 to 1, these among them; 1 while nothing was asked for."""
        hits_before, asked_before = self._of_device.get(device, (0, 0))
        return (hits_before + hits) / (asked_before + asked) if asked_before + asked else 1.0

    def of_all(self, now_s: float) -> float:
        """Of the last hour; 1 while nothing was asked for."""
        return 1.0 - self._recent.told(now_s).failed_share
