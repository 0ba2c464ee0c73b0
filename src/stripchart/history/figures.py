"""How a database is doing that keeps the history."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """`kind`: timescale or plain. `chunks` (of plain PostgreSQL: partitions), of which `compressed` are.

    `compression_ratio`: how many times smaller those became, None while there are none. `rows_per_s`: stored by this
    process in the last minute. `query_ms`: median, 95th and 99th percentile of the last queries of this process,
    None before there were any. `growth_bytes_per_day`: of the last week, None while not known.
    """

    kind: str
    samples: int
    bytes: int
    first_ms: int | None
    last_ms: int | None
    chunks: int
    compressed: int
    compression_ratio: float | None
    rows_per_s: float
    growth_bytes_per_day: float | None
    query_ms: tuple[float, float, float] | None

    @property
    def bytes_per_sample(self) -> float | None:
        return self.bytes / self.samples if self.samples else None
