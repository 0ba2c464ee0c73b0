"""An hour of a site's life: legal sequences, powers that add up, heat that lags, counters that only grow."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from stripchart.simulator.behaviours.breaker import BreakerState
from stripchart.simulator.behaviours.genset import Genset, GensetState, Mode
from stripchart.simulator.behaviours.site import STEP_S, MainsStatus, Site

HOUR_S = 3600.0
S = GensetState
LEGAL = {
    S.STANDBY: {S.PREHEAT},
    S.PREHEAT: {S.FUEL_ON},
    S.FUEL_ON: {S.CRANKING},
    S.CRANKING: {S.SAFETY_RUN, S.CRANK_REST},
    S.CRANK_REST: {S.CRANKING},
    S.SAFETY_RUN: {S.IDLE},
    S.IDLE: {S.WARMING},
    S.WARMING: {S.WAIT_LOAD},
    S.WAIT_LOAD: {S.RUNNING, S.COOLING},
    S.RUNNING: {S.COOLING},
    S.COOLING: {S.IDLE_STOP, S.WAIT_LOAD},
    S.IDLE_STOP: {S.ENERGISE_TO_STOP},
    S.ENERGISE_TO_STOP: {S.WAIT_STOP},
    S.WAIT_STOP: {S.POST_STOP},
    S.POST_STOP: {S.STANDBY},
}


def walk(site: Site, seconds: float) -> Iterator[float]:
    """Move the site step by step; the plant time after each."""
    end = site.now_s + seconds
    while site.now_s < end:
        site.advance_to(site.now_s + STEP_S)
        yield site.now_s


def mains_status(site: Site) -> MainsStatus:
    return site.mains.status


def run_until(site: Site, state: GensetState, which: int = 0, limit_s: float = 4000) -> None:
    for _ in range(int(limit_s / STEP_S)):
        if site.gensets[which].state is state:
            return
        site.advance_to(site.now_s + STEP_S)
    pytest.fail(f"genset {which} never came to {state.name}")


@pytest.fixture
def site() -> Site:
    return Site(1)


@pytest.mark.parametrize("seed", [1, 2])
def test_states_follow_each_other_as_on_the_controller(seed: int) -> None:
    site = Site(seed)
    states: list[list[GensetState]] = [[genset.state] for genset in site.gensets]
    for _ in walk(site, 2 * HOUR_S):
        for seen, genset in zip(states, site.gensets, strict=True):
            if genset.state is not seen[-1]:
                seen.append(genset.state)
    for seen in states:
        assert all(after in LEGAL[before] for before, after in pairwise(seen)), seen
    assert {S.PREHEAT, S.CRANKING, S.RUNNING, S.COOLING, S.STANDBY} <= set(states[1])


def test_breakers_close_and_open_in_steps(site: Site) -> None:
    breakers = [site.mains_breaker, site.busbar_breaker, *(genset.breaker for genset in site.gensets)]
    before = [breaker.state for breaker in breakers]
    for _ in walk(site, HOUR_S):
        now = [breaker.state for breaker in breakers]
        for old, new in zip(before, now, strict=True):
            shortcut = new is BreakerState.OPENED or (old, new) == (BreakerState.UNLOADING, BreakerState.CLOSED)
            assert new in {old, (old + 1) % 8} or shortcut
        before = now


def test_energy_hours_and_starts_never_fall(site: Site) -> None:
    def counters() -> list[float]:
        return [
            site.imported_kwh,
            site.imported_kvarh,
            *(value for g in site.gensets for value in (g.energy_kwh, g.running_s, g.starts)),
        ]

    before = first = counters()
    for _ in walk(site, HOUR_S):
        now = counters()
        assert all(new >= old for old, new in zip(before, now, strict=True))
        before = now
    assert all(new > old for old, new in zip(first, before, strict=True))


def test_the_load_is_carried_and_the_totals_are_the_sums(site: Site) -> None:
    for _ in walk(site, HOUR_S):
        outputs = [genset.output for genset in site.gensets]
        assert site.busbar_p_kw == pytest.approx(sum(sum(output.p_kw) for output in outputs))
        for output in outputs:
            assert output.total_p_kw == pytest.approx(sum(output.p_kw))
            for volts, amps, p, q in zip(output.phase_v, output.current_a, output.p_kw, output.q_kvar, strict=True):
                assert volts * amps / 1000 == pytest.approx((p * p + q * q) ** 0.5, abs=0.01) or volts <= 1
        if site.mains_breaker.is_closed and not site.mains.is_dark:
            assert site.mains_output.total_p_kw + site.busbar_p_kw == pytest.approx(site.demand_kw, abs=0.3)


def test_when_the_mains_fails_every_set_starts_and_carries_the_load(site: Site) -> None:
    site.mains.fail()
    for _ in walk(site, 120):
        pass
    assert mains_status(site) is MainsStatus.ABNORMAL
    assert site.mains_breaker.state is BreakerState.OPENED
    assert site.mains_output.total_p_kw == 0
    assert all(genset.state is S.RUNNING for genset in site.gensets)
    assert site.busbar_p_kw == pytest.approx(site.demand_kw, abs=25)
    for _ in walk(site, 900):
        pass
    assert mains_status(site) is MainsStatus.NORMAL
    assert site.mains_breaker.is_closed


def test_the_mains_fails_by_itself_within_half_an_hour(site: Site) -> None:
    assert any(site.mains.is_failed for _ in walk(site, 1800))


def test_one_set_is_running_when_the_plant_starts(site: Site) -> None:
    assert site.gensets[0].state is S.RUNNING
    for _ in walk(site, 60):
        pass
    assert site.gensets[0].output.total_p_kw > 30


def test_heat_follows_the_load_with_a_lag() -> None:
    site = Site(1)
    genset = site.gensets[1]
    run_until(site, S.RUNNING, which=1)
    cold = genset.engine.coolant_c
    for _ in walk(site, 20):
        pass
    soon = genset.engine.coolant_c
    assert cold < soon < 70
    genset.choose(Mode.MANUAL)
    genset.share_kw = 150
    for _ in range(3000):
        genset.share_kw = 150
        genset.advance(STEP_S)
    assert 85 < genset.engine.coolant_c < 92
    hot = genset.engine.coolant_c
    genset.stop()
    for _ in range(400):
        genset.advance(STEP_S)
    assert genset.state is S.STANDBY
    assert hot - 30 < genset.engine.coolant_c < hot


def test_an_engine_that_stands_has_no_speed_no_voltage_and_no_oil_pressure() -> None:
    site = Site(1)
    standing = site.gensets[1]
    assert (standing.engine.speed_rpm, standing.output.line_v[0], standing.engine.oil_kpa) == (0, 0, 0)
    running = site.gensets[0]
    for _ in walk(site, 30):
        pass
    assert running.output.frequency_hz == pytest.approx(50, abs=0.5)
    assert running.output.line_v[0] == pytest.approx(400, abs=5)
    assert running.engine.oil_kpa > 300


def test_fuel_runs_low_is_warned_of_and_refilled() -> None:
    site = Site(1, fuel_pct=26.5)
    levels, warned = [], []
    for _ in walk(site, 2 * HOUR_S):
        levels.append(site.gensets[0].engine.fuel_pct)
        warned.append(site.gensets[0].engine.is_fuel_low)
    assert min(levels) > 10
    assert any(warned)
    assert not all(warned)
    assert max(levels) > 60


def test_manual_mode_obeys_the_keys_and_stop_stops() -> None:
    site = Site(1)
    genset: Genset = site.gensets[1]
    genset.start()
    assert not genset.wanted
    genset.choose(Mode.MANUAL)
    genset.start()
    run_until(site, S.RUNNING, which=1)
    genset.stop()
    assert genset.mode is Mode.STOP
    run_until(site, S.STANDBY, which=1)
    site.mains.fail()
    for _ in walk(site, 60):
        pass
    assert genset.state is S.STANDBY
    genset.choose(Mode.AUTO)
    run_until(site, S.RUNNING, which=1)


def test_a_power_limit_is_kept_beside_the_mains() -> None:
    site = Site(1)
    site.gensets[0].limit_kw = 40
    for _ in walk(site, 200):
        pass
    assert site.gensets[0].output.total_p_kw == pytest.approx(40, abs=0.3)


def test_the_same_seed_gives_the_same_life() -> None:
    one, other = Site(5), Site(5)
    for _ in walk(one, 600):
        pass
    other.advance_to(600)
    assert one.busbar_p_kw == other.busbar_p_kw
    assert one.mains.line_v == other.mains.line_v
    assert Site(6).mains.line_v != Site(5).mains.line_v
