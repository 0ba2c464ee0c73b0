"""What a process stores that is killed: batch n, and all that must be there after the first n, follow from n alone.

The head is small, so that sealing and merging never end. One point has many samples, and so gets segments that are
joined; the others share bundles that are merged.
"""

import asyncio
import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import numpy as np

from stripchart.history.base import Historian
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.history.horizons import Horizon, Horizons
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch

POINTS = 8
TEXT_POINT = PointId(100)
OPTIONS = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * 1000)
TOGETHER = 3
"""So many batches are on their way at a time."""
_EVERY_MS = 100
_FAST = 50
"""So many samples of point 0 are in a batch, and one of each other."""
START_MS = 1_767_225_600_000 - 200 * _EVERY_MS
"""New Year 2026 comes with batch 200, so two files are written."""
_LATE = 40
_KEPT = 100
"""So many batches are kept in a history that drops: those that are stored once more are among them."""


def batch_number(number: int) -> SampleBatch:
    """New samples; now and then a bad one, those of an older batch with another value, and a new text."""
    parts = [_samples(number, 0.0)]
    if _is_repeated_by(number):
        parts.append(_samples(number - _LATE, 0.5))
    batch = SampleBatch.joined(parts)
    texts = {TEXT_POINT: (START_MS + number * _EVERY_MS, f"text {number // 10}")}
    return SampleBatch(batch.point_id, batch.at_ms, batch.value, batch.quality, texts)


def all_up_to(last: int) -> SampleBatch:
    """What the batches 0 to `last` come to, ordered by point, then time."""
    parts = [_samples(number, 0.5 * _is_repeated(number, last)) for number in range(last + 1)]
    batch = SampleBatch.joined(parts)
    return batch_at(batch, np.lexsort((batch.at_ms, batch.point_id)))


def batch_at(batch: SampleBatch, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> SampleBatch:
    return SampleBatch(batch.point_id[rows], batch.at_ms[rows], batch.value[rows], batch.quality[rows])


def horizon_of(number: int) -> int:
    """From when on samples are kept once batch `number` is there, in a history that drops."""
    return START_MS + (number - _KEPT) * _EVERY_MS


def store_until_killed(folder: Path, first: int, progress: Path, drops: bool) -> None:
    """Store batch after batch from number `first` on, and note the newest that was acknowledged in a file."""
    asyncio.run(_store(folder, first, os.open(progress, os.O_WRONLY), drops=drops))


async def _store(folder: Path, first: int, progress: int, *, drops: bool) -> None:
    _note(progress, first - 1)
    async with open_historian(folder, OPTIONS) as historian:
        for number in count(first, TOGETHER):
            await _append(historian, range(number, number + TOGETHER))
            _note(progress, number + TOGETHER - 1)
            if drops and number % 5 == 0:
                oldest_ms = horizon_of(number)
                await historian.retain(Horizons.of(Horizon(oldest_ms, oldest_ms - 5000, oldest_ms - 20_000)))


async def _append(historian: Historian, numbers: Sequence[int]) -> None:
    await asyncio.gather(*(historian.append(batch_number(number)) for number in numbers))


def noted(progress: Path) -> int | None:
    """The newest batch that a process noted; None before it began to open the folder."""
    content = progress.read_bytes()
    return int(content) - 1 if content else None


def _note(progress: int, number: int) -> None:
    os.pwrite(progress, b"%010d" % (number + 1), 0)


def _is_repeated_by(number: int) -> bool:
    return number % 7 == 0 and number >= _LATE


def _is_repeated(number: int, last: int) -> bool:
    return number + _LATE <= last and _is_repeated_by(number + _LATE)


def _samples(number: int, more: float) -> SampleBatch:
    step = np.arange(_FAST)
    at_ms = np.concatenate([step * (_EVERY_MS // _FAST), np.zeros(POINTS - 1, np.int64)]) + number * _EVERY_MS
    value = np.concatenate([step / 64, np.zeros(POINTS - 1)]) + number + more
    ids = np.concatenate([np.zeros(_FAST), np.arange(1, POINTS)]).astype(np.int32)
    quality = np.where((ids == 1) & (number % 11 == 0), Quality.BAD_COMM, Quality.GOOD).astype(np.uint8)
    return SampleBatch(ids, at_ms + START_MS, np.where(quality > 0, np.nan, value), quality)
