"""How much a history holds, by year, in use or not."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stripchart.history.care.checksums import broken_pieces
from stripchart.history.care.snapshot import YearSnapshot, snapshot
from stripchart.history.embedded.files import bytes_in, told_as_history

Advance = Callable[[str, int, int], None]
"""Told which file is read, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class YearStats:
    """A year file. Times are UTC milliseconds, None without samples; `quarantined` is None when nobody looked.

    `segments` are those with samples, `rolled_up` those of which only roll-ups are left.
    """

    year: int
    samples: int
    bytes: int
    first_ms: int | None
    last_ms: int | None
    points: int
    segments: int
    bundles: int
    rolled_up: int
    quarantined: int | None

    @property
    def bytes_per_sample(self) -> float | None:
        return self.bytes / self.samples if self.samples else None


@dataclass(frozen=True, slots=True)
class FolderStats:
    """`samples` and `bytes` of all files; `waiting`: samples that are in the journal alone; `texts`: of strings."""

    samples: int
    bytes: int
    first_ms: int | None
    last_ms: int | None
    points: int
    waiting: int
    texts: int
    years: tuple[YearStats, ...]

    @property
    def bytes_per_sample(self) -> float | None:
        return self.bytes / self.samples if self.samples else None


def stats_of_folder(folder: Path, *, look_for_broken: bool, advance: Advance) -> FolderStats:
    """Count what is kept. With `look_for_broken` each piece's checksum is computed, which reads all files.

    Raises HistoryUnavailableError when there is no history here.
    """
    with snapshot(folder) as seen:
        years = []
        for number, year in enumerate(seen.years):
            advance(year.path.name, number, len(seen.years))
            years.append(_of_year(year, look_for_broken=look_for_broken))
        advance("", len(seen.years), len(seen.years))
        waiting, head, texts = seen.new_in_head(), seen.head, 0
        if seen.pinned.texts is not None:
            with told_as_history(seen.pinned.texts.path):
                texts = int(seen.pinned.texts.db.execute("SELECT count(*) FROM text").fetchone()[0])
        points = len(seen.points())
    firsts = [year.first_ms for year in years if year.first_ms is not None]
    lasts = [year.last_ms for year in years if year.last_ms is not None]
    firsts += [int(head.at_ms.min())] if len(head) else []
    lasts += [int(head.at_ms.max())] if len(head) else []
    return FolderStats(
        samples=sum(year.samples for year in years) + waiting,
        bytes=bytes_in(folder),
        first_ms=min(firsts, default=None),
        last_ms=max(lasts, default=None),
        points=points,
        waiting=waiting,
        texts=texts,
        years=tuple(years),
    )


def _of_year(year: YearSnapshot, *, look_for_broken: bool) -> YearStats:
    with told_as_history(year.path):
        count = year.db.execute("SELECT count(*), ifnull(sum(body_id = 0), 0) FROM segment").fetchone()
        broken = sum(1 for _ in broken_pieces(year.db)) if look_for_broken else None
    log = year.path.with_name(f"{year.path.name}-wal")
    return YearStats(
        year=year.year,
        samples=year.state.samples,
        bytes=year.path.stat().st_size + (log.stat().st_size if log.exists() else 0),
        first_ms=year.state.first_ms,
        last_ms=year.state.last_ms,
        points=len(np.unique(year.points())),
        segments=count[0] - count[1],
        bundles=len(year.directory.id),
        rolled_up=count[1],
        quarantined=broken,
    )
