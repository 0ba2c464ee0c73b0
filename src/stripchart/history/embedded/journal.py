"""The journal: every batch, on the disk before anybody is told that it is kept. One thread writes it."""

import os
from collections.abc import Iterator
from pathlib import Path

import structlog

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.embedded.files import full, keep_name, told_as_history
from stripchart.history.embedded.record import Record, all_records, is_newer

log = structlog.get_logger()


class Journal:
    """Numbered files that are only appended to, and deleted whole once the year files hold their samples."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with told_as_history(folder):
            if not folder.is_dir():
                folder.mkdir()
                keep_name(folder.parent)
            numbers = sorted(int(path.stem) for path in folder.glob("*.log") if path.stem.isdigit())
            self._sizes = {number: self._path(number).stat().st_size for number in numbers}
        self._file = -1

    @property
    def number(self) -> int:
        """The file that is written now, or was last."""
        return max(self._sizes, default=0)

    @property
    def size(self) -> int:
        return sum(list(self._sizes.values()))

    def replay(self) -> Iterator[tuple[int, Record]]:
        """Every whole record and the number of its file. A torn end is cut off; the records before it stay.

        Broken bytes between whole records are named and passed over.
        Raises HistoryUnreadableError when a file is of a newer release; it is left as it is.
        """
        for number in list(self._sizes):
            path, end = self._path(number), 0
            with told_as_history(path):
                content = path.read_bytes()
            for record in all_records(content):
                if record.start > end:
                    reason = f"bytes {end} to {record.start} are broken"
                    log.error("history.quarantined", file=str(path), reason=reason)
                end = record.end
                yield number, record
            if is_newer(content, end):
                raise HistoryUnreadableError(f"{path}: written by a newer Stripchart; update Stripchart")
            if end < len(content):
                log.warning("journal.torn", file=str(path), kept_bytes=end, cut_bytes=len(content) - end)
                with told_as_history(path):
                    os.truncate(path, end)
                self._sizes[number] = end

    def begin_file(self) -> None:
        """Go on in a new file. When that fails, the old one goes on being written."""
        number = self.number + 1
        path = self._path(number)
        with told_as_history(path):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
            try:
                keep_name(self._folder)
            except OSError:
                os.close(file)
                raise
        self.close()
        self._file, self._sizes[number] = file, 0

    def append(self, content: bytes) -> None:
        """Write records and see them on the disk; all of them or none.

        Raises HistoryFullError or HistoryUnavailableError; the file then ends where it ended before.
        """
        path = self._path(self.number)
        with told_as_history(path):
            try:
                written = os.write(self._file, content)
                if written < len(content):
                    # The disk is full, or nearly: the rest would fail, and then tell why.
                    os.write(self._file, content[written:])
                    raise full(path, "the disk took only a part")
                os.fdatasync(self._file)
            except BaseException:
                self.take_back()
                raise
        self._sizes[self.number] += len(content)

    def take_back(self, count: int = 0) -> None:
        """Cut off what is behind the last whole record, and `count` bytes of whole records before that."""
        number = self.number
        end = self._sizes[number] = self._sizes[number] - count
        with told_as_history(self._path(number)):
            os.ftruncate(self._file, end)
            os.lseek(self._file, end, os.SEEK_SET)
            os.fdatasync(self._file)

    def drop_up_to(self, number: int) -> None:
        """Delete the files up to and with this one. Called while another thread may append to a newer file."""
        for old in [known for known in list(self._sizes) if known <= number]:
            path = self._path(old)
            with told_as_history(path):
                path.unlink(missing_ok=True)
            del self._sizes[old]

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}.log"
