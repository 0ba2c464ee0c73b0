"""The clock of a device against ours. Pure.

A device shows local time and does not say of which zone. Zones are whole quarters of an hour from UTC, so what lies
beyond the nearest quarter is an error; so is more than any zone is off.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from stripchart.drivers.base import Notice
from stripchart.model.facts import Facts
from stripchart.model.warning import WarningCode

_FIELD = "clock"
_QUARTER_S = 900
_ZONES_S = (-12 * 3600, 14 * 3600)
_DAYS_FROM_S = 2 * 86_400
_CENTURY = 2000


def clock_notice(parts: Sequence[float], at_ms: int, tolerance_s: float) -> Notice | None:
    """What is wrong with the clock, None when nothing is. `parts`: year (of two or four digits) to second."""
    try:
        shown = _moment(parts)
    except ValueError:
        written = "-".join(f"{part:02.0f}" for part in parts[:3]), ":".join(f"{part:02.0f}" for part in parts[3:])
        message = f"the device's clock shows {' '.join(written)}, which is no time"
        return Notice(_FIELD, message, WarningCode.CLOCK_INVALID, {"shown": " ".join(written)})
    off_s = shown.timestamp() - at_ms / 1000
    zone_s = round(off_s / _QUARTER_S) * _QUARTER_S
    if not _ZONES_S[0] <= zone_s <= _ZONES_S[1]:
        told = f"{shown:%Y-%m-%d %H:%M:%S}"
        message = f"the device's clock shows {told}, {_span(off_s)} our time in UTC"
        return Notice(_FIELD, message, _code(off_s), {"shown": told, "off_s": abs(off_s), "zone": "UTC"})
    if abs(off_s - zone_s) <= tolerance_s:
        return None
    zone = "UTC" + (f"{'+' if zone_s > 0 else '-'}{timedelta(seconds=abs(zone_s))}"[:-3] if zone_s else "")
    message = f"the device's clock shows {shown:%H:%M:%S}, {_span(off_s - zone_s)} ours, taken for a clock of {zone}"
    facts: Facts = {"shown": f"{shown:%H:%M:%S}", "off_s": abs(off_s - zone_s), "zone": zone}
    return Notice(_FIELD, message, _code(off_s - zone_s), facts)


def _moment(parts: Sequence[float]) -> datetime:
    year, month, day, hour, minute, second = map(int, parts)
    return datetime(year + _CENTURY if year < 100 else year, month, day, hour, minute, second, tzinfo=UTC)


def _code(off_s: float) -> WarningCode:
    return WarningCode.CLOCK_SLOW if off_s < 0 else WarningCode.CLOCK_FAST


def _span(seconds: float) -> str:
    far = f"{abs(seconds) / 86_400:.0f} days" if abs(seconds) >= _DAYS_FROM_S else f"{abs(seconds):.0f} s"
    return f"{far} {'before' if seconds < 0 else 'after'}"
