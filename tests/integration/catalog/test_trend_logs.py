"""Trend logs in the catalog."""

import pytest

from stripchart.catalog.errors import DuplicateError, InvalidReferenceError, InvalidValueError, NotFoundError
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite
from stripchart.catalog.repository import Catalog
from stripchart.catalog.trend_logs import MOST_LOGS, NewTrendLog, TrendLogChange
from stripchart.model.device import DeviceId, parse_link
from stripchart.model.trend_log import TrendLogId


async def a_device(catalog: Catalog, name: str = "boiler") -> DeviceId:
    site = await catalog.add_site(NewSite(code=name, name="Power house"))
    new = NewDevice(
        site_id=site.id, name=name, link=parse_link("tcp://h:502"), unit_id=1, profile="boiler", interval_s=1
    )
    return (await catalog.add_device(new)).id


def a_log(device: DeviceId, name: str = "quarter hours", *points: str) -> NewTrendLog:
    return NewTrendLog(device_id=device, name=name, points=points or ("flow", "pump"))


async def test_a_log_has_the_defaults_and_ids_of_its_own(catalog: Catalog) -> None:
    device = await a_device(catalog)
    points = await catalog.point_ids(device, ["flow", "pump"])
    log = await catalog.trend_logs.add(a_log(device))
    assert (log.interval_s, log.max_samples, log.enabled) == (900, 1000, True)
    assert list(log.series) == ["flow", "pump"]
    assert not set(log.series.values()) & set(points.values())
    assert await catalog.trend_logs.all() == await catalog.trend_logs.all(device) == [log]
    assert await catalog.trend_logs.one(log.id) == log


async def test_series_are_no_points_of_the_device(catalog: Catalog) -> None:
    device = await a_device(catalog)
    points = await catalog.point_ids(device, ["flow"])
    log = await catalog.trend_logs.add(a_log(device, "log", "flow"))
    assert await catalog.point_ids(device, ["flow"]) == points
    assert [point.key for point in await catalog.points(device)] == ["flow"]
    assert await catalog.trend_logs.one(log.id) == log


async def test_a_point_that_returns_to_a_log_has_its_old_id(catalog: Catalog) -> None:
    device = await a_device(catalog)
    log = await catalog.trend_logs.add(a_log(device))
    fewer = await catalog.trend_logs.update(log.id, TrendLogChange(points=["pump"], interval_s=60, enabled=False))
    assert dict(fewer.series) == {"pump": log.series["pump"]}
    assert (fewer.name, fewer.interval_s, fewer.enabled) == ("quarter hours", 60, False)
    again = await catalog.trend_logs.update(log.id, TrendLogChange(points=["flow", "pump"]))
    assert dict(again.series) == dict(log.series)


async def test_names_are_one_log_each_of_a_device(catalog: Catalog) -> None:
    one, other = await a_device(catalog), await a_device(catalog, "pump house")
    log = await catalog.trend_logs.add(a_log(one, "Hourly"))
    with pytest.raises(DuplicateError, match="name"):
        await catalog.trend_logs.add(a_log(one, "HOURLY"))
    await catalog.trend_logs.add(a_log(other, "hourly"))
    await catalog.trend_logs.delete(log.id)
    again = await catalog.trend_logs.add(a_log(one, "hourly"))
    assert again.id != log.id
    assert not set(again.series.values()) & set(log.series.values())


@pytest.mark.parametrize("keep_data", [True, False])
async def test_a_deleted_log_is_gone_and_its_ids_are_never_given_again(catalog: Catalog, keep_data: bool) -> None:
    device = await a_device(catalog)
    log = await catalog.trend_logs.add(a_log(device))
    assert await catalog.trend_logs.delete(log.id, keep_data=keep_data) == sorted(log.series.values())
    assert await catalog.trend_logs.all() == []
    for asked in (catalog.trend_logs.one(log.id), catalog.trend_logs.delete(log.id)):
        with pytest.raises(NotFoundError, match=f"there is no trend log {log.id}"):
            await asked
    ids = await catalog.point_ids(device, ["flow"])
    assert min(ids.values()) > max(log.series.values())


@pytest.mark.parametrize("keep_data", [True, False])
async def test_logs_go_with_their_device(catalog: Catalog, keep_data: bool) -> None:
    device = await a_device(catalog)
    points = await catalog.point_ids(device, ["flow", "pump"])
    log = await catalog.trend_logs.add(a_log(device))
    gone = await catalog.delete_device(device, keep_data=keep_data)
    assert gone == sorted([*points.values(), *log.series.values()])
    assert await catalog.trend_logs.all() == []


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": ""}),
        ("points", {"points": []}),
        ("points", {"points": ["flow", "flow"]}),
        ("points", {"points": [f"p{number}" for number in range(101)]}),
        ("key", {"points": ["k" * 101]}),
        ("interval_s", {"interval_s": 0}),
        ("interval_s", {"interval_s": 86_401}),
        ("max_samples", {"max_samples": 100_001}),
    ],
)
async def test_what_is_not_allowed_is_named_and_changes_nothing(
    catalog: Catalog, field: str, change: dict[str, object]
) -> None:
    log = await catalog.trend_logs.add(a_log(await a_device(catalog)))
    with pytest.raises(InvalidValueError) as caught:
        await catalog.trend_logs.update(log.id, TrendLogChange(**change))  # type: ignore[arg-type]
    assert caught.value.field == field
    assert await catalog.trend_logs.all() == [log]


async def test_a_log_needs_a_device(catalog: Catalog) -> None:
    with pytest.raises(InvalidReferenceError, match="device_id 7: there is no such device"):
        await catalog.trend_logs.add(a_log(DeviceId(7)))
    with pytest.raises(NotFoundError):
        await catalog.trend_logs.update(TrendLogId(7), TrendLogChange())


async def test_a_device_has_no_more_logs_than_are_allowed(catalog: Catalog) -> None:
    device = await a_device(catalog)
    for number in range(MOST_LOGS):
        await catalog.trend_logs.add(a_log(device, f"log {number}", "flow"))
    with pytest.raises(InvalidValueError, match="the most that are allowed"):
        await catalog.trend_logs.add(a_log(device))


async def test_how_long_samples_are_kept_is_known_of_points_that_are_gone_too(catalog: Catalog) -> None:
    kept, other = await a_device(catalog), await a_device(catalog, "other")
    ids = await catalog.point_ids(kept, ["flow", "pump"])
    await catalog.point_ids(other, ["flow"])
    await catalog.update_device(kept, DeviceChange(retention_days=30))
    await catalog.trend_logs.add(a_log(kept))
    assert await catalog.retention_days() == dict.fromkeys(ids.values(), 30)
    await catalog.delete_device(kept)
    assert await catalog.retention_days() == dict.fromkeys(ids.values(), 30)
    with pytest.raises(InvalidValueError, match="retention_days 36501: allowed are 0 to 36500"):
        await catalog.update_device(other, DeviceChange(retention_days=36_501))
