"""How much may wait on the disk while the history's server is away."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpoolOptions:
    """What is older than `hours`, or more than `max_bytes`, goes, the oldest first, and is counted."""

    hours: float = 72.0
    max_bytes: int = 4 * 2**30

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        if not 0.01 <= self.hours <= 87_600:
            raise ValueError(f"hours {self.hours}: allowed are 0.01 to 87600")
        if not 1_000_000 <= self.max_bytes <= 2**60:
            raise ValueError(f"max_bytes {self.max_bytes}: allowed are 1000000 to {2**60}")
