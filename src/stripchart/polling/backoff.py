"""How long to wait after failures. Pure."""

from collections.abc import Iterator


def delays_s(*, first_s: float, longest_s: float) -> Iterator[float]:
    """first, 2 x first, 4 x first ... and then `longest_s` for ever."""
    delay_s = first_s
    while True:
        yield min(delay_s, longest_s)
        delay_s = min(delay_s * 2, longest_s)
