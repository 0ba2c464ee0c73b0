"""One process per data directory: a lock the system releases when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

from stripchart.history.base import HistoryUnavailableError


def lock_folder(folder: Path) -> IO[str]:
    """Take the folder for this process; closing the returned file gives it back.

    Raises HistoryUnavailableError naming the process that has the folder, or why the folder cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "history.lock").open("a+", encoding="ascii")
    except OSError as error:
        raise HistoryUnavailableError(f"{folder}: cannot keep history here: {error.strerror}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        with file:
            raise HistoryUnavailableError(_in_use(folder, file)) from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _in_use(folder: Path, file: IO[str]) -> str:
    file.seek(0)
    holder = file.read().strip()
    who = f"process {holder}" if holder.isdigit() else "another process"
    return f"{folder}: the history is in use by {who}; stop it first, or choose another data directory"
