"""The folder that backups are made into: used by one at a time, and what it says when it cannot be written."""

import errno
import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stripchart.history.base import HistoryUnavailableError
from stripchart.model.cause import Cause, CauseCode

_CODES = {
    errno.ENOSPC: CauseCode.BACKUP_FOLDER_FULL,
    errno.EDQUOT: CauseCode.BACKUP_FOLDER_FULL,
    errno.EFBIG: CauseCode.BACKUP_FOLDER_FULL,
    errno.EACCES: CauseCode.BACKUP_NOT_PERMITTED,
    errno.EPERM: CauseCode.BACKUP_NOT_PERMITTED,
    errno.EROFS: CauseCode.BACKUP_NOT_PERMITTED,
}


@contextmanager
def told_as_target(target: Path) -> Iterator[None]:
    """Turn what is said about the folder into a HistoryUnavailableError."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        said = str(error.strerror if isinstance(error, OSError) else error)
        message = f"{target}: the backup cannot be written ({said}); backups made before it are as they were"
        facts = {"folder": str(target), "said": said}
        raise HistoryUnavailableError(message, cause=Cause(_code_of(error), facts)) from error


@contextmanager
def alone_in(target: Path) -> Iterator[None]:
    """While this is open, no other backup is made into the folder; it is created. Raises HistoryUnavailableError."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / "backup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            cause = Cause(CauseCode.BACKUP_UNDER_WAY, {"folder": str(target)})
            message = f"{target}: another backup is being made here; wait for it"
            raise HistoryUnavailableError(message, cause=cause) from error
        yield


def _code_of(error: OSError | sqlite3.Error) -> CauseCode:
    if isinstance(error, OSError):
        return _CODES.get(error.errno or 0, CauseCode.BACKUP_NOT_WRITTEN)
    is_full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    return CauseCode.BACKUP_FOLDER_FULL if is_full else CauseCode.BACKUP_NOT_WRITTEN
