"""How often somebody may guess: so many attempts in so long, per user name and address."""

from collections import OrderedDict, deque

from stripchart.auth.errors import TooManyAttemptsError

_MOST_KEYS = 10_000


class Throttle:
    """Remembers failed attempts, of at most 10,000 keys: the one longest untouched is forgotten first."""

    def __init__(self, attempts: int = 5, window_s: float = 15 * 60) -> None:
        self._attempts, self._window_s = attempts, window_s
        self._failed: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def admit(self, username: str, address: str, now_s: float) -> None:
        """Count an attempt that is about to be made. Raises TooManyAttemptsError; that one is not counted.

        Counting before the password is looked at leaves no room for many guesses at the same moment.
        """
        key = (username.casefold(), address)
        times = self._failed.setdefault(key, deque())
        self._failed.move_to_end(key)
        while times and now_s - times[0] >= self._window_s:
            times.popleft()
        if len(times) >= self._attempts:
            raise TooManyAttemptsError(self._window_s - (now_s - times[0]))
        times.append(now_s)
        if len(self._failed) > _MOST_KEYS:
            self._failed.popitem(last=False)

    def allow(self, attempts: int) -> None:
        """So many from now on, those that were made counted."""
        self._attempts = attempts

    def succeeded(self, username: str, address: str) -> None:
        """The attempts before are forgiven."""
        self._failed.pop((username.casefold(), address), None)
