"""A generating set: its start and stop sequence, engine, generator and counters. Pure."""

from collections.abc import Sequence
from enum import IntEnum, StrEnum

from stripchart.simulator.behaviours.breaker import Breaker, BreakerState
from stripchart.simulator.behaviours.engine import Engine
from stripchart.simulator.behaviours.motion import Drift, Random, approach
from stripchart.simulator.behaviours.three_phase import ThreePhase, reactive, three_phase

RATED_KW = 160.0


class GensetState(IntEnum):
    """Codes of the sequence (HGM9520N register 260)."""

    STANDBY = 0
    PREHEAT = 1
    FUEL_ON = 2
    CRANKING = 3
    CRANK_REST = 4
    SAFETY_RUN = 5
    IDLE = 6
    WARMING = 7
    WAIT_LOAD = 8
    RUNNING = 9
    COOLING = 10
    IDLE_STOP = 11
    ENERGISE_TO_STOP = 12
    WAIT_STOP = 13
    POST_STOP = 14


class Mode(StrEnum):
    AUTO = "auto"
    MANUAL = "manual"
    STOP = "stop"


_SEQUENCE: dict[GensetState, tuple[float, GensetState]] = {
    GensetState.PREHEAT: (4, GensetState.FUEL_ON),
    GensetState.FUEL_ON: (2, GensetState.CRANKING),
    GensetState.CRANKING: (3, GensetState.SAFETY_RUN),
    GensetState.CRANK_REST: (5, GensetState.CRANKING),
    GensetState.SAFETY_RUN: (8, GensetState.IDLE),
    GensetState.IDLE: (10, GensetState.WARMING),
    GensetState.WARMING: (20, GensetState.WAIT_LOAD),
    GensetState.COOLING: (60, GensetState.IDLE_STOP),
    GensetState.IDLE_STOP: (10, GensetState.ENERGISE_TO_STOP),
    GensetState.ENERGISE_TO_STOP: (6, GensetState.WAIT_STOP),
    GensetState.WAIT_STOP: (20, GensetState.POST_STOP),
    GensetState.POST_STOP: (3, GensetState.STANDBY),
}
"""How long a state lasts, in seconds, and which one follows when nothing else happens."""

_SPEED_RPM = {
    GensetState.CRANKING: 260.0,
    GensetState.SAFETY_RUN: 850.0,
    GensetState.IDLE: 900.0,
    GensetState.WARMING: 1500.0,
    GensetState.WAIT_LOAD: 1500.0,
    GensetState.RUNNING: 1500.0,
    GensetState.COOLING: 1500.0,
    GensetState.IDLE_STOP: 900.0,
}
"""Speeds the engine is driven to; in the other states it stands, or comes to a stand."""

_CRANK_FAILURE = 0.15


