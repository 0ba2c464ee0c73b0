"""What a year file holds, as its one row of the table `state` says. Pure."""

import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """`sealed_sequence` is the newest batch of the journal of which the file has all samples of its year."""

    sealed_sequence: int
    samples: int
    first_ms: int | None
    last_ms: int | None

    @property
    def check(self) -> int:
        """The checksum of the row."""
        return zlib.crc32(repr((self.sealed_sequence, self.samples, self.first_ms, self.last_ms)).encode())

    @property
    def is_plausible(self) -> bool:
        """Whether this can be the row of a file with samples; for one that was written before rows had checksums."""
        numbers = (self.sealed_sequence, self.samples, self.first_ms, self.last_ms)
        return all(isinstance(each, int) for each in numbers) and min(self.sealed_sequence, self.samples) >= 0

    def span_with(self, first_ms: int, last_ms: int) -> tuple[int, int]:
        low = first_ms if self.first_ms is None else min(self.first_ms, first_ms)
        high = last_ms if self.last_ms is None else max(self.last_ms, last_ms)
        return low, high


UNTOUCHED = State(0, 0, None, None)
"""That of a file into which nothing has been written yet; its row has no checksum."""
