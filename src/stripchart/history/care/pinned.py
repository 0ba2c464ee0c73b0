"""All files of a history at one moment, while another process may go on writing them.

The journal is read first, the databases are pinned after that. A batch that leaves the journal meanwhile is in a year
file by then, so what was acknowledged before is found in one or the other.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from stripchart.history.base import HistoryUnavailableError, HistoryUnreadableError
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.format import TEXTS_FORMAT, TEXTS_ID, YEAR_FORMAT, YEAR_ID, refuse_newer
from stripchart.history.embedded.year import year_path, years_in

TEXTS = "texts.db"
_ATTEMPTS = 20
_PAUSE_S = 0.01
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class PinnedDatabase:
    """A SQLite file in a read transaction; `sealed_sequence` is 0 for one that is no year."""

    path: Path
    db: sqlite3.Connection
    sealed_sequence: int = 0


@dataclass(frozen=True, slots=True)
class JournalFile:
    path: Path
    content: bytes


@dataclass(frozen=True, slots=True)
class Pinned:
    """`journal` oldest file first, `years` oldest year first; `texts` is None when there is no such file."""

    folder: Path
    journal: list[JournalFile]
    years: list[PinnedDatabase]
    texts: PinnedDatabase | None


class _ChangedMeanwhileError(Exception):
    """A batch was sealed into some of the years that were pinned and not into others."""


Unreadable = list[HistoryUnreadableError]
"""What was left out, for those who look at whatever there is; without a list such a file is an error."""


@contextmanager
def pinned(folder: Path, unreadable: Unreadable | None = None) -> Iterator[Pinned]:
    """The history of a folder as it is now. Writes nothing but SQLite's own files for readers, and waits for nobody.

    Raises HistoryUnavailableError when there is no history, and HistoryUnreadableError when a file is none.
    """
    if not folder.is_dir():
        raise HistoryUnavailableError(f"{folder}: there is no history here; name the data folder with --data-dir")
    with ExitStack() as open_files:
        yield _pinned(folder, open_files, unreadable)


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing. On a disk that cannot be written, the file alone is read."""
    address = f"file:{quote(str(path.absolute()))}"
    # Not mode=ro where it can be helped: such a connection leaves its -wal and -shm behind.
    modes = ["mode=rw", "mode=ro"]
    if not path.with_name(f"{path.name}-wal").exists():
        modes.append("mode=ro&immutable=1")
    for mode in modes:
        db = sqlite3.connect(f"{address}?{mode}", uri=True, isolation_level=None, timeout=_PATIENCE_S)
        try:
            db.execute("PRAGMA query_only = ON")
            db.execute("PRAGMA schema_version").fetchone()
        except sqlite3.OperationalError:
            db.close()
            if mode == modes[-1]:
                raise
        else:
            return db
    raise AssertionError("the last mode opens the file or raises")


def pin(path: Path, open_files: ExitStack) -> PinnedDatabase:
    """The database as it is now, until the stack is left."""
    with told_as_history(path):
        if is_year(path):
            refuse_newer(path, YEAR_ID, YEAR_FORMAT)
        elif path.name == TEXTS:
            refuse_newer(path, TEXTS_ID, TEXTS_FORMAT)
        db = open_files.enter_context(closing(open_read_only(path)))
        db.execute("BEGIN")
        db.execute("PRAGMA schema_version").fetchone()
        return PinnedDatabase(path, db, _sealed_sequence(db) if is_year(path) else 0)


def is_year(path: Path) -> bool:
    """Whether a file is named like a year."""
    return path.suffix == ".db" and path.stem.lstrip("-").isdigit()


def _pinned(folder: Path, open_files: ExitStack, unreadable: Unreadable | None) -> Pinned:
    for number in range(_ATTEMPTS):
        left_out: Unreadable = []
        time.sleep(_PAUSE_S * number)
        with ExitStack() as attempt, suppress(_ChangedMeanwhileError):
            listed = years_in(folder)
            found = _attempt(folder, listed, attempt, left_out)
            if years_in(folder) != listed:
                raise _ChangedMeanwhileError
            _check_unchanged(found.years)
            found = _without_empty(found)
            open_files.push(attempt.pop_all())
            if left_out and unreadable is None:
                raise left_out[0]
            if unreadable is not None:
                unreadable += left_out
            return found
    raise HistoryUnavailableError(f"{folder}: its files change too fast to be read together; try again")


def _attempt(folder: Path, years: list[int], open_files: ExitStack, left_out: Unreadable) -> Pinned:
    journal, databases = _journal(folder / "journal"), []
    for path in (*(year_path(folder, year) for year in years), folder / TEXTS):
        if not path.exists():
            continue
        try:
            databases.append(pin(path, open_files))
        except HistoryUnreadableError as error:
            left_out.append(error)
    texts = next((each for each in databases if each.path.name == TEXTS), None)
    return Pinned(folder, journal, [each for each in databases if each is not texts], texts)


def _journal(folder: Path) -> list[JournalFile]:
    found = []
    for path in sorted(path for path in folder.glob("*.log") if path.stem.isdigit()):
        try:
            with told_as_history(path):
                found.append(JournalFile(path, path.read_bytes()))
        except HistoryUnavailableError:
            # Gone since it was listed: what was in it is in year files, which are pinned only now.
            if path.exists():
                raise
    return found


def _check_unchanged(years: list[PinnedDatabase]) -> None:
    """See that all years are still as they were pinned, so that there was a moment at which all were so at once."""
    for each in years if len(years) > 1 else ():
        with told_as_history(each.path), closing(open_read_only(each.path)) as db:
            if _sealed_sequence(db) != each.sealed_sequence:
                raise _ChangedMeanwhileError


def _without_empty(found: Pinned) -> Pinned:
    """Leave out files that are being made, or whose making a crash ended: nothing is in them yet."""
    years = [each for each in found.years if not _is_empty(each.db)]
    texts = None if found.texts is None or _is_empty(found.texts.db) else found.texts
    return replace(found, years=years, texts=texts)


def _is_empty(db: sqlite3.Connection) -> bool:
    is_nobodys = db.execute("PRAGMA application_id").fetchone()[0] == 0
    return is_nobodys and db.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _sealed_sequence(db: sqlite3.Connection) -> int:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
        return 0
    (found,) = db.execute("SELECT max(sealed_sequence) FROM state").fetchone()
    return found if isinstance(found, int) else 0
