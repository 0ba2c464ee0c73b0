"""When a link connects, drops its connection, and gives a dead host a rest. Pure: times are passed in, in seconds."""

import random

from stripchart.model.cause import Cause
from stripchart.model.link import LinkOptions

_IN_VAIN_UNTIL_DROP = 3


class LinkHealth:
    """What a link remembers of its luck. `trouble` says why it is down, `cause` by code; empty while it is not."""

    def __init__(self, options: LinkOptions) -> None:
        self.trouble = ""
        self.cause = Cause()
        self.options = options
        self._next_wait_s = options.retry_first_s
        self._retry_at_s = 0.0
        self._heard = False
        self._heard_at_s = 0.0
        self._in_vain = 0

    def configure(self, options: LinkOptions, now_s: float, *, retry: bool) -> None:
        """Other options hold from now on; nobody waits longer than they say. `retry`: try again at once."""
        self.options = options
        self._next_wait_s = min(max(self._next_wait_s, options.retry_first_s), options.retry_longest_s)
        self._retry_at_s = min(self._retry_at_s, now_s + (0.0 if retry else options.retry_longest_s))

    def wait_s(self, now_s: float) -> float:
        """How long until the next attempt to connect; 0 when one may be made now."""
        return max(self._retry_at_s - now_s, 0.0) if self.trouble else 0.0

    def connected(self, now_s: float) -> None:
        """There is a connection. That proves little: a converter with too many clients accepts one, and closes it."""
        self._heard, self._heard_at_s, self._in_vain = False, now_s, 0

    def replied(self, now_s: float) -> bool:
        """A unit answered. True when that ends a time of trouble."""
        recovered = bool(self.trouble)
        self.trouble, self._next_wait_s = "", self.options.retry_first_s
        self._heard, self._heard_at_s, self._in_vain = True, now_s, 0
        return recovered

    def silent(self, now_s: float) -> bool:
        """A request was in vain. True when the connection should be made anew."""
        self._in_vain += 1
        long = now_s - self._heard_at_s >= self.options.silence_limit_s
        return long and self._in_vain >= _IN_VAIN_UNTIL_DROP

    def lost(self, reason: str, cause: Cause, now_s: float) -> bool:
        """The connection was lost. True when it never brought a reply: that is as good as none made."""
        if self._heard:
            return False
        self.failed(reason, cause, now_s)
        return True

    def failed(self, reason: str, cause: Cause, now_s: float) -> None:
        """No connection could be made."""
        self.trouble, self.cause = reason, cause
        self._retry_at_s = now_s + self._next_wait_s * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret
        self._next_wait_s = min(2 * self._next_wait_s, self.options.retry_longest_s)
