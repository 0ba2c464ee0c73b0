"""Breaker: keeps a silent unit from taking the time of the others. Pure: times are passed in, in seconds.

A unit that was silent for a whole poll is not asked any more, but for one probe now and then: its next request, with
a short time limit. The wait between probes doubles. A reply, a late one too, closes the breaker.
"""

import random
from enum import StrEnum

from stripchart.model.link import LinkOptions

_LONG_PROBE_EVERY = 4
"""A unit that has become slow is given more time in each fourth probe, the first among them."""
_SHORT, _LONG = (0.25, 3.0), (1.0, 10.0)
"""How long a probe waits: so many seconds at least, and so many times the slowest reply."""


class BreakerState(StrEnum):
    CLOSED = "closed"
    """The unit is asked whatever is wanted of it."""
    OPEN = "open"
    """The unit is silent; nothing is asked until the next probe is due."""
    PROBING = "probing"
    """One request is under way, to see whether the unit is back."""


class Breaker:
    """Of one unit."""

    __slots__ = ("_next_wait_s", "_probes", "asked_s", "due_s", "options", "silent", "since_s", "state")

    def __init__(self, options: LinkOptions) -> None:
        self.state = BreakerState.CLOSED
        self.since_s = 0.0
        self.due_s = 0.0
        self.asked_s = 0.0
        self.silent = 0
        """Requests in a row that were not answered."""
        self.options = options
        self._next_wait_s = options.probe_first_s
        self._probes = 0

    def configure(self, options: LinkOptions, now_s: float) -> None:
        """Other options hold from now on; nobody waits longer than they say."""
        self.options = options
        self._next_wait_s = min(max(self._next_wait_s, options.probe_first_s), options.probe_longest_s)
        if self.state is BreakerState.OPEN:
            self.due_s = min(self.due_s, now_s + options.probe_longest_s)

    def wait_s(self, now_s: float) -> float:
        """How long until the unit may be asked; 0: now."""
        if self.state is BreakerState.CLOSED:
            return 0.0
        return max(self.due_s - now_s, 0.001 if self.state is BreakerState.PROBING else 0.0)

    def probe(self, timeout_s: float, slowest_s: float, now_s: float) -> float:
        """Begin a probe; how long to wait for its reply. `slowest_s`: of the replies so far; 0: unlimited."""
        self.state, self.due_s = BreakerState.PROBING, now_s + timeout_s
        self._probes += 1
        if not slowest_s:
            return timeout_s
        least_s, times = _LONG if self._probes % _LONG_PROBE_EVERY == 1 else _SHORT
        return min(timeout_s, max(least_s, times * slowest_s))

    def shortened_s(self, timeout_s: float, slowest_s: float) -> float:
        """How long to wait for a unit that did not answer just now."""
        least_s, times = _LONG
        return min(timeout_s, max(least_s, times * slowest_s))

    def heard(self, now_s: float) -> bool:
        """The unit answered, or refused. True when that ends a silence."""
        self.silent = 0
        if self.state is BreakerState.CLOSED:
            return False
        self.state, self.since_s = BreakerState.CLOSED, now_s
        self._next_wait_s, self._probes = self.options.probe_first_s, 0
        return True

    def missed(self, limit: int, now_s: float) -> bool:
        """A request was not answered; after `limit` of them the breaker opens. True when it has just opened."""
        self.silent += 1
        if self.state is BreakerState.CLOSED and self.silent < limit:
            return False
        just_opened = self.state is BreakerState.CLOSED
        if just_opened:
            self.since_s = now_s
        self._wait(now_s)
        return just_opened

    def abandoned(self, now_s: float) -> None:
        """The probe told nothing: it was not sent, or the link was lost."""
        if self.state is BreakerState.PROBING:
            self.state, self.due_s = BreakerState.OPEN, now_s

    def _wait(self, now_s: float) -> None:
        self.state = BreakerState.OPEN
        self.due_s = now_s + self._next_wait_s * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret
        self._next_wait_s = min(2 * self._next_wait_s, self.options.probe_longest_s)
