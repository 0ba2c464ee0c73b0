"""The mains and the busbar of a site as their HGM9560 controller shows them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.model.point import Table
from stripchart.simulator.behaviours.base import Values
from stripchart.simulator.behaviours.genset import RATED_KW, GensetState, Mode
from stripchart.simulator.behaviours.site import Site
from stripchart.simulator.behaviours.smartgen_genset import mode_values
from stripchart.simulator.behaviours.three_phase import ThreePhase

PROFILE = "smartgen-hgm9560"

_MAINTENANCE_EACH_H = 250
_ABNORMAL, _UNDER_VOLTAGE, _BLACKOUT = 1 << 0, 1 << 2, 1 << 7
_CLOCK_PARTS = ("second", "minute", "hour", "day", "month", "year")


class SmartgenMains:
    """The controller of a site's mains and busbar."""

    extra: Sequence[Block] = (Block(Table.COIL, 0, 32), Block(Table.HOLDING, 4351, 4356))

    def __init__(self, site: Site) -> None:
        self._site = site
        self._now_s = site.now_s
        self._mode = Mode.AUTO
        self._settings: Values = {"load_mode": 1.0, "set_p_pct": 90.0, "set_q_pct": 20.0}
        self._clock = site.calendar.clock if site.calendar else datetime(2026, 1, 1, 8, tzinfo=UTC)

    @property
    def tallies(self) -> list[float]:
        """What the site and its sets count: see `Tallied`."""
        return self._site.tallies

    @tallies.setter
    def tallies(self, tallies: Sequence[float]) -> None:
        self._site.tallies = list(tallies)

    def pass_time(self, seconds: float) -> None:
        self._now_s += seconds
        self._clock += timedelta(seconds=seconds)
        self._site.advance_to(self._now_s)

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        return {
            **mode_values(self._mode, is_warned=False),
            **self._settings,
            **_states(self._site),
            **_voltages("mains", self._site.mains_output),
            **_voltages("busbar", self._site.busbar),
            **_powers(self._site),
            **_totals(self._site),
            **self._clock_values(),
        }

    def written(self, table: Table, start: int, values: Sequence[int]) -> None:
        if table is not Table.COIL:
            return
        pressed = {address for address, value in enumerate(values, start) if value}
        if 3 in pressed:
            self._mode, self._site.is_forced = Mode.AUTO, False
        if 4 in pressed:
            self._mode = Mode.MANUAL
        if pressed & {1, 15}:
            self._mode, self._site.is_forced = Mode.STOP, False
        if self._mode is Mode.MANUAL:
            self._site.is_forced = self._site.is_forced or 0 in pressed
            self._site.mains_parted ^= 5 in pressed
            self._site.busbar_parted ^= 6 in pressed
        else:
            self._site.mains_parted = self._site.busbar_parted = False

    def told(self, key: str, value: Value) -> None:
        if not isinstance(value, float):
            return
        if key in self._settings:
            self._settings[key] = value
        if key == "set_p_pct":
            self._site.limit_kw = RATED_KW * value / 100
        if key.startswith("clock_"):
            self._set_clock(key.removeprefix("clock_"), int(value))

    def _set_clock(self, part: str, number: int) -> None:
        parts = {name: getattr(self._clock, name) for name in _CLOCK_PARTS}
        if part in parts:
            parts[part] = number + 2000 if part == "year" else number
        try:
            self._clock = datetime(**parts, tzinfo=UTC)
        except ValueError:
            # As on the device: a date that does not exist is not taken.
            return

    def _clock_values(self) -> Values:
        values: Values = {f"clock_{part}": float(getattr(self._clock, part)) for part in _CLOCK_PARTS}
        return values | {
            "clock_year": self._clock.year - 2000.0,
            "clock_weekday": float(self._clock.isoweekday() % 7),
        }


def _states(site: Site) -> Values:
    states = [genset.state for genset in site.gensets]
    shown = GensetState.RUNNING if GensetState.RUNNING in states else max(states)
    fault = 0
    if not site.mains.is_normal:
        fault = _ABNORMAL | (_BLACKOUT if site.mains.is_dark else _UNDER_VOLTAGE if site.mains.is_failed else 0)
    return {
        # Code 14 is "after stop" on the genset's controller but "stop failure" on this one.
        "genset_status": float(min(shown, GensetState.WAIT_STOP)),
        "mains_status": float(site.mains.status),
        "mains_switch": float(site.mains_breaker.state),
        "busbar_switch": float(site.busbar_breaker.state),
        "mains_fault_alarms": float(fault),
        "alarm_trip_stop": 0.0,
        "battery_volt": 27.3,
    }


def _voltages(side: str, feeder: ThreePhase) -> Values:
    line, phase = feeder.line_v, feeder.phase_v
    return {
        f"{side}_uab": line[0],
        f"{side}_ubc": line[1],
        f"{side}_uca": line[2],
        f"{side}_ua": phase[0],
        f"{side}_ub": phase[1],
        f"{side}_uc": phase[2],
        f"{side}_freq": feeder.frequency_hz,
    }


def _powers(site: Site) -> Values:
    mains = site.mains_output
    values: Values = {
        "mains_total_p": mains.total_p_kw,
        "mains_total_q": mains.total_q_kvar,
        "mains_pf_avg": mains.total_power_factor,
        "busbar_p": site.busbar_p_kw,
        "busbar_q": site.busbar_q_kvar,
        "bus_total_p": site.busbar_p_kw,
        "busbar_current": max(site.busbar.current_a),
    }
    for phase, letter in enumerate("abc"):
        values[f"mains_i{letter}"] = mains.current_a[phase]
        values[f"mains_p_{letter}"] = mains.p_kw[phase]
        values[f"mains_q_{letter}"] = mains.q_kvar[phase]
        values[f"mains_pf_{letter}"] = mains.power_factor[phase]
    return values


def _totals(site: Site) -> Values:
    running_s = sum(genset.running_s for genset in site.gensets)
    hours = running_s // 3600
    return {
        "accum_kwh": site.imported_kwh,
        "accum_kvarh": site.imported_kvarh,
        "run_hours": float(hours),
        "run_minutes": float(running_s // 60 % 60),
        "run_seconds": float(running_s % 60 // 1),
        "start_count": float(sum(genset.starts for genset in site.gensets)),
        "maint_hours": float(_MAINTENANCE_EACH_H - hours % _MAINTENANCE_EACH_H),
    }
