"""A site: the mains, the gensets behind their busbar, and the load that both carry. Pure."""

import math
from collections.abc import Sequence
from enum import IntEnum

import numpy as np

from stripchart.simulator.behaviours.breaker import Breaker, BreakerState
from stripchart.simulator.behaviours.calendar import DAY_BEGINS_H, Calendar
from stripchart.simulator.behaviours.genset import RATED_KW, Genset, GensetState
from stripchart.simulator.behaviours.motion import Drift, Random
from stripchart.simulator.behaviours.three_phase import ThreePhase, reactive, three_phase

STEP_S = 0.5
"""Longest time that passes at once, so that no state is jumped over."""

LONG_STEP_S = 60.0
"""The same while the calendar is calm and nothing is about to change its state."""

_NOISE_KW = 5.0
_SETTLES_S = 1800.0
_FAILS_EACH_DAYS = 3
_FAILS_FROM_H, _FAILS_UNTIL_H = 7.0, 18.0
_LOADS_KW = ((120.0, 115.0), (60.0, 165.0))
"""Of sites with a calendar: the load at night, and what comes to it by day."""

_NEVER_RESTS_KW = 100.0
"""With so much at night, one set of the site always runs."""

_AGE_KWH, _AGE_SET_KWH, _AGE_STARTS = 2500.0, 3000.0, 4
"""What a site and its sets count in a day, at the most."""

_MAINS_BASE_KW = 40.0
_DEMAND_PERIOD_S = 1800.0


class MainsStatus(IntEnum):
    """Codes of the mains status (HGM9560 register 195)."""

    NORMAL = 0
    NORMAL_DELAY = 1
    ABNORMAL = 2
    ABNORMAL_DELAY = 3


class Mains:
    """The public supply. Now and then it fails: it goes dark, or sags."""

    def __init__(self, random: Random, calendar: Calendar | None = None) -> None:
        self.status = MainsStatus.NORMAL
        self.is_failed = False
        self._random = random
        self._calendar = calendar
        self._volts = Drift(random, 400.0, 1.5, 60)
        self._hertz = Drift(random, 50.0, 0.015, 30)
        self._sags = False
        self._change_in_s = float(random.uniform(400, 1400))
        self._in_status_s = 0.0

    @property
    def line_v(self) -> float:
        if not self.is_failed:
            return self._volts.value
        return 0.8 * self._volts.value if self._sags else 0.0

    @property
    def frequency_hz(self) -> float:
        return self._hertz.value if self.line_v else 0.0

    @property
    def is_normal(self) -> bool:
        """As the controller judges it, after its delays."""
        return self.status in {MainsStatus.NORMAL, MainsStatus.ABNORMAL_DELAY}

    @property
    def is_dark(self) -> bool:
        return self.line_v == 0

    @property
    def is_steady(self) -> bool:
        settled = MainsStatus.ABNORMAL if self.is_failed else MainsStatus.NORMAL
        return self.status is settled

    @property
    def _is_calm(self) -> bool:
        return self._calendar is not None and self._calendar.is_calm

    def spare(self, seconds: float | None) -> None:
        """The next failure comes after this time; None: not while the calendar is calm."""
        self._change_in_s = math.inf if seconds is None else seconds

    def until_change_s(self) -> float:
        return max(self._change_in_s, STEP_S)

    def fail(self, *, sag: bool = False) -> None:
        """Fail now, for some minutes."""
        self.is_failed, self._sags = True, sag
        self._change_in_s = float(self._random.uniform(*((900, 3000) if self._is_calm else (300, 500))))

    def advance(self, seconds: float) -> None:
        self._volts.advance(seconds)
        self._hertz.advance(seconds)
        if math.isinf(self._change_in_s) and not self._is_calm:
            self._change_in_s = float(self._random.uniform(400, 1400))
        self._change_in_s -= seconds
        if self._change_in_s <= 0 and self.is_failed:
            self.is_failed = False
            self._change_in_s = math.inf if self._is_calm else float(self._random.uniform(1200, 2400))
        elif self._change_in_s <= 0:
            self.fail(sag=bool(self._random.random() < 0.25))
        self._judge(seconds)

    def _judge(self, seconds: float) -> None:
        self._in_status_s += seconds
        status = self.status
        if self.is_failed:
            if self.is_normal:
                delayed = status is MainsStatus.ABNORMAL_DELAY and self._in_status_s >= 3
                status = MainsStatus.ABNORMAL if delayed else MainsStatus.ABNORMAL_DELAY
            elif status is MainsStatus.NORMAL_DELAY:
                status = MainsStatus.ABNORMAL
        elif status is MainsStatus.ABNORMAL:
            status = MainsStatus.NORMAL_DELAY
        elif status is MainsStatus.ABNORMAL_DELAY or self._in_status_s >= 20:
            status = MainsStatus.NORMAL
        if status is not self.status:
            self.status, self._in_status_s = status, 0.0


