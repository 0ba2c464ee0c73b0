"""How many refusals are put down: whoever guesses all day long shall not fill the disk."""


class Refusals:
    """Lets so many pass in each window; of the others the next one that passes says how many there were."""

    def __init__(self, most: int = 60, window_s: float = 60.0) -> None:
        self._most, self._window_s = most, window_s
        self._began_s = float("-inf")
        self._passed = self._left_out = 0

    def admit(self, now_s: float) -> int | None:
        """How many were left out before this one; None when it is to be left out itself."""
        if now_s - self._began_s >= self._window_s:
            self._began_s, self._passed = now_s, 0
        if self._passed >= self._most:
            self._left_out += 1
            return None
        self._passed += 1
        left_out, self._left_out = self._left_out, 0
        return left_out
