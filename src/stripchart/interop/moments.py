"""Times as texts of ISO 8601, in UTC or as clocks of a zone show them."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stripchart.history.grid import offsets_at
from stripchart.model.sample import Times

UTC = "UTC"

_DAY_MS = 86_400_000
_MINUTE_MS = 60_000
_DIGITS = ((11, 3_600_000, 2), (14, _MINUTE_MS, 2), (17, 1000, 2), (20, 1, 3))
"""Of hours, minutes, seconds and milliseconds: where they stand, how long they are, how many digits."""

_Text = npt.NDArray[np.uint8]


def local_ms(at_ms: Times, zone: str) -> tuple[Times, Times]:
    """What clocks of the zone show, as milliseconds since they showed 1970, and by how many minutes they are ahead.

    Offsets of whole minutes are all that ISO 8601 can tell; the few that are not are rounded, on both sides.
    """
    if zone == UTC:
        return at_ms, np.zeros(len(at_ms), np.int64)
    ahead_min = np.rint(offsets_at(zone, at_ms) / _MINUTE_MS).astype(np.int64)
    return at_ms + ahead_min * _MINUTE_MS, ahead_min


def iso_times(at_ms: Times, zone: str = UTC) -> pa.Array:
    """With milliseconds, and Z or the offset of the zone. By hand, because Arrow's own takes 20 times as long."""
    shown_ms, ahead_min = local_ms(at_ms, zone)
    days, day = np.unique(shown_ms // _DAY_MS, return_inverse=True)
    dates = np.array([f"{date}T" for date in days.astype("datetime64[D]").astype(str)])
    if any(len(date) != 11 for date in dates):  # years beyond 9999
        ends = ["Z"] * len(at_ms) if zone == UTC else [_end(minutes) for minutes in ahead_min.tolist()]
        times = shown_ms.astype("datetime64[ms]").astype(str)
        return pa.array([f"{time}{end}" for time, end in zip(times, ends, strict=True)])
    width = 24 if zone == UTC else 29
    text = np.empty((len(at_ms), width), np.uint8)
    text[:, :11] = dates.astype("S11").view(np.uint8).reshape(-1, 11)[day]
    rest = shown_ms % _DAY_MS
    for place, unit_ms, digits in _DIGITS:
        number, rest = rest // unit_ms, rest % unit_ms
        _put(text, place, number, digits)
    text[:, [13, 16, 19]] = np.frombuffer(b"::.", np.uint8)
    if zone == UTC:
        text[:, 23] = ord("Z")
    else:
        text[:, 23] = np.where(ahead_min < 0, ord("-"), ord("+"))
        _put(text, 24, abs(ahead_min) // 60, 2)
        text[:, 26] = ord(":")
        _put(text, 27, abs(ahead_min) % 60, 2)
    offsets = np.arange(0, width * len(at_ms) + 1, width, dtype=np.int32)
    return pa.StringArray.from_buffers(len(at_ms), pa.py_buffer(offsets), pa.py_buffer(text))


def _put(text: _Text, place: int, number: Times, digits: int) -> None:
    for digit in range(digits):
        text[:, place + digit] = ord("0") + number // 10 ** (digits - 1 - digit) % 10


def _end(ahead_min: int) -> str:
    sign = "-" if ahead_min < 0 else "+"
    return f"{sign}{abs(ahead_min) // 60:02d}:{abs(ahead_min) % 60:02d}"
