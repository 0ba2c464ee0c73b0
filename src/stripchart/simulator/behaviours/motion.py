"""How single quantities move: first-order lags and drifts that stay near a mean."""

import math

import numpy as np

Random = np.random.Generator


def approach(value: float, target: float, seconds: float, time_constant_s: float) -> float:
    """Where a first-order lag stands after the time, on its way from `value` to `target`."""
    return target + (value - target) * math.exp(-seconds / time_constant_s)


class Drift:
    """A quantity that wanders about a mean and stays within three spreads of it."""

    def __init__(self, random: Random, mean: float, spread: float, time_constant_s: float = 60.0) -> None:
        self.mean, self.spread = mean, spread
        self._random, self._time_constant_s = random, time_constant_s
        self._deviation = self._noise()

    @property
    def value(self) -> float:
        return self.mean + self.spread * self._deviation

    def advance(self, seconds: float) -> float:
        """Let time pass; the new value."""
        if seconds > 0:
            kept = math.exp(-seconds / self._time_constant_s)
            self._deviation = kept * self._deviation + math.sqrt(1 - kept * kept) * self._noise()
            self._deviation = max(-3.0, min(3.0, self._deviation))
        return self.value

    def rest(self) -> None:
        """Be at the mean now."""
        self._deviation = 0.0

    def _noise(self) -> float:
        return max(-3.0, min(3.0, float(self._random.standard_normal())))
