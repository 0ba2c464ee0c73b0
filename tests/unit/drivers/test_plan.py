"""Every point is read, no block is too long, no gap too wide, and no cover is smaller."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.plan import plan_blocks, wasted
from stripchart.model.block import Block
from stripchart.model.point import DataType, Point, Table
from stripchart.model.profile import Pacing

spans = st.lists(
    st.builds(
        lambda table, start, length: Block(table, start, start + length),
        st.sampled_from(Table),
        st.integers(0, 400),
        st.integers(1, 8),
    ),
    min_size=1,
    max_size=40,
)
pacings = st.builds(
    Pacing, max_registers=st.integers(8, 125), max_bits=st.integers(8, 300), max_gap=st.integers(0, 20)
)


def limit_of(block: Block, pacing: Pacing) -> int:
    return pacing.max_bits if block.table.is_bits else pacing.max_registers


def bridge_of(block: Block, pacing: Pacing) -> int:
    return pacing.max_gap * 16 if block.table.is_bits else pacing.max_gap


@given(spans, pacings)
def test_every_span_lies_whole_in_one_block(wanted: list[Block], pacing: Pacing) -> None:
    blocks = plan_blocks(wanted, pacing)
    for span in wanted:
        assert any(b.table is span.table and b.start <= span.start and span.end <= b.end for b in blocks)


@given(spans, pacings)
def test_no_block_is_over_the_limit(wanted: list[Block], pacing: Pacing) -> None:
    assert all(len(block) <= limit_of(block, pacing) for block in plan_blocks(wanted, pacing))


@given(spans, pacings)
def test_no_block_bridges_over_the_gap(wanted: list[Block], pacing: Pacing) -> None:
    covered = {(span.table, address) for span in wanted for address in range(span.start, span.end)}
    for block in plan_blocks(wanted, pacing):
        run = 0
        for address in range(block.start, block.end):
            run = 0 if (block.table, address) in covered else run + 1
            assert run <= bridge_of(block, pacing)
        assert (block.table, block.start) in covered
        assert (block.table, block.end - 1) in covered


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 4)), min_size=1, max_size=9), st.integers(0, 6))
def test_no_other_cover_needs_fewer_blocks(starts: list[tuple[int, int]], max_gap: int) -> None:
    pacing = Pacing(max_registers=16, max_gap=max_gap)
    wanted = sorted({Block(Table.HOLDING, start, start + length) for start, length in starts})
    assert len(plan_blocks(wanted, pacing)) == fewest(wanted, pacing)


def fewest(wanted: list[Block], pacing: Pacing) -> int:
    """The smallest number of blocks, by trying every place to cut the sorted spans."""
    best = [0] + [len(wanted)] * len(wanted)
    for end in range(1, len(wanted) + 1):
        for start in range(end):
            part = wanted[start:end]
            if joins(part, pacing):
                best[end] = min(best[end], best[start] + 1)
    return best[-1]


def joins(part: list[Block], pacing: Pacing) -> bool:
    reach = part[0].end
    for span in part[1:]:
        if span.start - reach > pacing.max_gap:
            return False
        reach = max(reach, span.end)
    return reach - part[0].start <= pacing.max_registers


def test_a_value_longer_than_a_request_is_refused() -> None:
    with pytest.raises(ValueError, match=r"holding 0\.\.9 is longer than one request may be \(8\)"):
        plan_blocks([Block(Table.HOLDING, 0, 10)], Pacing(max_registers=8))


def test_waste_counts_the_bridged_registers() -> None:
    points = [
        Point(key=str(address), name={"en": "x"}, table=Table.HOLDING, address=address, type=DataType.UINT16)
        for address in (0, 3)
    ]
    assert wasted([Block(Table.HOLDING, 0, 4)], points) == 2