class Site:
    """Couples one mains with its gensets: when the mains fails all sets start, at high load some help it.

    Every device of the site calls `advance_to` with its own plant time; the first one moves the site.
    """

    def __init__(
        self,
        seed: int,
        *,
        gensets: int = 2,
        fuel_pct: float | None = None,
        calendar: Calendar | None = None,
        place: int = 0,
    ) -> None:
        """`fuel_pct`: what the first set's tank holds; None: a little more than where the warning comes.

        With a calendar the load is that of the site at `place` in its plant, by the hour and the day of the week.
        """
        random = np.random.default_rng(seed)
        self.now_s = 0.0
        self.calendar = calendar
        self._night_kw, self._day_kw = _LOADS_KW[place % len(_LOADS_KW)]
        self._base_sets = 1 if calendar is None or self._night_kw > _NEVER_RESTS_KW else 0
        if fuel_pct is None:
            fuel_pct = float(random.uniform(25.5, 31))
        self.gensets = [
            Genset(
                random,
                running=i == 0 and self._base_sets > 0,
                fuel_pct=fuel_pct if i == 0 else float(random.uniform(45, 90)),
            )
            for i in range(gensets)
        ]
        self.mains = Mains(random, calendar)
        self.mains_breaker = Breaker(closed=True)
        self.busbar_breaker = Breaker(closed=True)
        self.imported_kwh = float(random.integers(50_000, 400_000))
        self.imported_kvarh = self.imported_kwh * 0.4
        self.limit_kw = 0.9 * RATED_KW
        self.is_forced = False
        self.mains_parted = False
        self.busbar_parted = False
        self._noise_kw = Drift(random, 0.0, _NOISE_KW, 40)
        self._power_factor = Drift(random, 0.93, 0.01, 300)
        self._phase = float(random.uniform(0.0, 2.6))
        if calendar:
            self._settle()
            self._grow_old(calendar.age_days)
            calendar.reseed(random)
            self.mains.spare(_failure_in_s(random, calendar.number + place))

    @property
    def tallies(self) -> list[float]:
        """What was drawn from the mains, and what each set counts: see `Tallied`."""
        own = [self.imported_kwh, self.imported_kvarh]
        return own + [tally for genset in self.gensets for tally in genset.tallies]

    @tallies.setter
    def tallies(self, tallies: Sequence[float]) -> None:
        self.imported_kwh, self.imported_kvarh, *theirs = tallies
        each = len(theirs) // max(1, len(self.gensets))
        for place, genset in enumerate(self.gensets):
            genset.tallies = theirs[place * each : (place + 1) * each]

    def _settle(self) -> None:
        """Be as one that has been at work for long."""
        self.mains.spare(None)
        self._noise_kw.spread = 0.0
        self.advance_to(_SETTLES_S)
        self._noise_kw.rest()
        self._noise_kw.spread = _NOISE_KW

    def _grow_old(self, days: float) -> None:
        self.imported_kwh += days * _AGE_KWH
        self.imported_kvarh += days * _AGE_KWH
        for genset in self.gensets:
            genset.running_s += days * 86_400
            genset.energy_kwh += days * _AGE_SET_KWH
            genset.starts += round(days * _AGE_STARTS)

    @property
    def demand_kw(self) -> float:
        if self.calendar:
            return self._night_kw + self._day_kw * self.calendar.busy + self._noise_kw.value
        swing = math.sin(2 * math.pi * self.now_s / _DEMAND_PERIOD_S + self._phase)
        return 165 + 65 * swing + self._noise_kw.value

    @property
    def busbar_p_kw(self) -> float:
        """Sum of what the sets show as their own."""
        return sum(genset.output.total_p_kw for genset in self.gensets)

    @property
    def busbar_q_kvar(self) -> float:
        return sum(genset.output.total_q_kvar for genset in self.gensets)

    @property
    def is_busbar_live(self) -> bool:
        loads_live = self.mains_breaker.is_closed and not self.mains.is_dark
        return any(genset.is_on_bus for genset in self.gensets) or (self.busbar_breaker.is_closed and loads_live)

    @property
    def busbar(self) -> ThreePhase:
        """What the busbar delivers to the load."""
        leader = next((genset for genset in self.gensets if genset.is_on_bus), None)
        if leader:
            volts, hertz = leader.output.line_v[2], leader.output.frequency_hz
        else:
            volts, hertz = (self.mains.line_v, self.mains.frequency_hz) if self.is_busbar_live else (0.0, 0.0)
        return three_phase(volts, hertz, self.busbar_p_kw, self.busbar_q_kvar)

    @property
    def mains_output(self) -> ThreePhase:
        """What the mains delivers to the load; negative when the sets feed back."""
        carries = self.mains_breaker.is_closed and not self.mains.is_dark
        p = self.demand_kw - self.busbar_p_kw if carries else 0.0
        q = reactive(self.demand_kw, self._power_factor.value) - self.busbar_q_kvar if carries else 0.0
        return three_phase(self.mains.line_v, self.mains.frequency_hz, p, q)

    def advance_to(self, now_s: float) -> None:
        """Let plant time pass until `now_s`; nothing happens when it is already that late."""
        while now_s - self.now_s > 1e-9:
            self._step(min(self._longest_step_s(), now_s - self.now_s))

    def _longest_step_s(self) -> float:
        if self.calendar is None or not self.calendar.is_calm or not self._is_steady():
            return STEP_S
        return min(LONG_STEP_S, self.mains.until_change_s())

    def _is_steady(self) -> bool:
        breakers = (self.mains_breaker, self.busbar_breaker)
        at_rest = all(breaker.state in {BreakerState.CLOSED, BreakerState.OPENED} for breaker in breakers)
        return at_rest and self.mains.is_steady and all(genset.is_steady for genset in self.gensets)

    def _step(self, seconds: float) -> None:
        self.now_s += seconds
        self._noise_kw.advance(seconds)
        self._power_factor.advance(seconds)
        self.mains.advance(seconds)
        self._call()
        self._share()
        for genset in self.gensets:
            genset.advance(seconds)
        self._switch(seconds)
        supplied = self.mains_output
        self.imported_kwh += max(0.0, supplied.total_p_kw) * seconds / 3600
        self.imported_kvarh += max(0.0, supplied.total_q_kvar) * seconds / 3600

    def _call(self) -> None:
        """All sets while the mains is out or an operator says so; else one more for each step of the load."""
        demand = self.demand_kw
        for place, genset in enumerate(self.gensets):
            start, stop = 150 + 55 * place, 115 + 60 * place
            helps = demand > (stop if genset.called else start) or (
                self.calendar is not None and place < self._base_sets
            )
            genset.called = self.is_forced or not self.mains.is_normal or helps

    def _share(self) -> None:
        carrying = [g for g in self.gensets if g.state is GensetState.RUNNING and g.wanted]
        beside_mains = self.mains_breaker.is_closed
        total = max(0.0, self.demand_kw - (_MAINS_BASE_KW if beside_mains else 0.0))
        for genset in self.gensets:
            share = total / max(1, len(carrying)) if self.busbar_breaker.is_closed else 0.0
            genset.share_kw = min(share, self.limit_kw) if beside_mains else share

    def _switch(self, seconds: float) -> None:
        on_bus = any(genset.is_on_bus for genset in self.gensets)
        self.mains_breaker.advance(seconds, wanted=self.mains.is_normal and not self.mains_parted)
        self.busbar_breaker.advance(seconds, wanted=on_bus and not self.busbar_parted)


def _failure_in_s(random: Random, turn: int) -> float | None:
    """When the mains fails, in seconds from the beginning of the day; None: not on this day."""
    hour = float(random.uniform(_FAILS_FROM_H, _FAILS_UNTIL_H))
    return None if turn % _FAILS_EACH_DAYS else (hour - DAY_BEGINS_H) * 3600
