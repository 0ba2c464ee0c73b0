"""Whole numbers that a float64 cannot hold: their digits travel as a text beside the nearest value. Pure.

Below 2^53 a float64 is exact for whole numbers, beyond it only every second one, and fewer further on.
"""

from bisect import bisect_right
from collections.abc import Sequence

from stripchart.model.sample import Times, Values

EXACT_BELOW = 2.0**53


def digits_of(value: float, text: str | None) -> str | None:
    """The digits of a whole number of which `value` is the nearest float64, when `text` is that; else None.

    A text that came into force with another number is not taken, so what is not known exactly is not invented.
    """
    if text is None or not abs(value) >= EXACT_BELOW:
        return None
    try:
        return text if float(int(text)) == value else None
    except ValueError:
        return None


def digits_of_all(at_ms: Times, value: Values, texts: Sequence[tuple[int, str]]) -> list[str | None]:
    """The same for samples of one point; `texts` are its texts, oldest first, as times and texts."""
    since = [time for time, _ in texts]
    in_force = (bisect_right(since, time) - 1 for time in at_ms.tolist())
    return [
        digits_of(number, texts[place][1] if place >= 0 else None)
        for place, number in zip(in_force, value.tolist(), strict=True)
    ]
