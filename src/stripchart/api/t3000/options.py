"""How many requests of the T3000 API are worked on at a time, and how long one may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """Of the T3000 API: `request_timeout_s` until the answer begins, waiting included.

    `concurrent_requests`: so many are worked on at a time; others wait for their turn.
    """

    request_timeout_s: float = 30.0
    concurrent_requests: int = 100

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least, most in (("request_timeout_s", 0.1, 3600), ("concurrent_requests", 1, 10_000)):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} {getattr(self, name)}: allowed are {least} to {most}")
