"""What is wrong in a table that is to be imported: which line, which column, and what is allowed."""

from dataclasses import dataclass, field

_LONGEST_SHOWN = 60


class TableError(Exception):
    """The table cannot be read at all; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class LineError:
    """`line` counts from 1, the header included; of a Parquet file, the row."""

    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.problem}"


@dataclass(slots=True)
class LineErrors:
    """Counts all, and keeps the first so many."""

    at_most: int
    count: int = 0
    first: list[LineError] = field(default_factory=list)

    def add(self, line: int, column: str, problem: str) -> None:
        self.count += 1
        if len(self.first) < self.at_most:
            self.first.append(LineError(line, column, problem))

    def has_room(self) -> bool:
        return len(self.first) < self.at_most


def shown(value: str) -> str:
    """A value of the table as a message tells it."""
    return repr(value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "...")
