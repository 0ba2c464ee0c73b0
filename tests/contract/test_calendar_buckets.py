"""Buckets of the calendar, on the days on which clocks change, from samples, sums and roll-ups alike."""

from pathlib import Path

import numpy as np
import pytest

from stripchart.history.base import Buckets, Historian
from stripchart.history.fill import Fill, filled_buckets
from stripchart.history.grid import Calendar, Unit, edges_of
from stripchart.history.held import held_buckets, state_durations
from stripchart.model.sample import SampleBatch
from tests.contract.historians import ADAPTERS, batch_of, many, points
from tests.contract.plain import start_of

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def ms(text: str) -> int:
    return int(np.datetime64(text, "ms").astype(np.int64))


def in_hours(buckets_ms: list[int]) -> list[float]:
    return [length / HOUR_MS for length in np.diff(buckets_ms).tolist()]


CHANGES = [
    ("Europe/Berlin", "2026-03-28"),
    ("Europe/Berlin", "2026-10-24"),
    ("Australia/Lord_Howe", "2026-04-03"),
    ("Australia/Lord_Howe", "2026-10-02"),
    ("Asia/Kathmandu", "2025-12-30"),
    ("America/Sao_Paulo", "2018-11-03"),
]


@pytest.fixture(scope="module", params=CHANGES, ids=[f"{zone} {day}" for zone, day in CHANGES])
def change(request: pytest.FixtureRequest) -> tuple[str, str]:
    zone, day = request.param
    return zone, day


async def test_samples_fall_into_the_hours_and_days_that_clocks_show(
    adapter: str, tmp_path: Path, change: tuple[str, str]
) -> None:
    zone, day = change
    start_ms = ms(day)
    random = np.random.default_rng(7)
    at_ms = start_ms + np.linspace(0, 3 * DAY_MS, many(adapter, 51_840), endpoint=False, dtype=np.int64) + 137
    quality = (random.random(len(at_ms)) < 0.02).astype(np.uint8) * np.uint8(0x81)
    value = np.where(quality == 0, np.round(random.normal(0, 9, len(at_ms)), 1), np.nan)
    batch = SampleBatch(np.ones(len(at_ms), np.int32), at_ms, value, quality)
    late = np.arange(len(at_ms)) % 1013 == 0
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.append(batch.where(~late))
    async with ADAPTERS[adapter](tmp_path) as historian:
        # Before the late samples come, whole hours and days are told by roll-ups.
        await compare(historian, batch.where(~late), zone)
        await historian.append(batch.where(late))
        await compare(historian, batch, zone)


