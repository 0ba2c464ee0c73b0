"""The register image of a device: its four tables, kept as the bytes that go on the wire."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stripchart.model.block import Block
from stripchart.model.point import Point, Table
from stripchart.model.profile import Profile


@dataclass(frozen=True, slots=True)
class _Run:
    """Addresses `start` to `end` (not included), two bytes a register, one byte a bit."""

    start: int
    end: int
    data: bytearray


class Image:
    """Runs of addresses that answer. Inside a run an address that nobody set is 0; outside there is nothing."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._runs: dict[Table, list[_Run]] = {table: [] for table in Table}
        for block in merged(blocks):
            width = 1 if block.table.is_bits else 2
            self._runs[block.table].append(_Run(block.start, block.end, bytearray(len(block) * width)))

    def read(self, table: Table, start: int, count: int) -> bytes | None:
        """Data bytes of a reply: registers big-endian, bits packed eight to a byte. None: no such addresses."""
        run = self._run(table, start, count)
        if run is None:
            return None
        first = start - run.start
        if table.is_bits:
            bits = np.frombuffer(run.data, np.uint8, count, first)
            return np.packbits(bits, bitorder="little").tobytes()
        return bytes(run.data[2 * first : 2 * (first + count)])

    def values(self, table: Table, start: int, count: int) -> tuple[int, ...]:
        """The registers or bits as numbers. Raises KeyError when there are no such addresses."""
        run = self._run(table, start, count)
        if run is None:
            raise KeyError(f"{table} {start}..{start + count - 1}")
        letter, width = ("B", 1) if table.is_bits else ("H", 2)
        values: tuple[int, ...] = struct.unpack_from(f">{count}{letter}", run.data, (start - run.start) * width)
        return values

    def write(self, table: Table, start: int, values: Sequence[int]) -> bool:
        """Store registers or bits; False, and nothing stored, when there are no such addresses."""
        run = self._run(table, start, len(values))
        if run is None:
            return False
        letter, width = ("B", 1) if table.is_bits else ("H", 2)
        struct.pack_into(f">{len(values)}{letter}", run.data, (start - run.start) * width, *values)
        return True

    def _run(self, table: Table, start: int, count: int) -> _Run | None:
        for run in self._runs[table]:
            if run.start <= start and start + count <= run.end:
                return run
        return None


def spans(points: Iterable[Point]) -> list[Block]:
    """For each table that has points, one block from the first to the last known address.

    Real devices answer the gaps between their registers with 0 and refuse what lies beyond.
    """
    ends: dict[Table, tuple[int, int]] = {}
    for point in points:
        start, end = ends.get(point.table, (point.address, point.end))
        ends[point.table] = min(start, point.address), max(end, point.end)
    return [Block(table, start, end) for table, (start, end) in ends.items()]


def written_to(profile: Profile) -> list[Block]:
    """Where a profile's commands and writes go, which may be where no point is."""
    blocks = [
        Block(step.table, step.address, step.address + 1)
        for command in profile.commands.values()
        for step in command.steps
    ]
    for point in profile.points:
        if point.writable is not None and point.writable.address is not None:
            start = point.writable.address
            blocks.append(Block(point.table, start, start + point.registers))
        if point.writable is not None and point.writable.unlock is not None:
            blocks.append(Block(Table.HOLDING, point.writable.unlock[0], point.writable.unlock[0] + 1))
    return blocks


def merged(blocks: Iterable[Block]) -> list[Block]:
    """The same addresses in the fewest blocks: what touches or overlaps becomes one."""
    result: list[Block] = []
    for block in sorted(blocks):
        last = result[-1] if result else None
        if last and last.table is block.table and block.start <= last.end:
            result[-1] = Block(last.table, last.start, max(last.end, block.end))
        else:
            result.append(block)
    return result
