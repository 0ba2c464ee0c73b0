"""The rule of thresholds, over columns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from stripchart.model.alarm import Thresholds
from stripchart.model.sample import Values

Levels = npt.NDArray[np.int8]
"""Of each value: 0 normal, 1 a warning and 2 critical above, -1 and -2 below."""

_NONE = Thresholds()


@dataclass(frozen=True, slots=True)
class Bounds:
    """Thresholds as columns; NaN where there is no bound."""

    critical_lower: Values
    warning_lower: Values
    warning_upper: Values
    critical_upper: Values
    hysteresis: Values

    def at(self, rows: npt.NDArray[np.intp]) -> "Bounds":
        """The rows of these places."""
        return Bounds(
            self.critical_lower[rows],
            self.warning_lower[rows],
            self.warning_upper[rows],
            self.critical_upper[rows],
            self.hysteresis[rows],
        )

    @classmethod
    def of(cls, thresholds: Sequence[Thresholds | None]) -> Self:
        """A row for each."""
        given = [each or _NONE for each in thresholds]
        return cls(
            _column([each.critical_lower for each in given]),
            _column([each.warning_lower for each in given]),
            _column([each.warning_upper for each in given]),
            _column([each.critical_upper for each in given]),
            _column([each.hysteresis for each in given]),
        )


def judged(values: Values, bounds: Bounds, before: Levels) -> Levels:
    """What the values are, given what those before them were.

    Beyond a bound means beyond it, not on it, and critical goes before a warning. A value that was beyond a bound
    still is until it has come back past it by the hysteresis. NaN is beyond nothing.
    """
    way_back = bounds.hysteresis
    levels: Levels = np.zeros(len(values), np.int8)
    levels[values > bounds.warning_upper - np.where(before >= 1, way_back, 0.0)] = 1
    levels[values < bounds.warning_lower + np.where(before <= -1, way_back, 0.0)] = -1
    levels[values > bounds.critical_upper - np.where(before == 2, way_back, 0.0)] = 2
    levels[values < bounds.critical_lower + np.where(before == -2, way_back, 0.0)] = -2
    return levels


def _column(bounds: Sequence[float | None]) -> Values:
    return np.array(bounds, np.float64)
