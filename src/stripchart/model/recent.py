"""Recent: how often something happened of late, how often in vain, and how long it took. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What happened within the span. `took_s` is the sum of it all."""

    count: int
    failed: int
    took_s: float

    @property
    def mean_ms(self) -> float:
        """How long it took on average; 0 when it did not happen."""
        return 1000 * self.took_s / self.count if self.count else 0.0

    @property
    def failed_share(self) -> float:
        """Of all that happened, the share that was in vain; 0 when nothing happened."""
        return self.failed / self.count if self.count else 0.0


class Recent:
    """Counts over a span that ends now, in as many parts as are given: memory and cost stay the same, whatever comes.

    Times are seconds of a clock that never steps.
    """

    __slots__ = ("_counts", "_failed", "_newest", "_part_s", "_parts", "_took_s")

    def __init__(self, span_s: float, parts: int = 60) -> None:
        self._parts, self._part_s = parts, span_s / parts
        self._counts, self._failed, self._took_s = [0] * parts, [0] * parts, [0.0] * parts
        self._newest = 0

    def note(self, now_s: float, took_s: float = 0.0, *, failed: bool = False, times: int = 1) -> None:
        """It happened."""
        place = self._move_to(now_s)
        self._counts[place] += times
        self._failed[place] += failed * times
        self._took_s[place] += took_s

    def told(self, now_s: float) -> Told:
        """What happened within the span before now."""
        self._move_to(now_s)
        return Told(sum(self._counts), sum(self._failed), sum(self._took_s))

    def _move_to(self, now_s: float) -> int:
        """The place of the part that now is in; parts that are over are emptied."""
        part = int(now_s / self._part_s)
        if part > self._newest:
            for passed in range(max(self._newest + 1, part - self._parts + 1), part + 1):
                place = passed % self._parts
                self._counts[place], self._failed[place], self._took_s[place] = 0, 0, 0.0
            self._newest = part
        return part % self._parts
