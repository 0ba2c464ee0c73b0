"""What the history lets go: horizons, forgotten points and the floor of a full disk, kept over a restart."""

import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from stripchart.history.base import HistoryUnreadableError
from stripchart.history.embedded.files import keep_name, told_as_history
from stripchart.history.horizons import EVER_MS, KEEP_EVERYTHING, Horizon, Horizons

FORMAT = 1
FILE = "horizons.json"


class Expiry:
    """`horizons`: what is in force, replaced as a whole and never changed."""

    def __init__(self, folder: Path) -> None:
        """What was in force last. Raises HistoryUnreadableError when the file is broken or newer."""
        self._path = folder / FILE
        self._changing = threading.Lock()
        self._asked = KEEP_EVERYTHING
        self._forgotten: set[int] = set()
        self.floor_ms = EVER_MS
        with told_as_history(self._path):
            content = self._path.read_bytes() if self._path.exists() else None
        if content is not None:
            self._load(content)
        self.horizons = self._effective()

    def retain(self, horizons: Horizons) -> None:
        """From now on these."""
        with self._changing:
            if not horizons.is_same(self._asked):
                self._change(horizons, self._forgotten, self.floor_ms)

    def forget(self, points: Iterable[int]) -> None:
        """From now on nothing of these points is kept, whatever the horizons say."""
        with self._changing:
            self._change(self._asked, self._forgotten | {int(point) for point in points}, self.floor_ms)

    def raise_floor(self, floor_ms: int) -> None:
        """From now on nothing before this is kept, whatever the horizons say."""
        with self._changing:
            self._change(self._asked, self._forgotten, max(self.floor_ms, floor_ms))

    def _change(self, asked: Horizons, forgotten: set[int], floor_ms: int) -> None:
        """Write first: what is told to be gone stays gone."""
        body = {
            "format": FORMAT,
            "default": asked.default,
            "points": [(point, *horizon) for point, horizon in asked.own()],
            "forgotten": sorted(forgotten),
            "floor_ms": floor_ms,
        }
        self._write(json.dumps(body).encode())
        self._asked, self._forgotten, self.floor_ms = asked, forgotten, floor_ms
        self.horizons = self._effective()

    def _effective(self) -> Horizons:
        horizons = self._asked.not_before(self.floor_ms)
        return horizons.with_gone(self._forgotten) if self._forgotten else horizons

    def _write(self, content: bytes) -> None:
        with told_as_history(self._path):
            aside = self._path.with_suffix(".new")
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
            keep_name(self._path.parent)

    def _load(self, content: bytes) -> None:
        try:
            body: dict[str, Any] = json.loads(content)
            if body["format"] > FORMAT:
                raise HistoryUnreadableError(
                    f"{self._path}: written by a newer Stripchart (format {body['format']}, this one knows "
                    f"{FORMAT}); update Stripchart"
                )
            rows = np.array(body["points"], np.int64).reshape(-1, 4).tolist()
            own = ((point, Horizon(*horizon)) for point, *horizon in rows)
            self._asked = Horizons.of(Horizon(*map(int, body["default"])), own)
            self._forgotten = {int(point) for point in body["forgotten"]}
            self.floor_ms = int(body["floor_ms"])
        except (ValueError, TypeError, KeyError) as error:
            raise HistoryUnreadableError(
                f"{self._path}: the file is broken; put back a backup, or delete it: what was deleted "
                "and is still on the disk then shows again until the horizons are set anew"
            ) from error
