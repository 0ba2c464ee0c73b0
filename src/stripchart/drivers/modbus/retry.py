"""Trying again, seldom, what a unit could not do: a register comes back by itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from stripchart.drivers.modbus.plan import holds_any, longest_block, plan_blocks
from stripchart.model.block import Block
from stripchart.model.limits import Hole, Lesson, Limits, next_retry_ms
from stripchart.model.point import Table
from stripchart.model.profile import Pacing

_Tried = TypeVar("_Tried", Hole, Lesson)


@dataclass(frozen=True, slots=True)
class Retry:
    """A block to ask for, and what its answer would disprove: a hole, or (None) the limit of length."""

    block: Block
    hole: Hole | None


def due(limits: Limits, spans: Sequence[Block], pacing: Pacing, now_ms: int) -> Retry | None:
    """The first hole or limit whose time has come. `spans`: the values of the unit."""
    for hole in limits.holes:
        if hole.retry_ms <= now_ms:
            return Retry(_across(hole.block, spans), hole)
    for is_bits in (False, True):
        lesson = limits.longest(is_bits=is_bits)
        if lesson is not None and lesson.retry_ms <= now_ms:
            block = _longer(limits, [span for span in spans if span.table.is_bits == is_bits], pacing, lesson)
            if block is not None:
                return Retry(block, None)
    return None


def retried(limits: Limits, retry: Retry, mute: Table | None = None, *, works: bool, now_ms: int) -> Limits:
    """The limits after the retry: what was disproved is gone, the rest is due later.

    `mute`: a table of which nothing was ever answered; one retry in vain stands for all of it.
    """
    if retry.hole is None:
        is_bits = retry.block.table.is_bits
        lesson = limits.longest(is_bits=is_bits)
        return limits.with_longest(None if works or lesson is None else _later(lesson, now_ms), is_bits=is_bits)
    if works:
        return replace(limits, holes=tuple(hole for hole in limits.holes if hole.block != retry.hole.block))
    holes = [
        _later(hole, now_ms)
        if hole.block == retry.hole.block or (hole.block.table is mute and hole.retry_ms <= now_ms)
        else hole
        for hole in limits.holes
    ]
    return replace(limits, holes=tuple(holes))


def _later(tried: _Tried, now_ms: int) -> _Tried:
    return replace(tried, tries=tried.tries + 1, retry_ms=next_retry_ms(tried.tries + 1, now_ms))


def _across(hole: Block, spans: Sequence[Block]) -> Block:
    """A value that has the hole in it is asked for alone; where nothing is wanted, the read goes right across."""
    if holds_any(hole, spans):
        return hole
    return Block(hole.table, max(hole.start - 1, 0), min(hole.end + 1, 65_536))


def _longer(limits: Limits, spans: Sequence[Block], pacing: Pacing, lesson: Lesson) -> Block | None:
    """A block that would be read were it not too long."""
    fitting = [span for span in spans if len(span) <= longest_block(span, pacing)]
    blocks = plan_blocks(fitting, pacing, [hole.block for hole in limits.holes])
    return next((block for block in blocks if len(block) > lesson.value), None)
