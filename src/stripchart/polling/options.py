"""How patiently devices are asked, where their profile says nothing about it."""

import math
from dataclasses import dataclass

from stripchart.model.profile import Pacing

_ALLOWED = (("timeout_s", 0.01, 60), ("attempts", 1, 11), ("pause_before_retry_s", 0, 10))


@dataclass(frozen=True, slots=True)
class PollingOptions:
    """`timeout_s`: how long a reply may take. `attempts`: how often a request is made before a device is offline.

    `pause_before_retry_s` lies between two attempts. What a profile says wins.
    """

    timeout_s: float = 10.0
    attempts: int = 3
    pause_before_retry_s: float = 0.5

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least, most in _ALLOWED:
            value = getattr(self, name)
            if math.isnan(value) or not least <= value <= most:
                raise ValueError(f"{name} {value}: allowed are {least} to {most}")

    @property
    def pacing(self) -> Pacing:
        """The pacing of a profile that says nothing about it."""
        return Pacing(
            timeout_s=self.timeout_s, retries=self.attempts - 1, pause_before_retry_s=self.pause_before_retry_s
        )
