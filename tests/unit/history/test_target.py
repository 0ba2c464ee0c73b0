"""Why the folder for backups cannot be used is said by code: what to do differs."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from stripchart.history.base import HistoryUnavailableError
from stripchart.history.care.target import alone_in, told_as_target
from stripchart.model.cause import CauseCode


def full_database() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), CauseCode.BACKUP_FOLDER_FULL, "No space left on device"),
        (full_database(), CauseCode.BACKUP_FOLDER_FULL, "database or disk is full"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS)), CauseCode.BACKUP_NOT_PERMITTED, "Read-only file system"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), CauseCode.BACKUP_NOT_WRITTEN, "Input/output error"),
        (sqlite3.OperationalError("disk I/O error"), CauseCode.BACKUP_NOT_WRITTEN, "disk I/O error"),
    ],
)
def test_what_the_system_says_has_a_code_and_names_the_folder(error: Exception, code: CauseCode, said: str) -> None:
    with pytest.raises(HistoryUnavailableError, match=said) as raised, told_as_target(Path("/mnt/nas")):
        raise error
    assert raised.value.cause.code is code
    assert raised.value.cause.facts == {"folder": "/mnt/nas", "said": said}


def test_two_at_a_time_are_not_let_in(tmp_path: Path) -> None:
    target = tmp_path / "nas"
    with alone_in(target):
        with pytest.raises(HistoryUnavailableError, match="wait for it") as raised, alone_in(target):
            pass
        assert raised.value.cause.code is CauseCode.BACKUP_UNDER_WAY
    with alone_in(target):
        pass
