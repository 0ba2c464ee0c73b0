"""The past of a plant: days that join each other and the present, with nights, starts and silences."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from stripchart.model.device import Framing
from stripchart.model.quality import Quality
from stripchart.model.sample import Times, Values
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.day import Tallies
from stripchart.simulator.past import STEP_MS, Days, DeviceColumns, PlantPast
from stripchart.simulator.plant import Plant, PlantDevice, PlantLink, PlantSite

THURSDAY = 20_776
"""2026-11-19, in days since 1970."""
_H_MS = 3_600_000
DAYS = Days(utc_offset_s=2 * 3600)

PLANT = Plant(
    sites=(PlantSite("A", "Power house"), PlantSite("B", "Workshop")),
    links=(
        PlantLink(
            Framing.TCP,
            15_021,
            (
                PlantDevice("A", "G1", "smartgen-hgm9520n", 1, 2),
                PlantDevice("A", "G2", "smartgen-hgm9520n", 2, 2),
                PlantDevice("A", "mains", "smartgen-hgm9560", 3, 2),
                PlantDevice("B", "meter", "eastron-sdm630", 4, 2),
                PlantDevice("B", "sun", "sunspec-inverter", 5, 2),
                PlantDevice("B", "room", "temco-t3", 6, 2),
            ),
        ),
    ),
)


@pytest.fixture(scope="module")
def past() -> PlantPast:
    return PlantPast(PLANT, ProfileLibrary.shipped(), DAYS, age_days=3)


def at_hour(number: int, hour: float) -> int:
    """UTC milliseconds of an hour of the day of this number, in the plant's own time."""
    return DAYS.begin_ms(number) + round((hour - 3) * _H_MS)


UNTIL_MS = at_hour(THURSDAY, 16.51)


@dataclass(frozen=True)
class Lived:
    """Columns by day and device, and what was counted when each day began."""

    columns: dict[int, dict[str, DeviceColumns]]
    tallies: dict[int, Tallies]

    def of(self, device: str, key: str) -> tuple[Times, Values]:
        """All samples of a point, oldest first; bad ones are NaN."""
        at_ms, value = [], []
        for number in sorted(self.columns):
            columns = self.columns[number][device]
            chosen = columns.key == columns.keys.index(key)
            at_ms.append(columns.at_ms[chosen])
            value.append(columns.value[chosen])
        return np.concatenate(at_ms), np.concatenate(value)

    def hours(self, device: str, key: str, number: int, start_h: float, end_h: float) -> Values:
        at_ms, value = self.of(device, key)
        return value[(at_ms >= at_hour(number, start_h)) & (at_ms < at_hour(number, end_h))]


def lived_days(past: PlantPast, first: int) -> Lived:
    tallies = {THURSDAY: past.begun(THURSDAY).tallies}
    for number in range(THURSDAY - 1, first - 1, -1):
        tallies[number] = past.tallies_before(number, tallies[number + 1], lambda: None)
    columns = {
        number: {each.device: each for each in past.columns(number, counted, UNTIL_MS, lambda: None)}
        for number, counted in tallies.items()
    }
    return Lived(columns, tallies)


@pytest.fixture(scope="module")
def lived(past: PlantPast) -> Lived:
    """A day and most of the next one."""
    return lived_days(past, THURSDAY - 1)


def test_days_have_hours_and_weekdays() -> None:
    monday = Calendar(1_795_417_200_000)  # 2026-11-23 07:00 UTC
    assert monday.hour == pytest.approx(7)
    assert monday.is_work
    assert abs(monday.clock - datetime(2026, 11, 23, 7, tzinfo=UTC)) < timedelta(seconds=1)
    assert not Calendar(1_795_417_200_000 - 1000).is_work
    assert not Calendar(1_795_417_200_000 - 24 * _H_MS).is_work
    assert Calendar(1_795_417_200_000, utc_offset_s=-8 * 3600).hour == pytest.approx(23)
    assert monday.busy > Calendar(1_795_417_200_000 - 24 * _H_MS).busy


def test_a_calendar_is_calm_until_it_hastens() -> None:
    calendar = Calendar.at_dawn(THURSDAY)
    calendar.advance(3600)
    assert calendar.hour == pytest.approx(4)
    calendar.hasten()
    calendar.advance(3600)
    assert calendar.hour == pytest.approx(4)
    assert calendar.number == THURSDAY + 1


def test_each_minute_is_there_once_and_none_behind_the_end(lived: Lived) -> None:
    at_ms, _ = lived.of("G1", "power_total")
    assert at_ms[0] == DAYS.begin_ms(THURSDAY - 1)
    assert np.all(np.diff(at_ms) == STEP_MS)
    assert UNTIL_MS - STEP_MS <= at_ms[-1] < UNTIL_MS


