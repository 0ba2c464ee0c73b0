"""Pieces of a table as columns, before they are cells of any kind of file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from stripchart.interop.quality_names import quality_name
from stripchart.model.sample import Qualities, Times, Values

Places = npt.NDArray[np.signedinteger]


class Kind(StrEnum):
    """What a column has: times, a few names again and again, numbers, how many of something, or texts."""

    MOMENT = "moment"
    NAME = "name"
    NUMBER = "number"
    COUNT = "count"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """Over a column. `is_exact`: its texts are whole numbers, of which float64 has not all digits."""

    name: str
    kind: Kind
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Moments:
    at_ms: Times


@dataclass(frozen=True, slots=True)
class Numbers:
    """NaN: nothing."""

    values: Values


@dataclass(frozen=True, slots=True)
class Counts:
    values: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Names:
    """Of each row where its name is among `names`; -1: nothing."""

    places: Places
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Texts:
    """None: nothing, which is something else than an empty text."""

    texts: Sequence[str | None]


Column = Moments | Numbers | Counts | Names | Texts


@dataclass(frozen=True, slots=True)
class Rows:
    """A piece of a table: columns of one length."""

    columns: Sequence[Column]
    count: int

    def __len__(self) -> int:
        return self.count

    def parts(self, most: int) -> Iterator["Rows"]:
        """The same in pieces of at most so many rows."""
        for first in range(0, self.count, most):
            part = slice(first, min(first + most, self.count))
            yield Rows([_part(column, part) for column in self.columns], part.stop - first)


def _part(column: Column, part: slice) -> Column:
    match column:
        case Moments(at_ms):
            return Moments(at_ms[part])
        case Numbers(values):
            return Numbers(values[part])
        case Counts(values):
            return Counts(values[part])
        case Names(places, names):
            return Names(places[part], names)
        case Texts(texts):
            return Texts(texts[part])


def same(text: str, count: int) -> Names:
    """The same text in so many rows."""
    return Names(np.zeros(count, np.int32), [text])


def named(rows: npt.NDArray[np.intp], names: Sequence[str | None]) -> Names:
    """Of each row the name at its place; nothing where that is None."""
    has_name = np.array([name is not None for name in names], np.bool_)
    place = np.where(has_name, np.cumsum(has_name) - 1, -1)
    return Names(place[rows], [name for name in names if name is not None])


def qualities(quality: Qualities) -> Names:
    """The names of codes."""
    codes, rows = np.unique(quality, return_inverse=True)
    return Names(rows, [quality_name(code) for code in codes.tolist()])
