"""State that only some points have: a row of fields for each that has one. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stripchart.model.sample import PointIds

Rows = npt.NDArray[np.int32]
NO_ROW = -1


class PointTable:
    """Rows of `fields`; a point without a row costs four bytes. A point keeps its row for ever."""

    def __init__(self, fields: Sequence[tuple[str, type[np.generic]]], blank: tuple[float, ...]) -> None:
        """`blank`: the fields of a new row."""
        self._blank = np.array([blank], np.dtype(list(fields)))
        self._table = self._blank[:0]
        self._row_of = np.full(1, NO_ROW, np.int32)  # the last place stands for all points beyond it
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, field: str) -> npt.NDArray[Any]:
        """The column of all rows, to be read and written by row."""
        return self._table[field]

    def rows(self, points: PointIds) -> Rows:
        """The rows of these points, NO_ROW where there is none."""
        return self._row_of.take(points, mode="clip")

    def add(self, points: PointIds) -> Rows:
        """The rows of these points, each there once; those that have none get one."""
        self._reach(int(points.max(initial=-1)))
        new = points[self._row_of[points] == NO_ROW]
        self._row_of[new] = np.arange(self._count, self._count + len(new), dtype=np.int32)
        self._count += len(new)
        if self._count > len(self._table):
            more = max(self._count, len(self._table) * 5 // 4) - len(self._table)
            self._table = np.concatenate([self._table, np.repeat(self._blank, more)])
        return self._row_of[points]

    def _reach(self, highest: int) -> None:
        have = len(self._row_of) - 1
        if highest >= have:
            more = max(highest + 1, have * 5 // 4) - have
            self._row_of = np.append(self._row_of, np.full(more, NO_ROW, np.int32))
