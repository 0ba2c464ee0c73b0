"""What the operating system and SQLite say about the files, in the words of the historian."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stripchart.history.base import HistoryError, HistoryFullError, HistoryUnavailableError, HistoryUnreadableError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

# Primary result codes, https://www.sqlite.org/rescode.html
_BROKEN = {
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_TOOBIG,
}
_GARBLED = ("Could not decode to UTF-8", "no such column", "no such table", "malformed", "unsupported file format")
"""What is said, without a code that tells, of a number that has become a text and of names that have changed."""
_OUT_OF_REACH = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


@contextmanager
def told_as_history(path: Path) -> Iterator[None]:
    """Turn what is said about the file into a HistoryError; anything else is a bug and keeps rising."""
    try:
        yield
    except sqlite3.Error as error:
        raised = _of_sqlite(path, error)
        if raised is None:
            raise
        raise raised from error
    except UnicodeDecodeError as error:  # a message of SQLite that names what is in the file
        raise broken(path, "its names are no text") from error
    except OSError as error:
        raise _of_system(path, error) from error


def full(path: Path, reason: str) -> HistoryFullError:
    """The one message for want of room."""
    return HistoryFullError(f"{path}: no room for more samples ({reason}); free disk space, recording then goes on")


def broken(path: Path, reason: str) -> HistoryUnreadableError:
    """The one message for a file that cannot be used."""
    return HistoryUnreadableError(
        f"{path}: the history file is broken ({reason}); it was left as it is: put back a backup, "
        "or move it away to begin a new history"
    )


def keep_name(folder: Path) -> None:
    """A new file survives a power cut only when the directory that names it was synced too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def bytes_in(folder: Path) -> int:
    """The size of all files in the folder and below; a file that goes away meanwhile counts nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(parent, name)).st_size
            except FileNotFoundError:
                continue
    return total


def _of_system(path: Path, error: OSError) -> HistoryError:
    if error.errno in _FULL:
        return full(path, str(error.strerror))
    return HistoryUnavailableError(
        f"{path}: the history cannot be reached ({error.strerror}); check the disk and its rights"
    )


def _of_sqlite(path: Path, error: sqlite3.Error) -> HistoryError | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return full(path, str(error))
    if code in _BROKEN or str(error).startswith(_GARBLED):
        return broken(path, str(error))
    if code in _OUT_OF_REACH:
        return HistoryUnavailableError(
            f"{path}: the history cannot be reached ({error}); check the disk and its rights"
        )
    return None
