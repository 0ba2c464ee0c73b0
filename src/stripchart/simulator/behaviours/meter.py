"""A three-phase energy meter."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.simulator.behaviours.base import Unheard, Values
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.feeder import Feeder
from stripchart.simulator.behaviours.motion import Drift, approach
from stripchart.simulator.behaviours.three_phase import ThreePhase

PROFILE = "eastron-sdm630"

_DEMAND_TIME_CONSTANT_S = 300.0
_KWH_A_DAY = 700.0
_HIGHEST_KW = 50.0


class Meter(Unheard):
    """Measures a feeder and counts its energy."""

    extra: Sequence[Block] = ()

    def __init__(self, seed: int, calendar: Calendar | None = None) -> None:
        random = np.random.default_rng(seed)
        self._feeder = Feeder(random, 32.0, calendar=calendar)
        self._distortion = Drift(random, 2.4, 0.25, 60)
        self._kwh = float(random.uniform(8_000, 20_000))
        self._kvarh, self._kvah = self._kwh * 0.42, self._kwh * 1.085
        self._demand_kw = self._highest_kw = self._feeder.now.total_p_kw
        if calendar:
            self._highest_kw = _HIGHEST_KW
            self.tallies = [tally + calendar.age_days * _KWH_A_DAY for tally in self.tallies]
            calendar.reseed(random)

    @property
    def tallies(self) -> list[float]:
        """Active, reactive and apparent energy: see `Tallied`."""
        return [self._kwh, self._kvarh, self._kvah]

    @tallies.setter
    def tallies(self, tallies: Sequence[float]) -> None:
        self._kwh, self._kvarh, self._kvah = tallies

    def pass_time(self, seconds: float) -> None:
        self._feeder.advance(seconds)
        self._distortion.advance(seconds)
        now = self._feeder.now
        self._count(now, seconds / 3600)
        self._demand_kw = approach(self._demand_kw, now.total_p_kw, seconds, _DEMAND_TIME_CONSTANT_S)
        self._highest_kw = max(self._highest_kw, self._demand_kw)

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        now, distortion = self._feeder.now, self._distortion.value
        values = {**_totals(now), **self._energies()}
        for phase in range(3):
            values |= _phase(now, phase)
            values[f"voltage_thd_l{phase + 1}"] = distortion
            values[f"current_thd_l{phase + 1}"] = distortion * 3.1
        return values

    def _count(self, now: ThreePhase, hours: float) -> None:
        self._kwh += now.total_p_kw * hours
        self._kvarh += now.total_q_kvar * hours
        self._kvah += now.total_s_kva * hours

    def _energies(self) -> Values:
        return {
            "import_energy": self._kwh,
            "export_energy": 0.0,
            "import_reactive_energy": self._kvarh,
            "export_reactive_energy": 0.0,
            "apparent_energy": self._kvah,
            "total_energy": self._kwh,
            "total_reactive_energy": self._kvarh,
            "power_demand": self._demand_kw * 1000,
            "max_power_demand": self._highest_kw * 1000,
        }


def _phase(now: ThreePhase, phase: int) -> Values:
    line = f"l{phase + 1}"
    following = f"l{(phase + 1) % 3 + 1}"
    return {
        f"voltage_{line}": now.phase_v[phase],
        f"voltage_{line}_{following}": now.line_v[phase],
        f"current_{line}": now.current_a[phase],
        f"power_{line}": now.p_kw[phase] * 1000,
        f"apparent_{line}": now.s_kva[phase] * 1000,
        f"reactive_{line}": now.q_kvar[phase] * 1000,
        f"pf_{line}": now.power_factor[phase],
        f"phase_{line}": _angle(now.power_factor[phase]),
    }


def _totals(now: ThreePhase) -> Values:
    total_a = sum(now.current_a)
    return {
        "frequency": now.frequency_hz,
        "voltage_avg": sum(now.phase_v) / 3,
        "current_avg": total_a / 3,
        "current_sum": total_a,
        "current_neutral": max(now.current_a) - min(now.current_a),
        "total_power": now.total_p_kw * 1000,
        "total_apparent": now.total_s_kva * 1000,
        "total_reactive": now.total_q_kvar * 1000,
        "total_pf": now.total_power_factor,
        "total_phase": _angle(now.total_power_factor),
    }


def _angle(power_factor: float) -> float:
    return math.degrees(math.acos(min(1.0, power_factor)))
