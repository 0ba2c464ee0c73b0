"""Three-phase quantities that agree with each other: voltages, currents, powers, power factors. Pure."""

import math
from dataclasses import dataclass

Three = tuple[float, float, float]

_VOLTAGE_SKEW = (1.002, 0.999, 0.999)
_LOAD_SKEW = (0.99, 1.02, 0.99)


@dataclass(frozen=True, slots=True)
class ThreePhase:
    """Volts, amperes, kW, kvar, kVA of a three-phase feeder. Totals are the sums of the phases as shown."""

    line_v: Three
    phase_v: Three
    current_a: Three
    p_kw: Three
    q_kvar: Three
    frequency_hz: float

    @property
    def total_p_kw(self) -> float:
        return sum(self.p_kw)

    @property
    def total_q_kvar(self) -> float:
        return sum(self.q_kvar)

    @property
    def s_kva(self) -> Three:
        a, b, c = (math.hypot(p, q) for p, q in zip(self.p_kw, self.q_kvar, strict=True))
        return a, b, c

    @property
    def total_s_kva(self) -> float:
        return math.hypot(self.total_p_kw, self.total_q_kvar)

    @property
    def power_factor(self) -> Three:
        a, b, c = (_factor(p, s) for p, s in zip(self.p_kw, self.s_kva, strict=True))
        return a, b, c

    @property
    def total_power_factor(self) -> float:
        return _factor(self.total_p_kw, self.total_s_kva)


def three_phase(line_v: float, frequency_hz: float, p_kw: float, q_kvar: float, *, decimals: int = 1) -> ThreePhase:
    """Spread a feeder's totals over its phases. Powers are rounded to `decimals`, as the device shows them."""
    line = _spread(line_v, _VOLTAGE_SKEW)
    phase = _spread(line_v / math.sqrt(3), _VOLTAGE_SKEW)
    p = _rounded(_spread(p_kw / 3, _LOAD_SKEW), decimals)
    q = _rounded(_spread(q_kvar / 3, _LOAD_SKEW), decimals)
    a, b, c = (1000 * math.hypot(p[i], q[i]) / phase[i] if phase[i] > 1 else 0.0 for i in range(3))
    return ThreePhase(line, phase, (a, b, c), p, q, frequency_hz)


def reactive(p_kw: float, power_factor: float) -> float:
    """The kvar that go with the kW at a power factor."""
    return p_kw * math.tan(math.acos(power_factor))


def _spread(value: float, skew: Three) -> Three:
    return value * skew[0], value * skew[1], value * skew[2]


def _rounded(values: Three, decimals: int) -> Three:
    return round(values[0], decimals), round(values[1], decimals), round(values[2], decimals)


def _factor(p: float, s: float) -> float:
    """An unloaded feeder is shown with 1."""
    return p / s if s > 0.05 else 1.0