class Genset:
    """One set. `called` is what the site wants of it in automatic mode; `share_kw` the load it is given."""

    def __init__(self, random: Random, *, running: bool = False, fuel_pct: float = 70.0) -> None:
        self.mode = Mode.AUTO
        self.called = running
        self.share_kw = 0.0
        self.limit_kw = RATED_KW
        self.state = GensetState.RUNNING if running else GensetState.STANDBY
        self.breaker = Breaker(closed=running)
        self.engine = Engine(random, running=running, fuel_pct=fuel_pct)
        self.p_kw = 0.0
        self.running_s = float(random.integers(900, 5000)) * 3600
        self.starts = int(random.integers(150, 900))
        self.energy_kwh = self.running_s / 3600 * 70
        self._told_to_run = False
        self._told_to_part = False
        self._in_state_s = 0.0
        self._random = random
        self._voltage_v = Drift(random, 400.0, 0.6, 20)
        self._power_factor = Drift(random, 0.92, 0.01, 200)
        self._makes: tuple[float, ...] = ()
        self._output = three_phase(0.0, 0.0, 0.0, 0.0)

    @property
    def wanted(self) -> bool:
        """Whether it should run now."""
        if self.mode is Mode.AUTO:
            return self.called
        return self.mode is Mode.MANUAL and self._told_to_run

    @property
    def _is_to_carry(self) -> bool:
        """Whether it should carry load now, as far as its operator says."""
        return self.wanted and not self._told_to_part

    @property
    def is_on_bus(self) -> bool:
        return self.breaker.is_closed

    @property
    def is_normal(self) -> bool:
        """Voltage and frequency are such that the breaker may close."""
        return self.engine.speed_rpm > 1440

    @property
    def output(self) -> ThreePhase:
        """What the generator delivers now."""
        p = self.p_kw if self.is_on_bus else 0.0
        makes = (self.engine.speed_rpm, self._voltage_v.value, p, self._power_factor.value)
        if makes != self._makes:
            excited = max(0.0, min(1.0, (self.engine.speed_rpm - 600) / 700))
            volts = excited * self._voltage_v.value
            q = reactive(p, self._power_factor.value)
            self._makes, self._output = makes, three_phase(volts, self.engine.speed_rpm / 30, p, q)
        return self._output

    @property
    def is_steady(self) -> bool:
        """It runs with load or stands, and is to go on so."""
        if self.state is GensetState.RUNNING:
            return self.wanted and self._is_to_carry and self.breaker.state is BreakerState.CLOSED
        return self.state is GensetState.STANDBY and not self.wanted and self.engine.speed_rpm == 0

    @property
    def tallies(self) -> list[float]:
        """Seconds it ran, starts, energy, and what is in the tank: see `Tallied`."""
        return [self.running_s, float(self.starts), self.energy_kwh, self.engine.fuel_pct]

    @tallies.setter
    def tallies(self, tallies: Sequence[float]) -> None:
        self.running_s, starts, self.energy_kwh, fuel_pct = tallies
        self.starts = round(starts)
        self.engine.fill(fuel_pct)

    def start(self) -> None:
        """The start key: obeyed in manual mode only, as on the controller."""
        self._told_to_run = self.mode is Mode.MANUAL

    def stop(self) -> None:
        """The stop key: the set stops and stays in stop mode."""
        self.mode, self._told_to_run = Mode.STOP, False

    def part(self, *, part: bool) -> None:
        """The keys of the generator breaker: obeyed in manual mode only."""
        self._told_to_part = part and self.mode is Mode.MANUAL

    def choose(self, mode: Mode) -> None:
        """The mode keys; a set that runs goes on running when manual mode is chosen."""
        self._told_to_run = mode is Mode.MANUAL and self.state is GensetState.RUNNING
        self._told_to_part = False
        self.mode = mode

    def advance(self, seconds: float) -> None:
        """Let time pass: a second or less, unless it is steady. The state moves one step at most."""
        self._in_state_s += seconds
        following = self._next()
        if following is not self.state:
            self._enter(following)
        on_load = self.state in {GensetState.WAIT_LOAD, GensetState.RUNNING}
        self.breaker.advance(
            seconds, wanted=on_load and self._is_to_carry, ready=self.is_normal, unloaded=self.p_kw < 0.05 * RATED_KW
        )
        self._carry(seconds)
        self._voltage_v.advance(seconds)
        self._power_factor.advance(seconds)
        self.engine.advance(seconds, _SPEED_RPM.get(self.state, 0.0), self.p_kw / RATED_KW)

    def _next(self) -> GensetState:
        match self.state:
            case GensetState.STANDBY:
                return GensetState.PREHEAT if self.wanted else self.state
            case GensetState.WAIT_LOAD:
                if not self.wanted:
                    return GensetState.COOLING
                return GensetState.RUNNING if self.is_on_bus else self.state
            case GensetState.RUNNING:
                return self.state if self.is_on_bus else GensetState.COOLING
            case GensetState.COOLING if self.wanted:
                return GensetState.WAIT_LOAD
        lasts_s, following = _SEQUENCE[self.state]
        return following if self._in_state_s >= lasts_s else self.state

    def _enter(self, state: GensetState) -> None:
        if state is GensetState.SAFETY_RUN and self._random.random() < _CRANK_FAILURE:
            state = GensetState.CRANK_REST
        if state is GensetState.PREHEAT:
            self.starts += 1
        self.state, self._in_state_s = state, 0.0

    def _carry(self, seconds: float) -> None:
        loaded = self.state is GensetState.RUNNING and self._is_to_carry
        target = min(self.share_kw, self.limit_kw, 1.05 * RATED_KW) if loaded else 0.0
        self.p_kw = approach(self.p_kw, target, seconds, 3.0) if self.is_on_bus else 0.0
        self.energy_kwh += self.output.total_p_kw * seconds / 3600
        if self.engine.speed_rpm > 500:
            self.running_s += seconds
