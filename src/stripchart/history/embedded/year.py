"""The file of one UTC year: a SQLite database of segments and bundles. One thread writes it, a few read."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import structlog

from stripchart.history.embedded.bundle import Directory
from stripchart.history.embedded.files import keep_name, told_as_history
from stripchart.history.embedded.format import YEAR_FORMAT, YEAR_ID, make_or_upgrade, refuse_newer
from stripchart.history.embedded.known_times import KnownTimes
from stripchart.history.embedded.state import UNTOUCHED, State
from stripchart.history.statements import load_statements
from stripchart.model.sample import Times

log = structlog.get_logger()

_READER_CACHE_KB = 2048
"""Of each connection of each year: enough for the tree of the file. Samples are in the cache of the system anyway."""
_PAGES_AT_ONCE = 4096
_PAGES_OF_A_STEP = 64

SQL = load_statements("stripchart.history.embedded", "segments.sql")


class YearFile:
    """An open year file. `directory` and `state` are replaced when a change is published, never changed.

    `span` is from its first to past its last millisecond; `small_samples` counts by point what was written into
    small segments, also before the file was opened once `small_is_known`; `broken_bundles` are those found broken,
    which stay as they are.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or create it. Raises HistoryUnreadableError when it is broken, foreign or newer."""
        self.path = path
        self.span = year_span(int(path.stem))
        self.small_samples: dict[int, int] = {}
        self.small_is_known = False
        self.quarantined: set[str] = set()
        self.known_times = KnownTimes()
        with told_as_history(path):
            self.writer = _connect_writer(path)
            try:
                rows = self.writer.execute(SQL["bundle_directory"]).fetchall()
                self.directory, self.broken_bundles = Directory.read(rows)
                self.state, is_sound = read_state(self.writer)
                if not is_sound:
                    self._tell("its state is broken, and was counted anew")
                for number in sorted(self.broken_bundles):
                    self._tell(f"bundle {number}: its head is broken")
                self.next_body, self.next_times, self.next_bundle = (
                    highest + 1 for highest in self.writer.execute(SQL["highest_ids"]).fetchone()
                )
                self._idle_readers, self._is_closed = [_connect_reader(path)], False
                self._readers = 1
            except BaseException:
                self.writer.close()
                raise

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that whoever holds it commits; taken back when an error leaves the context, or at its end."""
        with told_as_history(self.path):
            self.writer.execute("BEGIN IMMEDIATE")
            try:
                self.writer.execute(SQL["new_stamp"])
                yield self.writer
            finally:
                if self.writer.in_transaction:
                    self.writer.execute("ROLLBACK")

    @contextmanager
    def synced_later(self) -> Iterator[None]:
        """What is committed meanwhile may be taken back by a power cut, as a whole, until the next checkpoint."""
        self.writer.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self.writer.execute("PRAGMA synchronous = FULL")

    def pin(self) -> sqlite3.Connection:
        """A reader that sees the file as it is now until `unpin`. Whoever calls holds the lock of the store."""
        with told_as_history(self.path):
            reader = self._idle_readers.pop() if self._idle_readers else self._new_reader()
            try:
                reader.execute("BEGIN DEFERRED")
                reader.execute(SQL["state"]).fetchone()
            except BaseException:
                reader.close()
                self._readers -= 1
                raise
            return reader

    def unpin(self, reader: sqlite3.Connection) -> None:
        """Keep the reader for the next one who asks, so there are as many as ever read at a time.

        It is closed when the file was closed meanwhile.
        """
        if reader.in_transaction:
            reader.execute("ROLLBACK")
        self._idle_readers.append(reader)
        if self._is_closed:
            self._close_readers()

    def checkpoint(self) -> None:
        """Bring what was committed from the write-ahead log into the file. Left for later while somebody reads."""
        with told_as_history(self.path):
            self.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def give_back_room(self) -> None:
        """Give free pages back to the file system, so many that it does not take long."""
        with told_as_history(self.path):
            # As a script, because `execute` would end after the first page.
            self.writer.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")

    def give_back_some_room(self) -> None:
        """Give back what a small change has freed."""
        with told_as_history(self.path):
            self.writer.executescript(f"PRAGMA incremental_vacuum({_PAGES_OF_A_STEP})")

    @property
    def is_pinned(self) -> bool:
        """Whether somebody reads. Whoever calls holds the lock of the store, so that nobody begins to."""
        return self._readers > len(self._idle_readers)

    @property
    def connections(self) -> int:
        """How many are open: the writer's, and those of as many as ever read at a time."""
        return 1 + self._readers

    def close(self) -> None:
        self._is_closed = True
        self._close_readers()
        self.writer.close()

    def _tell(self, reason: str) -> None:
        self.quarantined.add(reason)
        log.error("history.quarantined", file=str(self.path), reason=reason)

    def _new_reader(self) -> sqlite3.Connection:
        reader = _connect_reader(self.path)
        self._readers += 1
        return reader

    def _close_readers(self) -> None:
        while self._idle_readers:
            self._idle_readers.pop().close()


def year_path(folder: Path, year: int) -> Path:
    return folder / f"{year:04d}.db"


def years_in(folder: Path) -> list[int]:
    """The years of which the folder has a file, oldest first."""
    names = (path.stem for path in folder.glob("*.db"))
    return sorted(int(name) for name in names if name.lstrip("-").isdigit())


def years_of(at_ms: Times) -> Times:
    """The UTC year of each time."""
    return at_ms.astype("datetime64[ms]").astype("datetime64[Y]").astype(np.int64) + 1970


def year_span(year: int) -> tuple[int, int]:
    """Where a UTC year starts and ends, in milliseconds."""
    start, end = (
        np.datetime64(each - 1970, "Y").astype("datetime64[ms]").astype(np.int64) for each in (year, year + 1)
    )
    return int(start), int(end)


def read_state(db: sqlite3.Connection) -> tuple[State, bool]:
    """The state of a file, and whether its row is as it was written; if not, the state is counted anew.

    What is sealed is then not known, so the whole journal is read once more, which adds nothing twice.
    """
    row, (crc,) = db.execute(SQL["state"]).fetchone(), db.execute(SQL["state_crc"]).fetchone()
    state = State(*row)
    if crc == state.check or (crc is None and state == UNTOUCHED):
        return state, True
    return State(0, *db.execute(SQL["counted"]).fetchone()), False


def _connect_writer(path: Path) -> sqlite3.Connection:
    refuse_newer(path, YEAR_ID, YEAR_FORMAT)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        make_or_upgrade(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA busy_timeout = 50")
        keep_name(path.parent)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_reader(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KB}")
    return connection
