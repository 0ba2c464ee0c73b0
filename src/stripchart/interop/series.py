"""What a table is asked to tell: which points, under which names, of which time, and how its cells are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from stripchart.history.base import Historian
from stripchart.history.grid import Grid
from stripchart.interop.moments import UTC, iso_times
from stripchart.interop.table import defused
from stripchart.model.sample import PointId, Times


@dataclass(frozen=True, slots=True)
class Series:
    """A point as a table tells it.

    `is_text`: its samples are texts. `is_exact`: it has whole numbers of 64 bits, of which every digit counts.
    `labels`: what the codes of a bool or enum mean; None when that is not asked for.
    """

    point: PointId
    device: str
    key: str
    unit: str = ""
    is_text: bool = False
    is_exact: bool = False
    labels: Mapping[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """How times and texts are written: as ISO 8601 and safe from being taken for formulas in CSV, as they are else.

    `zone`: the IANA name of the zone whose clocks are shown.
    """

    as_csv: bool
    zone: str = UTC

    @property
    def time_type(self) -> pa.DataType:
        return pa.string() if self.as_csv else pa.timestamp("ms", self.zone)

    def times(self, at_ms: Times) -> pa.Array:
        return iso_times(at_ms, self.zone) if self.as_csv else pa.array(at_ms, self.time_type)

    def text(self, text: str) -> str:
        return defused(text) if self.as_csv else text

    def texts(self, texts: Sequence[str | None]) -> pa.Array:
        safe = [each if each is None else self.text(each) for each in texts]
        return pa.array(safe, pa.string())


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
