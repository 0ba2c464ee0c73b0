"""A genset as its HGM9520N controller shows it."""

from collections.abc import Mapping, Sequence

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.model.point import Table
from stripchart.simulator.behaviours.base import Values
from stripchart.simulator.behaviours.breaker import BreakerState
from stripchart.simulator.behaviours.genset import RATED_KW, Genset, Mode
from stripchart.simulator.behaviours.site import Site

PROFILE = "smartgen-hgm9520n"

_LOW_FUEL_BIT = 1
"""In the third word of an alarm group."""

_KEYS = {0: "start", 1: "stop", 3: "auto", 4: "manual", 6: "close", 7: "open", 15: "stop"}
"""Coils that are pressed like keys; the others (mute, reset, mains breaker) change nothing here."""

_P_LIMIT_ADDRESS = 4368


def mode_values(mode: Mode, *, is_warned: bool) -> Values:
    """The status word and its bits, which both models lay out alike."""
    bits = {"auto": 9, "manual": 10, "stop": 11}
    word = 1 << bits[mode] | (0b101 if is_warned else 0)
    return {
        "status_word": float(word),
        "mode_auto": float(mode is Mode.AUTO),
        "mode_manual": float(mode is Mode.MANUAL),
        "mode_stop": float(mode is Mode.STOP),
        "mode_test": 0.0,
        "alarm_common": float(is_warned),
        "alarm_shutdown": 0.0,
        "alarm_warning": float(is_warned),
    }


class SmartgenGenset:
    """The genset at `place` of a site."""

    extra: Sequence[Block] = (Block(Table.COIL, 0, 32), Block(Table.HOLDING, _P_LIMIT_ADDRESS, _P_LIMIT_ADDRESS + 4))

    def __init__(self, site: Site, place: int) -> None:
        self._site, self._genset = site, site.gensets[place]
        self._now_s = site.now_s

    def pass_time(self, seconds: float) -> None:
        self._now_s += seconds
        self._site.advance_to(self._now_s)

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        genset = self._genset
        return {
            **mode_values(genset.mode, is_warned=genset.engine.is_fuel_low),
            **_states(self._site, genset),
            **_mains(self._site),
            **_generator(self._site, genset),
            **_engine(genset),
            **_totals(genset),
        }

    def written(self, table: Table, start: int, values: Sequence[int]) -> None:
        for address, value in enumerate(values, start):
            if table is Table.COIL and value:
                self._press(_KEYS.get(address, ""))
            elif table is Table.HOLDING and address == _P_LIMIT_ADDRESS:
                self._genset.limit_kw = RATED_KW * min(value, 1000) / 1000

    def told(self, key: str, value: Value) -> None:
        return

    def _press(self, key: str) -> None:
        if key == "start":
            self._genset.start()
        elif key == "stop":
            self._genset.stop()
        elif key in {"open", "close"}:
            self._genset.part(part=key == "open")
        elif key:
            self._genset.choose(Mode(key))


def _states(site: Site, genset: Genset) -> Values:
    return {
        "gen_status": float(genset.state),
        "gen_switch": float(genset.breaker.state),
        "mains_switch": float(site.mains_breaker.state),
        "mains_normal": float(site.mains.is_normal),
        "mains_load": float(site.mains_breaker.is_closed),
        "gen_normal": float(genset.is_normal),
        "gen_closed": float(genset.is_on_bus),
        "alarm_block": 0.0,
        "alarm_count": float(genset.engine.is_fuel_low),
        "warning_alarms_3": float(genset.engine.is_fuel_low << _LOW_FUEL_BIT),
    }


def _mains(site: Site) -> Values:
    mains = site.mains_output
    return {
        "mains_uab": mains.line_v[0],
        "mains_ubc": mains.line_v[1],
        "mains_uca": mains.line_v[2],
        "mains_freq": mains.frequency_hz,
    }


def _generator(site: Site, genset: Genset) -> Values:
    output, mains = genset.output, site.mains
    compares = genset.is_normal and not mains.is_dark
    synchronising = compares and genset.breaker.state is BreakerState.SYNCHRONISING
    values: Values = {
        "gen_freq": output.frequency_hz,
        "current_earth": 0.002 * output.current_a[0],
        "power_total": output.total_p_kw,
        "reactive_total": output.total_q_kvar,
        "pf_avg": output.total_power_factor,
        "current_p_pct": 100 * output.total_p_kw / RATED_KW,
        "target_p_pct": 100 * genset.limit_kw / RATED_KW,
        "current_q_pct": 100 * output.total_q_kvar / RATED_KW,
        "target_q_pct": 100 * output.total_q_kvar / RATED_KW,
        "volt_diff": output.line_v[0] - mains.line_v if compares else 0.0,
        "freq_diff": output.frequency_hz - mains.frequency_hz if compares else 0.0,
        "phase_diff": site.now_s * 37 % 360 - 180 if synchronising else 0.0,
        "load_pct": 100 * output.total_p_kw / RATED_KW,
    }
    for phase, (pair, letter) in enumerate(zip(("uab", "ubc", "uca"), "abc", strict=True)):
        values[f"gen_{pair}"] = output.line_v[phase]
        values[f"current_{letter}"] = output.current_a[phase]
        values[f"power_{letter}"] = output.p_kw[phase]
        values[f"reactive_{letter}"] = output.q_kvar[phase]
        values[f"pf_{letter}"] = output.power_factor[phase]
    return values


def _engine(genset: Genset) -> Values:
    engine = genset.engine
    return {
        "engine_speed": engine.speed_rpm,
        "coolant_temp": engine.coolant_c,
        "oil_temp": engine.oil_c,
        "oil_pressure": engine.oil_kpa,
        "fuel_level": engine.fuel_pct,
        "fuel_pressure": engine.fuel_kpa,
        "fuel_consumption": engine.consumption_l_h,
        "turbo_pressure": engine.turbo_kpa,
        "battery_volt": engine.battery_v,
        "charger_volt": engine.charger_v,
    }


def _totals(genset: Genset) -> Values:
    return {
        "run_hours": float(genset.running_s // 3600),
        "run_minutes": float(genset.running_s // 60 % 60),
        "start_count": float(genset.starts),
        "energy_kwh": genset.energy_kwh,
    }
