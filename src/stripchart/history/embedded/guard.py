"""The disk guard: warns when the disk, or the bound the user gave, fills up, and by setting drops what is oldest."""

import json
import shutil
import time
from pathlib import Path

import structlog

from stripchart.history.embedded.expire import Expiring
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.store import Store
from stripchart.history.horizons import DAY_MS, EVER_MS
from stripchart.history.room import Growth, Room, RoomState, next_state

log = structlog.get_logger()

_FILE = "growth.json"
_SAMPLES_THAT_TELL = 1_000_000
"""With fewer samples the files are larger than what is in them."""
_BYTES_PER_SAMPLE = 1.0
_STEPS = 50
"""In so many steps a full disk would be emptied."""


class Guard:
    """Looks now and then. One thread calls `look`; `room` tells of the last look to all."""

    def __init__(self, store: Store, expiring: Expiring) -> None:
        self._store, self._expiring = store, expiring
        self._growth_file = store.folder / _FILE
        self._growth = Growth(_looks_in(self._growth_file))
        self._state = RoomState.OK
        self._at_its_end = False
        self._counted_from: int | None = None
        self._dropped_samples = 0
        self.room = self._look_around(self._now_ms())

    def look(self) -> None:
        """See how full it is. Raises HistoryError when the disk cannot be asked."""
        now_ms = self._now_ms()
        self._count_dropped()
        self.room = self._look_around(now_ms)
        if self._growth.note(now_ms, self._samples()):
            self._growth_file.write_text(json.dumps(self._growth.looks), encoding="ascii")
        must_go_on = self._store.options.drop_when_full and self._state is RoomState.FULL
        if must_go_on and self._expiring.is_done:
            self._drop_oldest(now_ms)

    def _look_around(self, now_ms: int) -> Room:
        store, samples = self._store, self._samples()
        store.measure()
        taken = store.year_bytes + store.journal.size
        with told_as_history(store.folder):
            disk = shutil.disk_usage(store.folder)
        free, used = disk.free, disk.used / max(1, disk.used + disk.free)
        bound = store.options.max_bytes
        if bound is not None:
            free, used = max(0, min(free, bound - taken)), max(used, taken / bound)
        self._note_state(next_state(self._state, used), used)
        per_day = self._growth.per_day(now_ms, samples)
        is_telling = samples >= _SAMPLES_THAT_TELL
        bytes_per_sample = store.year_bytes / samples if is_telling else _BYTES_PER_SAMPLE
        growth = None if per_day is None else per_day * bytes_per_sample
        return Room(
            state=self._state,
            bytes=taken,
            free_bytes=free,
            used=used,
            growth_bytes_per_day=growth,
            days_left=free / growth if growth is not None and growth > 0 else None,
            dropped_samples=self._dropped_samples,
            dropped_before_ms=None if store.expiry.floor_ms == EVER_MS else store.expiry.floor_ms,
        )

    def _note_state(self, state: RoomState, used: float) -> None:
        if state is self._state:
            return
        say = log.info if state is RoomState.OK else log.warning
        say("history.room", was=str(self._state), now=str(state), used_percent=round(100 * used, 1))
        self._state, self._at_its_end = state, False

    def _drop_oldest(self, now_ms: int) -> None:
        """Raise the floor by a day, or by more when there are many; never into the open day."""
        store = self._store
        with store.lock:
            first = [year.state.first_ms for year in store.years.values() if year.state.first_ms is not None]
            newest_ms = int(store.newest.at_ms.max(initial=EVER_MS))
        open_day_ms = min(now_ms, newest_ms) // DAY_MS * DAY_MS
        oldest_ms = max(min(first, default=open_day_ms), store.expiry.floor_ms) // DAY_MS * DAY_MS
        days = (open_day_ms - oldest_ms) // DAY_MS
        if days < 1:
            if not self._at_its_end:
                log.error("history.nothing_left_to_drop", used_percent=round(100 * self.room.used, 1))
            self._at_its_end = True
            return
        floor_ms = oldest_ms + max(1, days // _STEPS) * DAY_MS
        log.warning("history.dropping_for_room", before_ms=floor_ms, used_percent=round(100 * self.room.used, 1))
        self._counted_from = self._expiring.dropped_samples
        store.expiry.raise_floor(floor_ms)

    def _count_dropped(self) -> None:
        if self._counted_from is not None:
            dropped = self._expiring.dropped_samples
            self._dropped_samples += dropped - self._counted_from
            self._counted_from = None if self._expiring.is_done else dropped

    def _samples(self) -> int:
        store = self._store
        with store.lock:
            freezing = store.head.freezing.count if store.head.freezing is not None else 0
            return sum(year.state.samples for year in store.years.values()) + freezing + store.head.active.count

    @staticmethod
    def _now_ms() -> int:
        return time.time_ns() // 1_000_000


def _looks_in(path: Path) -> list[tuple[int, int]]:
    """What was seen before the start. A file that is missing or broken is as good as none."""
    try:
        return [(int(at_ms), int(samples)) for at_ms, samples in json.loads(path.read_bytes())]
    except (OSError, ValueError, TypeError):
        return []