async def compare(historian: Historian, batch: SampleBatch, zone: str) -> None:
    span = int(batch.at_ms[0]), int(batch.at_ms[-1]) + 1
    quarters, inverse = np.unique(batch.at_ms // 900_000, return_inverse=True)
    for unit in Unit:
        found = await historian.buckets(points(1), *span, Calendar(unit, zone))
        starts = np.array([start_of(quarter * 900_000, unit, zone) for quarter in quarters.tolist()])[inverse]
        same_as_plain(found, batch, starts)


def same_as_plain(found: Buckets, batch: SampleBatch, starts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    assert found.start_ms.tolist() == np.unique(starts).tolist()
    for row, start_ms in enumerate(found.start_ms.tolist()):
        value = batch.value[starts == start_ms]
        known = value[~np.isnan(value)]
        assert (found.count[row], found.good_count[row]) == (len(value), len(known))
        told = [column[row] for column in (found.minimum, found.maximum, found.first, found.last)]
        assert told == [known.min(), known.max(), known[0], known[-1]]
        assert found.total[row] == pytest.approx(known.sum())
        assert found.mean[row] == pytest.approx(known.mean())
        assert found.good_percent[row] == pytest.approx(100 * len(known) / len(value))


@pytest.mark.parametrize(
    ("unit", "zone", "start", "end", "hours"),
    [
        (Unit.DAY, "Europe/Berlin", "2026-03-28T12", "2026-03-30T12", [24, 23, 24]),
        (Unit.DAY, "Europe/Berlin", "2026-10-24T12", "2026-10-26T12", [24, 25, 24]),
        (Unit.HOUR, "Europe/Berlin", "2026-10-25T00", "2026-10-25T03", [1, 1, 1]),
        (Unit.DAY, "Australia/Lord_Howe", "2026-04-04T12", "2026-04-05T14", [24, 24.5, 24]),
        (Unit.DAY, "Australia/Lord_Howe", "2026-10-03T00", "2026-10-04T14", [24, 23.5, 24]),
        (Unit.HOUR, "Australia/Lord_Howe", "2026-04-04T14", "2026-04-04T16:30", [1, 0.5, 1]),
        (Unit.HOUR, "Australia/Lord_Howe", "2026-10-03T14:30", "2026-10-03T17", [1, 0.5, 1]),
        (Unit.DAY, "Asia/Kathmandu", "2026-05-01T18:15", "2026-05-02T18:15", [24]),
        (Unit.WEEK, "Europe/Berlin", "2026-03-25", "2026-03-31", [167, 168]),
        (Unit.MONTH, "Europe/Berlin", "2026-03-15", "2026-04-15", [743, 720]),
        (Unit.YEAR, "Europe/Berlin", "2024-01-01", "2025-06-01", [8784, 8760]),
        (Unit.DAY, "America/Sao_Paulo", "2018-11-04T00", "2018-11-05T00", [24, 23]),
        (Unit.DAY, "America/St_Johns", "2006-10-29T00", "2006-10-29T12", [24, 25]),
        (Unit.DAY, "Pacific/Apia", "2011-12-29T12", "2011-12-31T12", [24, 24, 24]),
        (Unit.DAY, "UTC", "2026-03-28T12", "2026-03-30T12", [24, 24, 24]),
    ],
)
def test_buckets_are_as_long_as_clocks_say(unit: Unit, zone: str, start: str, end: str, hours: list[float]) -> None:
    edges = edges_of(Calendar(unit, zone), ms(start), ms(end))
    assert in_hours(edges.tolist()) == hours
    assert edges[0] <= ms(start) < edges[1]
    assert edges[-2] < ms(end) <= edges[-1]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
def test_far_years_have_the_calendar_of_400_years_before(zone: str) -> None:
    assert in_hours(edges_of(Calendar(Unit.DAY, zone), ms("2726-01-01"), ms("2727-01-01")).tolist()) == in_hours(
        edges_of(Calendar(Unit.DAY, zone), ms("2326-01-01"), ms("2327-01-01")).tolist()
    )


async def test_a_day_of_25_hours_is_weighed_and_filled_as_one(historian: Historian) -> None:
    start_ms = ms("2026-10-24T22")
    await historian.append(batch_of((1, start_ms, 1.0), (1, start_ms + 20 * HOUR_MS, 0.0)))
    span, days = (start_ms, start_ms + 49 * HOUR_MS), Calendar(Unit.DAY, "Europe/Berlin")
    held = await held_buckets(historian, points(1), span, days)
    assert (held.span_ms / HOUR_MS).tolist() == [25, 24]
    assert held.mean.tolist() == [20 / 25, 0.0]
    states = await state_durations(historian, points(1), span, days)
    assert (states.ms / HOUR_MS).tolist() == [5, 20, 24]
    filled = await filled_buckets(historian, points(1), span, days, Fill.PREVIOUS)
    assert (filled.count.tolist(), filled.last.tolist()) == ([2, 0], [0.0, 0.0])


async def test_a_calendar_is_laid_out_no_further_than_there_are_samples(historian: Historian) -> None:
    ever = (-(10**15), 10**15)
    hours = Calendar(Unit.HOUR, "Asia/Kathmandu")
    assert len(await historian.buckets(points(1), *ever, hours)) == 0
    await historian.append(batch_of((1, ms("2026-05-01T10:20"), 1.0), (1, ms("2026-05-01T10:10"), 2.0)))
    found = await historian.buckets(points(1), *ever, hours)
    assert found.start_ms.tolist() == [ms("2026-05-01T09:15"), ms("2026-05-01T10:15")]
    assert found.last.tolist() == [2.0, 1.0]


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../zone", "Europe", "/etc/localtime"])
def test_an_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        Calendar(Unit.DAY, zone)


def test_too_many_buckets_are_refused() -> None:
    for grid in (1, Calendar(Unit.HOUR, "Europe/Berlin")):
        with pytest.raises(ValueError, match="at most"):
            edges_of(grid, -(10**15), 10**15)
