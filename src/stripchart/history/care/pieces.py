"""Whether a segment or bundle is what its row says: order, counts, sums and roll-ups against the samples. Pure."""

from collections.abc import Iterator

import numpy as np

from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.ordering import newest_wins
from stripchart.history.embedded.rollup import TIERS_MS, rolled_up, spans_of, unpacked
from stripchart.history.embedded.segment import Segment, segment_rows
from stripchart.history.embedded.spans import Spans
from stripchart.history.embedded.sparse_hours import packed_hours, read_hours, spans_of_hours
from stripchart.model.sample import SampleBatch

_START = np.zeros(1, np.intp)
_NEARLY = 1e-9
"""Sums of the same numbers in another order differ by about so much of the largest sum of magnitudes."""
_TIERS = ("minutes", "hours", "days")


def segment_problems(segment: Segment, batch: SampleBatch) -> Iterator[str]:
    """What the row of a segment says that its samples do not."""
    if np.any(batch.at_ms[1:] <= batch.at_ms[:-1]):
        yield "its times do not ascend"
        return
    expected = Segment._make(segment_rows(batch, _START, segment.body_id)[0])
    for name in Segment._fields[: Segment._fields.index("minutes")]:
        told, is_so = getattr(segment, name), getattr(expected, name)
        if not (_nearly(told, is_so, batch) if name == "total" else _same(told, is_so)):
            yield f"its {name} is {told}, by its samples {is_so}"
    for name, tier_ms in zip(_TIERS, TIERS_MS, strict=True):
        yield from _rollup_problems(name, getattr(segment, name), rolled_up(batch, _START, tier_ms)[0], batch)
    yield from _sparse_problems(segment, batch)


def rolled_problems(segment: Segment) -> Iterator[str]:
    """What does not fit together in a segment of which only packed roll-ups are left."""
    for name in _TIERS:
        body = getattr(segment, name)
        if body is None:
            continue
        try:
            spans = spans_of([segment.point_id], [unpacked(body)])
        except (BrokenPieceError, ValueError) as error:
            yield f"its {name} are broken: {error}"
            continue
        counted = int(spans.samples.sum()), int(spans.good.sum())
        if counted != (segment.samples, segment.good):
            by_row = f"{segment.samples} and {segment.good}"
            yield f"its {name} sum up {counted[0]} samples and {counted[1]} values, by its row there were {by_row}"


def bundle_problems(batch: SampleBatch, expected: tuple[int, ...], span: tuple[int, int]) -> Iterator[str]:
    """What the row of a bundle says that its samples do not.

    `expected`: first and last point, first and last time, and count; `span` is that of its year.
    """
    if len(newest_wins(batch)) != len(batch) or np.any(batch.point_id[1:] < batch.point_id[:-1]):
        yield "its samples are not in order of point and time"
    is_so = (
        int(batch.point_id.min()),
        int(batch.point_id.max()),
        int(batch.at_ms.min()),
        int(batch.at_ms.max()),
        len(batch),
    )
    names = ("first_point", "last_point", "first_ms", "last_ms", "samples")
    for name, told, by_samples in zip(names, expected, is_so, strict=True):
        if told != by_samples:
            yield f"its {name} is {told}, by its samples {by_samples}"
    if not span[0] <= is_so[2] <= is_so[3] < span[1]:
        yield "its times do not lie in the year"


def _rollup_problems(name: str, told: bytes | None, is_so: bytes | None, batch: SampleBatch) -> Iterator[str]:
    if told == is_so or told is None:
        # Readers do without a roll-up that is not there.
        return
    try:
        spans = spans_of([0], [told])
        expected = spans_of([0], [is_so]) if is_so is not None else None
    except ValueError:
        yield f"its {name} are no roll-up"
        return
    if expected is None or not _alike(spans, expected, batch):
        yield f"its {name} are not those of its samples"


def _sparse_problems(segment: Segment, batch: SampleBatch) -> Iterator[str]:
    told = segment.sparse_hours
    if told is None:
        return
    key = segment.point_id, segment.first_ms, segment.last_ms
    try:
        spans, expected = (spans_of_hours([read_hours(body, *key)]) for body in (told, packed_hours(batch)))
    except BrokenPieceError as error:
        yield str(error)
        return
    if not _alike(spans, expected, batch):
        yield "its sparse hours are not those of its samples"


def _alike(told: Spans, is_so: Spans, batch: SampleBatch) -> bool:
    if len(told) != len(is_so):
        return False
    exact = ("start_ms", "samples", "good", "minimum", "maximum", "first", "last")
    if not all(np.array_equal(getattr(told, name), getattr(is_so, name), equal_nan=True) for name in exact):
        return False
    return all(_nearly(a, b, batch) for a, b in zip(told.total.tolist(), is_so.total.tolist(), strict=True))


def _same(told: float | None, is_so: float | None) -> bool:
    """SQLite keeps a NaN, which stands for no value, as null."""
    return told == is_so or (told is None and is_so is not None and bool(np.isnan(is_so)))


def _nearly(told: float | None, is_so: float | None, batch: SampleBatch) -> bool:
    if told is None or is_so is None:
        return _same(told, is_so)
    if told == is_so or (np.isnan(told) and np.isnan(is_so)):
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        room = _NEARLY * float(np.abs(batch.value[batch.has_value]).sum())
    return bool(np.isfinite(told) and np.isfinite(is_so) and abs(told - is_so) <= room)
