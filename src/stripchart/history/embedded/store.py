"""What the threads of the historian share: the journal, the head, what is newest, and the year files."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stripchart.history.base import HistoryError
from stripchart.history.embedded.bundle import points_of, read_bundle
from stripchart.history.embedded.change import mended
from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.expiry import Expiry
from stripchart.history.embedded.files import told_as_history
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE, Head
from stripchart.history.embedded.journal import Journal
from stripchart.history.embedded.newest import Newest
from stripchart.history.embedded.segment import Segment
from stripchart.history.embedded.texts import Texts
from stripchart.history.embedded.year import SQL, YearFile, year_path, years_in
from stripchart.model.sample import PointIds, SampleBatch, Times


@dataclass(frozen=True, slots=True)
class EmbeddedOptions:
    """`head_bytes`: memory for samples on their way into year files.

    `max_bytes`: bound of all files together; None: the disk is the bound. `drop_when_full`: at 95 % of disk or bound
    the oldest days are dropped.
    """

    head_bytes: int = 64 * 2**20
    max_bytes: int | None = None
    drop_when_full: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least in (("head_bytes", 2 * MOST_BYTES_PER_SAMPLE), ("max_bytes", 1)):
            given = getattr(self, name)
            if given is not None and given < least:
                raise ValueError(f"{name} {given}: allowed are {least} and more")

    @property
    def head_samples(self) -> int:
        """How many samples one of the two parts of the head takes."""
        return max(1, self.head_bytes // MOST_BYTES_PER_SAMPLE)


class Store:
    """One folder of history. `lock` guards all that is replaced: head, newest, directories and states of years.

    `changed` is told when a head is put aside, sealed, or when sealing fails; `trouble` says why it fails.
    """

    def __init__(self, folder: Path, options: EmbeddedOptions) -> None:
        self.folder, self.options = folder, options
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.trouble: HistoryError | None = None
        self.closing = False
        self.years: dict[int, YearFile] = {}
        self.newest = Newest()
        self.head = Head(options.head_samples)
        self.year_bytes = 0
        self.expiry = Expiry(folder)
        self.texts = Texts(folder / "texts.db")
        try:
            for year in years_in(folder):
                self.open_year(year)
            self._find_newest()
            self.journal = Journal(folder / "journal")
        except BaseException:
            self.close()
            raise
        self.measure()

    def open_year(self, year: int) -> YearFile:
        """The file of a year, made when it is missing."""
        if year not in self.years:
            opened = YearFile(year_path(self.folder, year))
            with self.lock:
                self.years[year] = opened
        return self.years[year]

    def measure(self) -> None:
        """Note how large the year files are."""
        files = [*self.folder.glob("*.db"), *self.folder.glob("*.db-wal")]
        self.year_bytes = sum(file.stat().st_size for file in files if file.exists())

    def settled_of(self, point_id: PointIds) -> Times:
        """Up to which time the points have segments of their own."""
        with self.lock:
            return self.newest.settled_ms[self.newest.rows(point_id)]

    def sealed_of(self, point_id: PointIds) -> Times:
        """Up to which time the points are in year files."""
        with self.lock:
            return self.newest.sealed_ms[self.newest.rows(point_id)]

    def note_sealed(self, samples: SampleBatch) -> None:
        """Samples, in the order of the files, are in year files now."""
        self._forward("sealed_ms", samples)

    def note_settled(self, batches: list[SampleBatch]) -> None:
        """Samples, in the order of the files, are in segments now."""
        for batch in batches:
            self._forward("settled_ms", batch)

    def _forward(self, what: str, samples: SampleBatch) -> None:
        last = samples.where(np.append(samples.point_id[1:] != samples.point_id[:-1], True)[: len(samples)])
        with self.lock:
            rows = self.newest.rows(last.point_id)
            column = getattr(self.newest, what)
            column[rows] = np.maximum(column[rows], last.at_ms)

    def close(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
        for year in self.years.values():
            year.close()
        self.texts.close()

    def _find_newest(self) -> None:
        for year in self.years.values():
            with told_as_history(year.path):
                rows = map(Segment._make, year.writer.execute(SQL["newest_segments"]).fetchall())
                newest = _as_batch(list(_sound(year, rows)))
                self._note_kept(newest)
                self.note_settled([newest])
                directory = year.directory
                for row in np.argsort(directory.last_ms)[::-1]:
                    self._look_into(year, int(directory.id[row]), int(directory.last_ms[row]))

    def _look_into(self, year: YearFile, bundle_id: int, last_ms: int) -> None:
        """Note what a bundle has, unless newer samples of all its points are known already."""
        try:
            row = year.writer.execute(SQL["bundle"], (bundle_id,)).fetchone()
            rows = self.newest.rows(points_of(row))
            if np.all(self.newest.at_ms[rows] >= last_ms):
                return
            batch = read_bundle(row)
        except BrokenPieceError:
            return
        self._note_kept(batch.where(np.append(batch.point_id[1:] != batch.point_id[:-1], True)))

    def _note_kept(self, batch: SampleBatch) -> None:
        self.newest.note(batch)
        self.note_sealed(batch)


def _sound(year: YearFile, segments: Iterable[Segment]) -> Iterator[Segment]:
    """The segments, those whose row is broken as their columns tell them; readers tell of what is broken."""
    for segment in segments:
        if segment.is_sound:
            yield segment
        else:
            with suppress(BrokenPieceError):
                yield mended(year.writer, segment)


def _as_batch(segments: list[Segment]) -> SampleBatch:
    """The last sample of segments, as far as their rows tell it."""
    if not segments:
        return SampleBatch.empty()
    rows = ((each.point_id, each.last_ms, each.last, each.end_quality) for each in segments)
    point_id, at_ms, value, quality = zip(*rows, strict=True)
    qualities = np.array(quality, np.uint8)
    values = np.where(qualities >= 0x80, np.nan, np.array(value, np.float64))
    return SampleBatch(np.array(point_id, np.int32), np.array(at_ms, np.int64), values, qualities)
