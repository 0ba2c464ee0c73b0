"""Block: a run of addresses read in one request."""

from dataclasses import dataclass

from stripchart.model.point import Table


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """Addresses `start` to `end` (not included) of one table, 0-based."""

    table: Table
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __str__(self) -> str:
        return f"{self.table} {self.start}..{self.end - 1}"
