"""Writing samples as CSV or Parquet, point after point, in memory that does not grow with how many there are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Literal

import numpy as np

from stripchart.history.care.snapshot import Snapshot
from stripchart.interop.encoding import CsvEncoder, Encoder, ParquetEncoder
from stripchart.interop.names import Names
from stripchart.interop.table import CSV_SCHEMA, SCHEMA, sample_rows, text_rows
from stripchart.model.exact import EXACT_BELOW, digits_of_all
from stripchart.model.sample import PointId, SampleBatch

TableFormat = Literal["csv", "parquet"]
Advance = Callable[[int, int], None]
"""Told how many points are done, and how many there are."""

_LOOSE_AT_ONCE = 1_000_000
"""So many samples that are in no segment are held at a time; fewer points are taken together when there are more."""
_POINTS_AT_ONCE = 1024
_TEXTS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written; `broken` names what was left out because it is broken."""

    samples: int
    texts: int
    points: int
    broken: tuple[str, ...]


def export(  # noqa: PLR0913 - from where, what, how, to where
    seen: Snapshot,
    names: Names,
    points: Sequence[PointId],
    span: tuple[int, int],
    *,
    table_format: TableFormat,
    to: IO[bytes],
    advance: Advance,
) -> Exported:
    """Write the samples and texts of the points in a half-open range, by point in the given order, then time."""
    as_csv, samples, texts = table_format == "csv", 0, 0
    with_texts = set(seen.points_with_texts())
    encoder: Encoder = CsvEncoder(CSV_SCHEMA) if as_csv else ParquetEncoder(SCHEMA)
    to.write(encoder.begin())
    try:
        for number, (point, loose) in enumerate(_with_loose(seen, points, span)):
            advance(number, len(points))
            name = names.of(point)
            own = 0
            for piece in seen.series(point, loose, *span):
                digits = _digits(seen, point, piece) if point in with_texts else None
                to.write(encoder.add(sample_rows(piece, name, digits, as_csv=as_csv)))
                own += len(piece)
            samples += own
            if point not in with_texts or name.is_text is False or (own and name.is_text is None):
                continue  # its texts, if any, are the digits of numbers
            for some in _texts(seen, point, span):
                to.write(encoder.add(text_rows(some, name, as_csv=as_csv)))
                texts += len(some)
        advance(len(points), len(points))
    finally:
        to.write(encoder.end())
    broken = tuple(f"{year.path}: {piece}" for year in seen.years for piece in year.broken)
    return Exported(samples, texts, len(points), broken)


def _digits(seen: Snapshot, point: PointId, piece: SampleBatch) -> list[str | None] | None:
    if not (np.abs(piece.value) >= EXACT_BELOW).any():
        return None
    texts = seen.texts_in_force(point, int(piece.at_ms[0]), int(piece.at_ms[-1]) + 1)
    return digits_of_all(piece.at_ms, piece.value, texts)


def _with_loose(
    seen: Snapshot, points: Sequence[PointId], span: tuple[int, int]
) -> Iterator[tuple[PointId, SampleBatch]]:
    """Each point with the samples that are in no segment, read for many points together."""
    rest = list(points)
    count = _POINTS_AT_ONCE
    while rest:
        together = sorted(rest[:count])
        if count > 1 and _most_loose(seen, together, span) > _LOOSE_AT_ONCE:
            count = max(1, count // 4)
            continue
        loose = seen.loose(together, *span)
        yield from ((point, loose) for point in rest[:count])
        rest = rest[count:]


def _most_loose(seen: Snapshot, points: list[PointId], span: tuple[int, int]) -> int:
    """At most so many samples of the points are in no segment, and have to be looked through for them."""
    most = 0
    for year in seen.years:
        directory = year.directory
        inside = (directory.first_point <= points[-1]) & (directory.last_point >= points[0])
        inside &= (directory.first_ms < span[1]) & (directory.last_ms >= span[0])
        share = min(1.0, len(points) / max(1, points[-1] - points[0] + 1))
        most += round(int(directory.samples[inside].sum()) * share)
    return most


def _texts(seen: Snapshot, point: PointId, span: tuple[int, int]) -> Iterator[list[tuple[int, str]]]:
    some = []
    for text in seen.texts(point, *span):
        some.append(text)
        if len(some) == _TEXTS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some
