"""Moving a history into another one, day by day; broken off anywhere, it goes on with the day at which it was."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stripchart.history.base import Cursor, Historian, HistoryError
from stripchart.history.embedded.files import told_as_history
from stripchart.history.horizons import DAY_MS
from stripchart.model.sample import PointId, SampleBatch

_POINTS_AT_ONCE = 200
_SAMPLES_AT_ONCE = 200_000
_EVER = (-(10**14), 10**14)

Advance = Callable[[str, int, int], None]
"""Told the day, how many samples are moved, and how many there are."""


class MovedLessError(HistoryError):
    """The other history has less of a day than was moved into it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """`samples` of this run, of `days` days; `before`: days that an earlier run had moved."""

    samples: int
    days: int
    before: int
    texts: int


class Progress:
    """Which days are moved, in a file, for the next run."""

    def __init__(self, path: Path, to: str) -> None:
        self._path, self._to = path, to
        try:
            noted = json.loads(path.read_bytes())
            self._done = set(noted["days"]) if noted["to"] == to else set()
        except (OSError, ValueError, TypeError, KeyError):
            self._done = set()

    def __contains__(self, day: int) -> bool:
        return day in self._done

    def add(self, day: int) -> None:
        self._done.add(day)
        draft = self._path.with_suffix(".draft")
        with told_as_history(self._path):
            draft.write_text(json.dumps({"to": self._to, "days": sorted(self._done)}), encoding="ascii")
            draft.replace(self._path)


async def move(old: Historian, new: Historian, progress: Progress, advance: Advance) -> Moved:
    """Append what the old history has to the new one, oldest first; the old one is only read.

    Samples alone: of times of which only roll-ups are left nothing is moved. Raises HistoryError.
    """
    newest = await old.latest()
    points = [PointId(point) for point in newest.point_id.tolist()]
    days = await _days(old, points)
    total, done, before = sum(days.values()), 0, 0
    moved = 0
    for day, samples in sorted(days.items()):
        if day in progress:
            before += 1
        else:
            advance(str(np.datetime64(day, "D")), done, total)
            moved += await _move_day(old, new, points, day)
            progress.add(day)
        done += samples
    texts = await _move_texts(old, new, [PointId(point) for point in newest.texts])
    advance("", total, total)
    return Moved(moved, len(days) - before, before, texts)


async def _days(old: Historian, points: list[PointId]) -> dict[int, int]:
    """Days that have samples, and about how many."""
    days: dict[int, int] = {}
    for some in _in_turn(points):
        found = await old.buckets(some, *_EVER, DAY_MS)
        for start_ms, count in zip(found.start_ms.tolist(), found.count.tolist(), strict=True):
            days[start_ms // DAY_MS] = days.get(start_ms // DAY_MS, 0) + count
    return days


async def _move_day(old: Historian, new: Historian, points: list[PointId], day: int) -> int:
    span = day * DAY_MS, (day + 1) * DAY_MS
    moved = 0
    for some in _in_turn(points):
        after: Cursor | None = None
        own = 0
        while len(piece := await old.read(some, *span, limit=_SAMPLES_AT_ONCE, after=after)):
            await new.append(piece)
            own += len(piece)
            after = Cursor(int(piece.at_ms[-1]), PointId(int(piece.point_id[-1])))
        there = await new.count(some, *span)
        if there < own:
            date = np.datetime64(day, "D")
            raise MovedLessError(f"{date}: {own} samples were moved, and {there} are there; run the command again")
        moved += own
    return moved


async def _move_texts(old: Historian, new: Historian, points: list[PointId]) -> int:
    """One batch has room for one text of a point: first the oldest of each, then the next."""
    histories = {point: await old.texts(point, *_EVER) for point in points}
    for place in range(max(map(len, histories.values()), default=0)):
        texts = {point: told[place] for point, told in histories.items() if place < len(told)}
        nothing = SampleBatch.empty()
        await new.append(SampleBatch(nothing.point_id, nothing.at_ms, nothing.value, nothing.quality, texts))
    return sum(map(len, histories.values()))


def _in_turn(points: list[PointId]) -> Iterator[list[PointId]]:
    for low in range(0, len(points), _POINTS_AT_ONCE):
        yield points[low : low + _POINTS_AT_ONCE]
