"""Read planning: the points of a device as the fewest blocks its profile allows. Pure."""

from collections.abc import Iterable, Sequence

from stripchart.model.block import Block
from stripchart.model.point import Point
from stripchart.model.profile import Pacing

_BITS_PER_REGISTER = 16


def plan_points(points: Iterable[Point], pacing: Pacing, holes: Sequence[Block] = ()) -> tuple[Block, ...]:
    """The blocks to read for these points, ordered by table and address."""
    return plan_blocks(spans_of(points), pacing, holes)


def spans_of(points: Iterable[Point]) -> list[Block]:
    """The addresses of each point."""
    return [Block(point.table, point.address, point.end) for point in points]


def plan_blocks(spans: Iterable[Block], pacing: Pacing, holes: Sequence[Block] = ()) -> tuple[Block, ...]:
    """Cover every span with the fewest blocks that obey the pacing.

    A span lies whole in one block (its words are one value). A block is never longer than the limit of its table,
    never bridges more than `max_gap` unwanted registers (as many bits as they hold, for bit tables), and never has a
    whole hole in it; a span that has one is left out. Taking spans by address and closing a block only when the next
    span does not fit is optimal, because every part of a block that may be read may be read: any other cover closes
    its k-th block no later. Raises ValueError when a single span is over the limit.
    """
    blocks: list[Block] = []
    for span in sorted(set(spans)):
        if len(span) > longest_block(span, pacing):
            raise ValueError(f"{span} is longer than one request may be ({longest_block(span, pacing)})")
        if holes and holds_any(span, holes):
            continue
        last = blocks[-1] if blocks else None
        if last is not None and _fits(last, span, pacing) and not (holes and holds_any(hull(last, span), holes)):
            blocks[-1] = hull(last, span)
        else:
            blocks.append(span)
    return tuple(blocks)


def holds_any(block: Block, holes: Iterable[Block]) -> bool:
    """Whether a whole hole is in the block."""
    return any(hole.table is block.table and block.start <= hole.start and hole.end <= block.end for hole in holes)


def hull(first: Block, last: Block) -> Block:
    """The shortest block that has both, of which `first` starts no later."""
    return Block(first.table, first.start, max(first.end, last.end))


def longest_block(block: Block, pacing: Pacing) -> int:
    """The most addresses one request to the block's table may ask for."""
    return pacing.max_bits if block.table.is_bits else pacing.max_registers


def wasted(blocks: Sequence[Block], points: Iterable[Point]) -> int:
    """Addresses the blocks read that no point wants."""
    wanted = {(point.table, address) for point in points for address in range(point.address, point.end)}
    return sum(len(block) for block in blocks) - len(wanted)


def _fits(last: Block, span: Block, pacing: Pacing) -> bool:
    bridge = pacing.max_gap * (_BITS_PER_REGISTER if span.table.is_bits else 1)
    return (
        last.table is span.table
        and span.start - last.end <= bridge
        and max(last.end, span.end) - last.start <= longest_block(span, pacing)
    )
