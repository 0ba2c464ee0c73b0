"""How long to wait after failures. Pure."""

from collections.abc import Iterator


def delays_s(*, first_s: float, longest_s: float) -> Iterator[float]:
    """first, 2 x first, 4 x first ... and then `longest_s` for ever."""
    delay_s = first_s
    while True:
        yield min(delay_s, longest_s)
        delay_s = min(delay_s * 2, longest_s)


def slots_to_skip(failures: int, interval_s: float, *, longest_s: float) -> int:
    """Slots to leave out after so many failed polls in a row: none, 1, 3, 7 ... within `longest_s` between polls."""
    most = max(1, int(longest_s / interval_s))
    return min(1 << min(max(failures, 0), 30), most) - 1
