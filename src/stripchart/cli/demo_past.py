"""The past of the demo's plant: simulated as its present is, and written once into the history of its folder."""

import asyncio
import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from stripchart.catalog.roster import RosterEntry
from stripchart.cli.failure import CommandError
from stripchart.history.base import Historian, HistoryError
from stripchart.model.sample import SampleBatch
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.day import Tallies
from stripchart.simulator.past import Days, DeviceColumns, PlantPast
from stripchart.simulator.plant import DEMO_PLANT, Plant

_NAME = "demo-past.json"
_DAY_MS = 86_400_000
_UNKNOWN = -1
_TELLINGS = 4
"""So many times it is said how far the past is written."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the past is written, as kept in the data folder.

    `begun_ms`: the past lies before it, what was recorded behind it. `written_from_ms`: from here to there it is
    written. `tallies`: what the plant had counted at `written_from_ms`; none: nothing is written yet.
    """

    begun_ms: int
    written_from_ms: int
    tallies: Tallies

    @classmethod
    def of(cls, folder: Path) -> "Progress | None":
        """None when the folder has none. Raises CommandError when its file cannot be understood."""
        file = folder / _NAME
        try:
            return cls(**json.loads(file.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise CommandError(f"{file} cannot be read: {error}; delete the folder to start afresh") from error

    def save(self, folder: Path) -> None:
        """Replace what was kept, as a whole or not at all."""
        new = folder / f"{_NAME}.new"
        new.write_text(json.dumps(asdict(self)))
        os.replace(new, folder / _NAME)


class _StoppedError(Exception):
    """The demo ends; nobody waits for the past any more."""


class DemoPast:
    """The past of a folder. `day`: today in the plant, up to now, where the live plant goes on; None: no past."""

    def __init__(self, folder: Path, days: int, *, is_new: bool, now_ms: int, plant: Plant = DEMO_PLANT) -> None:
        """`days`: how long it is to be. `is_new`: nothing was recorded in the folder before. Raises CommandError."""
        self._folder, self._wanted = folder, days
        self._progress = Progress(now_ms, now_ms, {}) if is_new else Progress.of(folder)
        if is_new and self._progress:
            self._progress.save(folder)
        self.library = ProfileLibrary.shipped()
        self._days = Days(_utc_offset_s(now_ms))
        self._past = PlantPast(plant, self.library, self._days, age_days=days + 1)
        self._stop = threading.Event()
        self.day = self._past.lived(now_ms) if days else None

    async def write(self, historian: Historian, entries: Sequence[RosterEntry], tell: Tell) -> None:
        """Write what is missing of the past, the newest day first. What fails ends the past, not the demo.

        `entries`: the devices as they are in the catalog; of others nothing is written.
        """
        if self._progress is None:
            return
        from_ms = self._progress.begun_ms - self._wanted * _DAY_MS
        if self._progress.written_from_ms <= from_ms:
            return
        try:
            await self._write_from(from_ms, self._progress, _Writing(historian, entries, tell))
        except (HistoryError, OSError) as error:
            tell(f"the simulated past ends here: {error}")
        finally:
            self._stop.set()

    async def _write_from(self, from_ms: int, progress: Progress, writing: "_Writing") -> None:
        began_s, told = time.monotonic(), 0
        while progress.written_from_ms > from_ms:
            number = self._days.of(progress.written_from_ms - 1)
            tallies, columns = await asyncio.to_thread(self._computed, number, progress)
            await writing.append(columns, from_ms)
            progress = replace(progress, written_from_ms=max(self._days.begin_ms(number), from_ms), tallies=tallies)
            progress.save(self._folder)
            part = (progress.begun_ms - progress.written_from_ms) / (progress.begun_ms - from_ms)
            if int(part * _TELLINGS) > told:
                told = int(part * _TELLINGS)
                writing.tell(f"last {_days(self._wanted)} of the simulated plant: {part:.0%}")
        writing.tell(f"{writing.samples:,} samples of a simulated past written in {time.monotonic() - began_s:.0f} s")

    def _computed(self, number: int, progress: Progress) -> tuple[Tallies, list[DeviceColumns]]:
        """What had been counted when the day began, and what is kept of it. Runs in a thread."""
        if progress.tallies:
            tallies = self._past.tallies_before(number, progress.tallies, self._pause)
        else:
            tallies = self._past.begun(number).tallies
        return tallies, self._past.columns(number, tallies, progress.written_from_ms, self._pause)

    def _pause(self) -> None:
        """Let the loop's thread go first; end when the demo does."""
        if self._stop.is_set():
            raise _StoppedError
        time.sleep(0)


class _Writing:
    """Where the past goes, and how much of it went there."""

    def __init__(self, historian: Historian, entries: Sequence[RosterEntry], tell: Tell) -> None:
        self.tell, self.samples = tell, 0
        self._historian = historian
        self._entries = {entry.device.name: entry for entry in entries}

    async def append(self, columns: Sequence[DeviceColumns], from_ms: int) -> None:
        """Keep what is not older than `from_ms`."""
        for device in columns:
            if entry := self._entries.get(device.device):
                batch = _batch(device, entry, from_ms)
                await self._historian.append(batch)
                self.samples += len(batch)


def _batch(device: DeviceColumns, entry: RosterEntry, from_ms: int) -> SampleBatch:
    ids = [entry.point_ids[entry.place_of[key]] if key in entry.place_of else _UNKNOWN for key in device.keys]
    point_id = np.array(ids, np.int32)[device.key]
    keep = (point_id != _UNKNOWN) & (device.at_ms >= from_ms)
    return SampleBatch(point_id, device.at_ms, device.value, device.quality).where(keep)


def _utc_offset_s(at_ms: int) -> float:
    offset = datetime.fromtimestamp(at_ms / 1000).astimezone().utcoffset()
    return offset.total_seconds() if offset else 0.0


def _days(count: int) -> str:
    return "day" if count == 1 else f"{count} days"
