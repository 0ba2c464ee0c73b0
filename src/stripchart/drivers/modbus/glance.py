"""Glance: a look at a few points of a device, in between its polls and before everybody else's."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from stripchart.drivers.base import BadReplyError, NoAnswerError
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.decode import Decoder
from stripchart.drivers.modbus.plan import plan_blocks, spans_of
from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.model.point import Point
from stripchart.model.profile import Pacing, Profile
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, PointIds, SampleBatch
from stripchart.model.time import Clock


class OperatorLink(Protocol):
    """What operators need of a link."""

    async def read(self, unit_id: int, block: Block, pacing: Pacing, *, urgent: bool = False) -> Words:
        """The words of the block. Raises DriverError."""

    async def write(self, unit_id: int, block: Block, pacing: Pacing, request: bytes) -> None:
        """Send a write once. Raises DriverError; unless it is RefusedError, the write may have been done."""


@dataclass(frozen=True, slots=True)
class OperatedUnit:
    """A device as an operator meets it: where it is, what it is, and the ids of the profile's points."""

    link: OperatorLink
    unit_id: int
    profile: Profile
    point_ids: PointIds
    clock: Clock

    def place(self, key: str) -> int:
        """Raises KeyError when the profile has no such point."""
        for place, point in enumerate(self.profile.points):
            if point.key == key:
                return place
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the points said: their values (None: bad) and words by key, and all of it as samples."""

    values: Mapping[str, Value]
    words: Mapping[str, tuple[int, ...]]
    samples: SampleBatch

    def number(self, key: str) -> float | None:
        """The value of a numeric point; None when it is bad or was not looked at."""
        value = self.values.get(key)
        return value if isinstance(value, float) else None


async def look_at(unit: OperatedUnit, keys: Iterable[str], *, attempts: int = 1, together: bool = False) -> Seen:
    """Read these points, and those their scales and qualities depend on; each value in a request of its own.

    `together`: values that lie side by side in one request. Nothing beside them is read, which the device might not
    have. Raises DriverError.
    """
    places = sorted({unit.place(key) for key in _with_scales(unit, keys)})
    points = unit.profile.points
    spans = sorted(set(spans_of(points[place] for place in places)))
    blocks = plan_blocks(spans, replace(unit.profile.pacing, max_gap=0)) if together else spans
    decoder = Decoder(points, places, blocks)
    words = np.zeros(decoder.word_count, np.uint16)
    times: dict[Block, int] = {}
    for block, where in zip(blocks, decoder.slices, strict=True):
        words[where] = await _read(unit, block, attempts)
        times[block] = unit.clock.now_ms()
    values, quality = decoder.decode(words, np.full(len(points), np.nan))
    read_at = {points[place].key: times[_holder(span_of(points[place]), blocks)] for place in places}
    at = np.array([read_at[points[place].key] for place in decoder.positions], np.int64)
    own_words = {points[place].key: _own(points[place], blocks, decoder.slices, words) for place in places}
    said: dict[str, Value] = {
        points[place].key: value if Quality(code).has_value else None
        for place, value, code in zip(decoder.positions, values.tolist(), quality.tolist(), strict=True)
    }
    texts = {}
    for text in decoder.texts:
        point = points[text.point]
        said[point.key] = text.read(words)
        texts[PointId(int(unit.point_ids[text.point]))] = (read_at[point.key], text.read(words))
    return Seen(said, own_words, SampleBatch(unit.point_ids[decoder.positions], at, values, quality, texts))


def span_of(point: Point) -> Block:
    """The addresses of the point."""
    return Block(point.table, point.address, point.end)


def scale_source(point: Point) -> str | None:
    """Key of the point that says how this one is scaled."""
    return point.scale_factor or (point.scale_when.point if point.scale_when else None)


def _with_scales(unit: OperatedUnit, keys: Iterable[str]) -> Iterable[str]:
    for key in keys:
        yield key
        point = unit.profile.point(key)
        source = scale_source(point)
        if source is not None:
            yield source
        if point.manual_when is not None:
            yield point.manual_when.point


async def _read(unit: OperatedUnit, block: Block, attempts: int) -> Words:
    for attempt in range(1, attempts + 1):
        try:
            return await unit.link.read(unit.unit_id, block, unit.profile.pacing, urgent=True)
        except (NoAnswerError, BadReplyError) as error:
            if attempt == attempts or error.retry_in_s > unit.profile.pacing.pause_before_retry_s:
                raise
        await asyncio.sleep(unit.profile.pacing.pause_before_retry_s)
    raise AssertionError("the last attempt returns or raises")


def _own(point: Point, blocks: Sequence[Block], slices: Sequence[slice], words: Words) -> tuple[int, ...]:
    span = span_of(point)
    block = _holder(span, blocks)
    first = slices[blocks.index(block)].start + span.start - block.start
    return tuple(words[first : first + len(span)].tolist())


def _holder(span: Block, blocks: Sequence[Block]) -> Block:
    """The block that has the span."""
    return next(each for each in blocks if each.table is span.table and each.start <= span.start < each.end)
