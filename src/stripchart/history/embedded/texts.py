"""The texts of string points, kept on change in a small database of their own."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.embedded.files import keep_name, told_as_history
from stripchart.history.embedded.format import TEXTS_FORMAT, TEXTS_ID, check_number, refuse_newer
from stripchart.history.horizons import EVER_MS, NEVER_MS, Horizons
from stripchart.history.statements import load_statements
from stripchart.model.sample import PointId

_DROPPED_AT_ONCE = 500

_SQL = load_statements("stripchart.history.embedded", "texts.sql")

NewTexts = Mapping[PointId, tuple[int, str]]
TextRow = tuple[PointId, int, str]
"""Point, time and text."""


class Texts:
    """An open file of texts: one thread writes, others read; the newest text of each point is known at once."""

    def __init__(self, path: Path) -> None:
        """Open the file, or create it. Raises HistoryUnreadableError when it is broken, foreign or newer."""
        self.path = path
        self._newest: dict[PointId, tuple[int, str]] = {}
        self._reading, self._changing = threading.Lock(), threading.Lock()
        with told_as_history(path):
            refuse_newer(path, TEXTS_ID, TEXTS_FORMAT)
            self._writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
                self._reader = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            except BaseException:
                self._writer.close()
                raise

    def new(self, batches: Iterable[NewTexts]) -> list[TextRow]:
        """Of batches, in their order, the texts that are not plainly what is in force already."""
        rows: list[TextRow] = []
        changing: set[PointId] = set()
        for texts in batches:
            for point, text in texts.items():
                if point in changing or not self._is_in_force(point, *text):
                    changing.add(point)
                    rows.append((point, *text))
        return rows

    def add(self, rows: Sequence[TextRow]) -> None:
        """Keep texts, all or none of them, each only when it differs from the one in force before it."""
        if not rows:
            return
        with told_as_history(self.path), self._changing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                asked = [{"point_id": int(point), "at_ms": at_ms, "text": text} for point, at_ms, text in rows]
                self._writer.executemany(_SQL["add_text"], asked)
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
        for point, at_ms, text in rows:
            self._note(point, at_ms, text)

    def newest(self) -> dict[PointId, tuple[int, str]]:
        """The text in force of every string point, and since when, ordered by point."""
        return dict(sorted(self._newest.copy().items()))

    def of_point(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        """The texts from the one in force at the start on, oldest first."""
        asked = {"point_id": int(point), "start_ms": start_ms, "end_ms": end_ms}
        with told_as_history(self.path), self._reading:
            return self._reader.execute(_SQL["texts"], asked).fetchall()

    def drop_before(self, horizons: Horizons) -> Iterator[None]:
        """Drop the texts behind the horizons, a few at a time; the one in force at the horizon stays."""
        for point in list(self._newest):
            horizon_ms = horizons.at(point).raw_ms
            if horizon_ms == NEVER_MS:
                self._newest.pop(point, None)
            asked = {"point_id": int(point), "horizon_ms": horizon_ms, "most": _DROPPED_AT_ONCE}
            dropped = _DROPPED_AT_ONCE if horizon_ms > EVER_MS else 0
            while dropped == _DROPPED_AT_ONCE:
                with told_as_history(self.path), self._changing:
                    dropped = self._writer.execute(_SQL["drop_texts"], asked).rowcount
                yield

    def close(self) -> None:
        self._reader.close()
        self._writer.close()

    def _is_in_force(self, point: PointId, at_ms: int, text: str) -> bool:
        known = self._newest.get(point)
        return known is not None and known[0] <= at_ms and known[1] == text

    def _note(self, point: PointId, at_ms: int, text: str) -> None:
        known = self._newest.get(point)
        if known is None or at_ms == known[0] or (at_ms > known[0] and text != known[1]):
            self._newest[point] = (at_ms, text)

    def _prepare(self) -> None:
        read = self._writer.execute
        application = read("PRAGMA application_id").fetchone()[0]
        if application == 0 and read("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            self._writer.executescript(_SQL["schema"])
            keep_name(self.path.parent)
        elif application != TEXTS_ID:
            raise HistoryUnreadableError(f"{self.path}: this is no history of Stripchart; move it away")
        check_number(self.path, read("PRAGMA user_version").fetchone()[0], TEXTS_FORMAT)
        read("PRAGMA journal_mode = WAL")
        read("PRAGMA synchronous = FULL")
        for point, at_ms, text in read(_SQL["latest_texts"]):
            self._newest[PointId(point)] = (at_ms, text)
