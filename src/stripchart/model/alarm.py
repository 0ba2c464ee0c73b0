"""Alarm limits of a point, and what a value, or a device, is by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from stripchart.model.complaint import Complaint, ComplaintCode, span


class Alert(StrEnum):
    """State of a value by the thresholds of its point. A device has that of its worst point; OFFLINE: unknown."""

    NORMAL = "normal"
    WARNING = "warning"
    CRITICAL = "critical"
    OFFLINE = "offline"


class ThresholdError(ValueError):
    """Thresholds that contradict each other. `field` is the one at fault; the message says what is allowed.

    `complaint` says the same by code.
    """

    def __init__(self, field: str, message: str, complaint: Complaint) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.complaint = field, complaint


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A value above an upper bound or below a lower one is a warning, or critical; equal to it is still normal.

    Each bound may be left out (None). All in the point's unit. `hysteresis`: how far a value must come back past the
    bound it crossed until it is as before.
    """

    critical_lower: float | None = None
    warning_lower: float | None = None
    warning_upper: float | None = None
    critical_upper: float | None = None
    hysteresis: float = 0.0

    @property
    def bounds(self) -> Mapping[str, float]:
        """Those that are there, by name, from the lowest to the highest."""
        named = {name: getattr(self, name) for name in BOUNDS}
        return {name: bound for name, bound in named.items() if bound is not None}


BOUNDS = ("critical_lower", "warning_lower", "warning_upper", "critical_upper")
"""Names of the bounds, in the order in which their values have to be."""


def check_thresholds(thresholds: Thresholds) -> Thresholds:
    """The thresholds, or ThresholdError: strictly in order, and the way back shorter than from side to side."""
    named = list(thresholds.bounds.items())
    for (lower_name, lower), (upper_name, upper) in pairwise(named):
        if lower >= upper:
            wrong = Complaint(ComplaintCode.ABOVE_FIELD, {"other": lower_name, "bound": lower})
            raise ThresholdError(upper_name, f"{upper:g} must be greater than {lower_name} {lower:g}", wrong)
    lowers = [bound for name, bound in named if name.endswith("lower")]
    uppers = [bound for name, bound in named if name.endswith("upper")]
    if thresholds.hysteresis < 0:
        raise ThresholdError("hysteresis", f"{thresholds.hysteresis:g}: allowed are 0 and more", span(0, None))
    if lowers and uppers and thresholds.hysteresis >= uppers[0] - lowers[-1]:
        width = uppers[0] - lowers[-1]
        message = f"{thresholds.hysteresis:g}: it must be less than the {width:g} between lower and upper bound"
        raise ThresholdError("hysteresis", message, Complaint(ComplaintCode.BELOW, {"bound": width}))
    return thresholds
