"""The spool: batches on the disk, in the order they came, until they are forwarded. One thread at a time uses it."""

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from stripchart.history.base import HistoryFullError
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.journal import Journal
from stripchart.history.embedded.record import Record, all_records, write_record
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.spool.waiting_samples import WaitingSamples
from stripchart.model.sample import PointId, SampleBatch

log = structlog.get_logger()

_FILE_BYTES = 8 * 2**20
_FILE_S = 600.0
_FILES_AT_LEAST = 16
"""So many files fit into the bound, so that little goes at a time."""


@dataclass(slots=True)
class _File:
    number: int
    first_ms: int
    last_ms: int
    bytes: int = 0
    samples: int = 0
    last_sequence: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Batches from the front as one, and the number of the last of them."""

    batch: SampleBatch
    sequence: int


@dataclass(slots=True)
class _Front:
    """The records of the oldest file that are not forwarded yet."""

    number: int = -1
    records: deque[Record] = field(default_factory=deque)


class Spool:
    """A queue in files. A batch that was put is there after `kill -9` and a power cut, until it is done with.

    What was taken and not done with is taken again after a restart: whoever takes it must bear it twice. `waiting`
    tells it to others.
    """

    def __init__(self, folder: Path, options: SpoolOptions) -> None:
        """Open the folder, or make it. Raises HistoryError."""
        self._folder, self._options = folder, options
        with told_as_history(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._journal = Journal(folder / "waiting")
        self._position = _read_position(folder / "position")
        self._files: deque[_File] = deque()
        self._front = _Front()
        self._sequence = self._position
        self._writing = False
        self.samples = self.bytes = self.dropped = 0
        self.waiting = WaitingSamples()
        for number, record in self._journal.replay():
            self._note(number, record)
            self._sequence = max(self._position, record.sequence)
        self._drop_forwarded()

    @property
    def since_ms(self) -> int | None:
        """When the oldest batch came, to ten minutes."""
        oldest = next(iter(self._files), None)
        return None if oldest is None else oldest.first_ms

    @property
    def is_empty(self) -> bool:
        return self._sequence == self._position

    def put(self, batch: SampleBatch) -> None:
        """Add behind all others; it is on the disk when this returns.

        Raises HistoryFullError and HistoryUnavailableError: nothing was added.
        """
        now_ms = _now_ms()
        content = write_record(self._sequence + 1, batch)
        self._make_room(len(content), now_ms)
        file = self._file_for(len(content), now_ms)
        self._journal.append(content)
        self._sequence += 1
        self._count(file, len(batch), len(content))
        self.waiting.add(self._sequence, batch)
        file.last_ms, file.last_sequence = now_ms, self._sequence

    def take(self, most: int) -> Taken | None:
        """The oldest batches, about `most` samples of them; they stay. None when there is nothing."""
        while not self._front.records and not self.is_empty:
            self._fill_front()
        taken: list[Record] = []
        texts: dict[PointId, str] = {}
        count = 0
        for record in self._front.records:
            fresh = record.batch.texts
            is_other = any(texts.get(point, text) != text for point, (_, text) in fresh.items())
            # One batch has room for one text of a point.
            if taken and (is_other or count + len(record.batch) > most):
                break
            texts.update((point, text) for point, (_, text) in fresh.items())
            taken.append(record)
            count += len(record.batch)
        return Taken(SampleBatch.joined([record.batch for record in taken]), taken[-1].sequence) if taken else None

    def done(self, sequence: int) -> None:
        """What was taken, up to this number, is forwarded."""
        self._position = max(self._position, sequence)
        records = self._front.records
        gone = 0
        while records and records[0].sequence <= sequence:
            gone += len(records.popleft().batch)
        if self._files:
            self._count(self._files[0], -gone, 0)
        _write_position(self._folder / "position", self._position)
        self.waiting.drop_up_to(self._position)
        self._drop_forwarded()

    def close(self) -> None:
        self._journal.close()

    def _note(self, number: int, record: Record) -> None:
        """A record found at the start."""
        if not self._files or self._files[-1].number != number:
            with told_as_history(self._folder):
                at_ms = int(1000 * (self._folder / "waiting" / f"{number:08d}.log").stat().st_mtime)
            self._files.append(_File(number, at_ms, at_ms))
        file = self._files[-1]
        is_waiting = record.sequence > self._position
        self._count(file, len(record.batch) if is_waiting else 0, record.end - record.start)
        if is_waiting:
            self.waiting.add(record.sequence, record.batch)
        file.last_sequence = record.sequence

    def _count(self, file: _File, samples: int, size: int) -> None:
        file.samples += samples
        file.bytes += size
        self.samples += samples
        self.bytes += size

    def _file_for(self, length: int, now_ms: int) -> _File:
        """The file that takes the next record."""
        newest = self._files[-1] if self._files and self._writing else None
        bound = min(_FILE_BYTES, self._options.max_bytes // _FILES_AT_LEAST)
        is_old = newest is not None and now_ms - newest.first_ms > 1000 * _FILE_S
        if newest is None or is_old or newest.bytes + length > bound:
            self._journal.begin_file()
            self._writing = True
            self._files.append(_File(self._journal.number, now_ms, now_ms))
        return self._files[-1]

    def _make_room(self, length: int, now_ms: int) -> None:
        """Let the oldest go while a bound is passed. Raises HistoryFullError for a batch larger than all room."""
        if length > self._options.max_bytes:
            raise HistoryFullError(f"{self._folder}: a batch of {length} bytes is more than may wait here")
        oldest_ms = now_ms - int(3_600_000 * self._options.hours)
        while self._files and (self.bytes + length > self._options.max_bytes or self._files[0].last_ms < oldest_ms):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        file = self._files.popleft()
        self.dropped += file.samples
        log.error("spool.dropped", samples=file.samples, waiting=self.samples, bytes=file.bytes)
        self._position = max(self._position, file.last_sequence)
        _write_position(self._folder / "position", self._position)
        self.waiting.drop_up_to(self._position)
        self._let_go(file)

    def _drop_forwarded(self) -> None:
        while self._files and self._files[0].last_sequence <= self._position:
            self._let_go(self._files.popleft())

    def _let_go(self, file: _File) -> None:
        self._count(file, -file.samples, -file.bytes)
        if self._writing and file.number == self._journal.number:
            self._journal.close()
            self._writing = False
        self._journal.drop_up_to(file.number)
        if self._front.number == file.number:
            self._front = _Front()

    def _fill_front(self) -> None:
        """The records of the oldest file that wait. A file in which none can be found is let go, and counted."""
        number = self._files[0].number
        path = self._folder / "waiting" / f"{number:08d}.log"
        with told_as_history(path):
            content = path.read_bytes()
        waiting = (record for record in all_records(content) if record.sequence > self._position)
        self._front = _Front(number, deque(waiting))
        if not self._front.records:
            self._drop_oldest()


def _read_position(path: Path) -> int:
    """The last number that was done with. One that cannot be read is as good as none: all is forwarded again."""
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _write_position(path: Path, sequence: int) -> None:
    draft = path.with_suffix(".draft")
    with told_as_history(path):
        draft.write_text(f"{sequence}\n", encoding="ascii")
        draft.replace(path)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
