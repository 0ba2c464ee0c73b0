"""What a table is asked to tell: which points, under which names, of which time, and how its cells are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stripchart.history.base import Historian
from stripchart.history.grid import Grid
from stripchart.interop.formulas import defused
from stripchart.interop.rows import Texts
from stripchart.model.sample import PointId


@dataclass(frozen=True, slots=True)
class Series:
    """A point as a table tells it.

    `is_text`: its samples are texts. `is_exact`: it has whole numbers of 64 bits, of which every digit counts.
    `is_state`: a bool, an enum or bits, of which a mean says nothing.
    `labels`: what the codes of a bool or enum mean; None when that is not asked for.
    """

    point: PointId
    device: str
    key: str
    unit: str = ""
    is_text: bool = False
    is_exact: bool = False
    is_state: bool = False
    labels: Mapping[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """How texts are written: safe from being taken for formulas in CSV, as they are else."""

    as_csv: bool

    def text(self, text: str) -> str:
        return defused(text) if self.as_csv else text

    def texts(self, texts: Sequence[str | None]) -> Texts:
        return Texts([each if each is None else self.text(each) for each in texts])


@dataclass(frozen=True, slots=True)
class Asked:
    """A half-open range of some points. `grid`: summed up in such buckets; None: samples as they came."""

    historian: Historian
    series: Sequence[Series]
    span: tuple[int, int]
    cells: Cells
    grid: Grid | None = None

    @property
    def points(self) -> list[PointId]:
        return [each.point for each in self.series]

    @property
    def numbers(self) -> list[Series]:
        """Those that can be summed up."""
        return [each for each in self.series if not each.is_text]

    @property
    def has_labels(self) -> bool:
        return any(each.labels is not None for each in self.series)
