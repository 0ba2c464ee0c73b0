"""Five feeder relays behind an RTAC: a main one that carries the sum of the four others."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.simulator.behaviours.base import Unheard, Values
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.feeder import Feeder
from stripchart.simulator.behaviours.motion import Drift
from stripchart.simulator.behaviours.three_phase import ThreePhase, three_phase

PROFILE = "sel-751-rtac"

_LOADS_KW = (3.2, 6.5, 4.1, 7.4)
"""Small enough for the sum to fit the 16 bits of the map."""


class FeederRelays(Unheard):
    """All feeders hang on one busbar: same voltage, same frequency."""

    extra: Sequence[Block] = ()

    def __init__(self, seed: int, calendar: Calendar | None = None) -> None:
        random = np.random.default_rng(seed)
        self._feeders = [Feeder(random, load_kw, calendar=calendar) for load_kw in _LOADS_KW]
        self._supply_v = Drift(random, 125.0, 0.4, 120)
        if calendar:
            calendar.reseed(random)

    def pass_time(self, seconds: float) -> None:
        for feeder in self._feeders:
            feeder.advance(seconds)
        self._supply_v.advance(seconds)

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        loads, dc_v = [feeder.now for feeder in self._feeders], self._supply_v.value
        volts, hertz = loads[0].line_v[0], loads[0].frequency_hz
        branches = [three_phase(volts, hertz, load.total_p_kw, load.total_q_kvar, decimals=3) for load in loads]
        p, q = sum(branch.total_p_kw for branch in branches), sum(branch.total_q_kvar for branch in branches)
        values = _values("main", three_phase(volts, hertz, p, q, decimals=3), dc_v)
        for number, branch in enumerate(branches, 1):
            values |= _values(f"feeder_{number}", branch, dc_v)
        return values


def _values(feeder: str, state: ThreePhase, dc_v: float) -> Values:
    a, b, c = state.current_a
    # Three currents 120 degrees apart add up to what flows back through neutral.
    neutral = math.sqrt(max(0.0, a * a + b * b + c * c - a * b - b * c - c * a))
    return {
        f"{feeder}_freq": state.frequency_hz,
        f"{feeder}_source_freq": state.frequency_hz,
        f"{feeder}_ia": a,
        f"{feeder}_ib": b,
        f"{feeder}_ic": c,
        f"{feeder}_ig": neutral * 0.05,
        f"{feeder}_in": neutral,
        f"{feeder}_p": state.total_p_kw * 1000,
        f"{feeder}_pf": state.total_power_factor,
        f"{feeder}_q": state.total_q_kvar * 1000,
        f"{feeder}_s": state.total_s_kva * 1000,
        f"{feeder}_vab": state.line_v[0],
        f"{feeder}_vbc": state.line_v[1],
        f"{feeder}_vca": state.line_v[2],
        f"{feeder}_vdc": dc_v,
        f"{feeder}_vs": state.phase_v[0],
    }
