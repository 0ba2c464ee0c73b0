"""A photovoltaic inverter in SunSpec models 1 and 103: its day, clouds, and heat."""

import math
from collections.abc import Mapping, Sequence
from enum import IntEnum

import numpy as np

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.simulator.behaviours.base import Unheard, Values
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.motion import Drift, approach
from stripchart.simulator.behaviours.three_phase import ThreePhase, three_phase

PROFILE = "sunspec-inverter"

DAY_S = 3600.0
"""Plant time from one midnight to the next, of an inverter without a calendar."""

_PEAK_KW = 12.0
_MORNING = 0.36
_DAYLIGHT = 0.02
_WH_A_DAY = 90_000.0
_AMBIENT_C = 22.0
_STARTING_S = 20.0
_SUNSPEC = 0x53756E53

_IDENTITY: Values = {
    "sunspec_id": float(_SUNSPEC),
    "manufacturer": "Stripchart",
    "model": "Simulated PV 12k",
    "options": "3-phase",
    "version": "1.0.0",
    "serial_number": "SIM-0001",
    "device_address": 1.0,
    "model_id": 103.0,
    "vendor_state": 0.0,
    "events": 0.0,
    "vendor_events_1": 0.0,
    "vendor_events_2": 0.0,
    "vendor_events_3": 0.0,
    "vendor_events_4": 0.0,
    "temperature_transformer": None,
    "temperature_other": None,
}
_FACTORS: Values = {
    "a_sf": -2.0,
    "v_sf": -1.0,
    "w_sf": 0.0,
    "hz_sf": -2.0,
    "va_sf": 0.0,
    "var_sf": 0.0,
    "pf_sf": -1.0,
    "wh_sf": 0.0,
    "dca_sf": -2.0,
    "dcv_sf": -1.0,
    "dcw_sf": 0.0,
    "tmp_sf": -1.0,
}


class InverterState(IntEnum):
    """Codes of the operating state (SunSpec model 103, field St)."""

    OFF = 1
    SLEEPING = 2
    STARTING = 3
    TRACKING = 4
    THROTTLED = 5
    SHUTTING_DOWN = 6


class Inverter(Unheard):
    """Sleeps at night, follows the sun by day."""

    extra: Sequence[Block] = ()

    def __init__(self, seed: int, calendar: Calendar | None = None) -> None:
        random = np.random.default_rng(seed)
        self._now_s = _MORNING * DAY_S
        self._clouds = Drift(random, 0.85, 0.05, 60)
        self._volts = Drift(random, 400.0, 1.2, 60)
        self._hertz = Drift(random, 50.0, 0.015, 30)
        self._state = InverterState.TRACKING
        self._in_state_s = 0.0
        self._wh = float(random.integers(1_000_000, 9_000_000))
        self._sink_c = 35.0
        self._calendar = calendar
        self._output = three_phase(0.0, 0.0, 0.0, 0.0)
        if calendar:
            self._wh += calendar.age_days * _WH_A_DAY
            self._state, self._sink_c = InverterState.SLEEPING, _AMBIENT_C
            calendar.reseed(random)

    @property
    def tallies(self) -> list[float]:
        """The energy: see `Tallied`."""
        return [self._wh]

    @tallies.setter
    def tallies(self, tallies: Sequence[float]) -> None:
        (self._wh,) = tallies

    @property
    def sun(self) -> float:
        """0 at night, 1 under a clear sky at noon."""
        if self._calendar:
            return self._calendar.sun * self._clouds.value * (0.7 + 0.3 * self._calendar.weather)
        height = -math.cos(2 * math.pi * self._now_s / DAY_S)
        return max(0.0, height) * self._clouds.value

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        return {
            **_IDENTITY,
            **_FACTORS,
            **_ac_values(self._output),
            **self._dc_values(self._p_kw),
            **self._state_values(),
        }

    def pass_time(self, seconds: float) -> None:
        self._now_s += seconds
        for drift in (self._clouds, self._volts, self._hertz):
            drift.advance(seconds)
        self._move_state(seconds)
        p = self._p_kw
        self._output = three_phase(self._volts.value, self._hertz.value, p, 0.02 * p, decimals=3)
        self._wh += self._output.total_p_kw * 1000 * seconds / 3600
        self._sink_c = approach(self._sink_c, _AMBIENT_C + 3.2 * p, seconds, 180)

    @property
    def _p_kw(self) -> float:
        return _PEAK_KW * self.sun if self._state is InverterState.TRACKING else 0.0

    def _move_state(self, seconds: float) -> None:
        self._in_state_s += seconds
        bright, state = self.sun > _DAYLIGHT, self._state
        if state is InverterState.SLEEPING and bright:
            state = InverterState.STARTING
        elif state is InverterState.STARTING and self._in_state_s >= _STARTING_S:
            state = InverterState.TRACKING
        elif state is InverterState.TRACKING and not bright:
            state = InverterState.SHUTTING_DOWN
        elif state is InverterState.SHUTTING_DOWN and self._in_state_s >= _STARTING_S:
            state = InverterState.SLEEPING
        if state is not self._state:
            self._state, self._in_state_s = state, 0.0

    def _dc_values(self, p_kw: float) -> Values:
        dc_w = p_kw * 1000 / 0.97
        volts = 620.0 - 4.0 * p_kw if self.sun > 0 else 0.0
        return {"dc_voltage": volts, "dc_current": dc_w / volts if volts else 0.0, "dc_power": dc_w}

    def _state_values(self) -> Values:
        return {
            "operating_state": float(self._state),
            "energy": self._wh,
            "temperature_sink": self._sink_c,
            "temperature_cabinet": _AMBIENT_C + (self._sink_c - _AMBIENT_C) * 0.5,
        }


def _ac_values(output: ThreePhase) -> Values:
    values: Values = {
        "current": sum(output.current_a),
        "power": output.total_p_kw * 1000,
        "frequency": output.frequency_hz,
        "apparent_power": output.total_s_kva * 1000,
        "reactive_power": output.total_q_kvar * 1000,
        "power_factor": output.total_power_factor * 100,
    }
    for phase, (letter, pair) in enumerate(zip("abc", ("ab", "bc", "ca"), strict=True)):
        values[f"current_{letter}"] = output.current_a[phase]
        values[f"voltage_{letter}"] = output.phase_v[phase]
        values[f"voltage_{pair}"] = output.line_v[phase]
    return values