def test_the_past_ends_where_the_live_plant_goes_on(past: PlantPast, lived: Lived) -> None:
    day = past.lived(int(lived.of("G1", "power_total")[0][-1]))
    now = {name: life.advance(0) for name, life in day.lives.items()}
    for device, key, step in (
        ("G1", "power_total", 0.1),
        ("G1", "fuel_level", 1),
        ("G1", "energy_kwh", 0.1),
        ("mains", "mains_uab", 1),
        ("meter", "import_energy", 0.01),
        ("sun", "power", 1),
        ("room", "in1", 0.001),
    ):
        truth = now[device][key]
        assert isinstance(truth, float)
        assert lived.of(device, key)[1][-1] == pytest.approx(truth, abs=step), (device, key)


def test_what_counts_never_falls_also_where_days_meet(lived: Lived) -> None:
    for device, key, most in (
        ("G1", "energy_kwh", 3),
        ("G1", "run_hours", 1),
        ("G2", "start_count", 1),
        ("mains", "accum_kwh", 4),
        ("meter", "import_energy", 2),
        ("sun", "energy", 300),
        ("room", "var10", 1),
    ):
        steps = np.diff(lived.of(device, key)[1])
        steps = steps[~np.isnan(steps)]
        assert np.all((steps >= 0) & (steps <= most)), (device, key, steps.min(), steps.max())


def test_fuel_sinks_and_is_refilled(lived: Lived) -> None:
    steps = np.diff(lived.of("G1", "fuel_level")[1])
    falls, rises = steps[steps < 0], steps[steps > 0]
    assert len(falls) > 100
    assert falls.min() >= -1
    assert 24 <= rises.max() <= 25
    assert set(lived.of("G1", "alarm_warning")[1]) >= {0.0, 1.0}


def test_days_meet_without_a_jump(lived: Lived) -> None:
    for device, key, most in (
        ("G1", "power_total", 40),
        ("G1", "coolant_temp", 2),
        ("G1", "oil_temp", 2),
        ("room", "in1", 0.2),
        ("room", "in17", 1.5),
        ("mains", "mains_uab", 8),
    ):
        at_ms, value = lived.of(device, key)
        place = int(np.searchsorted(at_ms, DAYS.begin_ms(THURSDAY)))
        assert abs(value[place] - value[place - 1]) <= most, (device, key, value[place - 3 : place + 3])


def test_one_set_runs_through_and_the_other_by_day(lived: Lived) -> None:
    assert set(lived.hours("G1", "gen_status", THURSDAY, 3.1, 16)) <= {9.0}
    assert np.all(lived.hours("G2", "power_total", THURSDAY, 3.1, 5) == 0)
    assert np.nanmean(lived.hours("G2", "power_total", THURSDAY, 9, 11)) > 60


def test_the_sun_shines_and_people_work_by_day(lived: Lived) -> None:
    assert np.all(lived.hours("sun", "power", THURSDAY, 3, 5.5) == 0)
    assert np.nanmean(lived.hours("sun", "power", THURSDAY, 11, 15)) > 2000
    assert np.all(lived.hours("room", "in9", THURSDAY - 1, 20, 24) == 0)
    outside = lived.hours("room", "in17", THURSDAY, 3, 6), lived.hours("room", "in17", THURSDAY, 13, 16)
    assert np.mean(outside[1]) > np.mean(outside[0]) + 3


def test_a_device_is_silent_for_an_hour_of_a_day(lived: Lived) -> None:
    for number in (THURSDAY - 1, THURSDAY):
        silent = {
            name: columns
            for name, columns in lived.columns[number].items()
            if np.any(columns.quality == Quality.BAD_COMM)
        }
        assert len(silent) == 1
        for columns in silent.values():
            bad = columns.quality == Quality.BAD_COMM
            assert np.all(np.isnan(columns.value[bad]))
            assert 39 * STEP_MS <= np.ptp(columns.at_ms[bad]) <= 80 * STEP_MS


def test_the_mains_fails_on_one_day_of_three(lived: Lived) -> None:
    dark = [lived.hours("mains", "mains_uab", number, 4, 24) == 0 for number in (THURSDAY - 1, THURSDAY)]
    assert 10 < np.count_nonzero(dark[0]) < 60
    assert not np.any(dark[1])


def test_the_same_day_is_always_the_same(past: PlantPast, lived: Lived) -> None:
    until_ms = at_hour(THURSDAY, 5)
    again = {c.device: c for c in past.columns(THURSDAY, lived.tallies[THURSDAY], until_ms, lambda: None)}
    for name, columns in again.items():
        first = lived.columns[THURSDAY][name]
        assert np.array_equal(columns.at_ms, first.at_ms[: len(columns.at_ms)])
        assert np.array_equal(columns.value, first.value[: len(columns.value)], equal_nan=True)


def test_states_are_kept_on_change_and_at_each_heartbeat(lived: Lived) -> None:
    at_ms, _ = lived.of("mains", "mains_status")
    assert np.all(np.diff(at_ms) <= 600_000)
    assert len(at_ms) < len(lived.of("mains", "mains_uab")[0]) / 5


def test_a_pause_that_raises_ends_the_work(past: PlantPast, lived: Lived) -> None:
    def enough() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        past.columns(THURSDAY, lived.tallies[THURSDAY], UNTIL_MS, enough)
    with pytest.raises(TimeoutError):
        past.tallies_before(THURSDAY - 1, lived.tallies[THURSDAY], enough)
