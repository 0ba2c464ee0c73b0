"""Importing samples from CSV or Parquet: the whole file is looked at first, then stored; or nothing of it."""

import asyncio
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np

from stripchart.history.base import Historian
from stripchart.interop.columns import Text, parsed
from stripchart.interop.lines import LineErrors
from stripchart.interop.names import Names
from stripchart.interop.sources import CsvSource, source_of
from stripchart.model.sample import PointId, SampleBatch

Advance = Callable[[int, int], None]
"""Told how much is done of how much."""

_ROW = np.dtype([("point_id", "<i4"), ("at_ms", "<i8"), ("value", "<f8"), ("quality", "u1")])
_SAMPLES_AT_ONCE = 200_000
_BATCHES_UNDER_WAY = 4


@dataclass(slots=True)
class Looked:
    """What is in a file. `rows` are good samples and texts; with errors in it nothing may be stored."""

    errors: LineErrors
    ignored: tuple[str, ...] = ()
    samples: int = 0
    points: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    texts: list[Text] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.samples + len(self.texts)


def look_through(
    path: Path,
    names: Names,
    given: Mapping[str, str],
    errors: LineErrors,
    *,
    spool: IO[bytes] | None,
    advance: Advance,
) -> Looked:
    """Look at every field of every row. Good samples go into the spool, so that they are not parsed twice.

    `given` says which column of the file is read as which. Raises TableError.
    """
    source = source_of(path, given)
    looked, points = Looked(errors, source.mapped.ignored), set[int]()
    is_csv = isinstance(source, CsvSource)
    for piece in source.pieces(errors):
        found = parsed(piece, names, is_csv=is_csv, errors=errors)
        advance(piece.read, piece.size)
        looked.texts += found.texts
        samples = found.samples
        if not len(samples):
            continue
        looked.samples += len(samples)
        points.update(np.unique(samples.point_id).tolist())
        first_ms, last_ms = int(samples.at_ms.min()), int(samples.at_ms.max())
        looked.first_ms = first_ms if looked.first_ms is None else min(looked.first_ms, first_ms)
        looked.last_ms = last_ms if looked.last_ms is None else max(looked.last_ms, last_ms)
        if spool is not None and not errors.count:
            _put(spool, samples)
    looked.points = len(points | {int(point) for point, _, _ in looked.texts})
    return looked


async def store(historian: Historian, looked: Looked, spool: IO[bytes], advance: Advance) -> None:
    """Store what was looked through. Broken off, it may be done again: what is stored twice is stored once."""
    spool.seek(0)
    under_way: deque[asyncio.Task[None]] = deque()
    try:
        for done, batch in chain(_taken(spool), _of_texts(looked)):
            if len(under_way) == _BATCHES_UNDER_WAY:
                await under_way.popleft()
            under_way.append(asyncio.create_task(historian.append(batch)))
            advance(done, looked.rows)
        while under_way:
            await under_way.popleft()
    finally:
        await asyncio.gather(*under_way, return_exceptions=True)


def open_spool(folder: Path) -> IO[bytes]:
    """A file without a name beside the history, which goes away by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)


def _put(spool: IO[bytes], samples: SampleBatch) -> None:
    rows = np.empty(len(samples), _ROW)
    for name in _ROW.names or ():
        rows[name] = getattr(samples, name)
    spool.write(rows.tobytes())


def _taken(spool: IO[bytes]) -> Iterator[tuple[int, SampleBatch]]:
    """The samples of the spool in batches, and how many there were so far."""
    done = 0
    while content := spool.read(_SAMPLES_AT_ONCE * _ROW.itemsize):
        rows = np.frombuffer(content, _ROW)
        done += len(rows)
        point_id, at_ms, value, quality = (np.ascontiguousarray(rows[name]) for name in _ROW.names or ())
        yield done, SampleBatch(point_id, at_ms, value, quality)


def _of_texts(looked: Looked) -> Iterator[tuple[int, SampleBatch]]:
    """The texts, oldest first, in batches with one text of a point at most, and how many rows there were so far."""
    done, waiting = looked.samples, dict[PointId, tuple[int, str]]()
    for point, at_ms, text in sorted(looked.texts, key=lambda each: each[1]):
        if point in waiting:
            done += len(waiting)
            yield done, _batch_of(waiting)
            waiting = {}
        waiting[point] = (at_ms, text)
    if waiting:
        yield looked.rows, _batch_of(waiting)


def _batch_of(texts: dict[PointId, tuple[int, str]]) -> SampleBatch:
    empty = SampleBatch.empty()
    return SampleBatch(empty.point_id, empty.at_ms, empty.value, empty.quality, texts)
