"""What the catalog keeps, refuses and tells its listeners."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stripchart.catalog.errors import (
    DuplicateError,
    InUseError,
    InvalidReferenceError,
    InvalidValueError,
    NotFoundError,
)
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite, SiteChange
from stripchart.catalog.repository import Catalog
from stripchart.model.device import Device, DeviceId, Site, SiteId, parse_link
from tests.integration.catalog.conftest import TurnedClock

HERE = "tcp://127.0.0.1:502"
THERE = "rtu_over_tcp://10.0.0.7:4001"


async def a_site(catalog: Catalog, code: str = "N1") -> Site:
    return await catalog.add_site(NewSite(code=code, name=f"Site {code}"))


def genset(site: Site, name: str = "Genset 1", link: str = HERE, unit_id: int = 1) -> NewDevice:
    return NewDevice(
        site_id=site.id,
        name=name,
        link=parse_link(link),
        unit_id=unit_id,
        profile="smartgen-hgm9520n",
        interval_s=10,
    )


def column(file: Path, query: str) -> list[object]:
    """The first column of what another program finds in the file."""
    with closing(sqlite3.connect(file)) as other:
        return [row[0] for row in other.execute(query)]


async def test_sites_are_kept_changed_and_deleted(catalog: Catalog) -> None:
    north = await catalog.add_site(NewSite(code="N1", name="North", description="two gensets"))
    south = await a_site(catalog, "S1")
    assert await catalog.sites() == [north, south]
    assert north == Site(id=north.id, code="N1", name="North", description="two gensets")
    renamed = await catalog.update_site(north.id, SiteChange(code="n1", name="Nord"))
    assert renamed == Site(id=north.id, code="n1", name="Nord", description="two gensets")
    assert await catalog.site(north.id) == renamed
    await catalog.delete_site(north.id)
    assert await catalog.sites() == [south]


async def test_a_site_code_is_taken_whatever_its_capital_letters(catalog: Catalog) -> None:
    await a_site(catalog, "Юг-1")
    north = await a_site(catalog, "N1")
    with pytest.raises(DuplicateError, match="code") as caught:
        await a_site(catalog, "юг-1")
    assert caught.value.field == "code"
    with pytest.raises(DuplicateError):
        await catalog.update_site(north.id, SiteChange(code="ЮГ-1", name="half applied?"))
    assert (await catalog.site(north.id)).name == "Site N1"


async def test_what_is_not_there_is_not_found(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError, match="no site 9"):
        await catalog.site(SiteId(9))
    with pytest.raises(NotFoundError, match="no site 9"):
        await catalog.update_site(SiteId(9), SiteChange(name="x"))
    with pytest.raises(NotFoundError, match="no site 9"):
        await catalog.delete_site(SiteId(9))
    with pytest.raises(NotFoundError, match="no device 9"):
        await catalog.device(DeviceId(9))
    with pytest.raises(NotFoundError, match="no device 9"):
        await catalog.update_device(DeviceId(9), DeviceChange(name="x"))
    with pytest.raises(NotFoundError, match="no device 9"):
        await catalog.delete_device(DeviceId(9))
    with pytest.raises(NotFoundError, match="no device 9"):
        await catalog.point_ids(DeviceId(9), ["speed"])


async def test_a_site_with_devices_is_not_deleted(catalog: Catalog) -> None:
    site = await a_site(catalog)
    device = await catalog.add_device(genset(site))
    with pytest.raises(InUseError, match="site N1 has 1 device"):
        await catalog.delete_site(site.id)
    assert await catalog.sites() == [site]
    await catalog.delete_device(device.id)
    await catalog.delete_site(site.id)
    assert await catalog.sites() == []


async def test_devices_are_kept_as_they_were_given(catalog: Catalog) -> None:
    site = await a_site(catalog)
    new = NewDevice(
        site_id=site.id,
        name="Meter",
        link=parse_link("rtu:///dev/ttyUSB0?baudrate=19200"),
        unit_id=247,
        profile="eastron-sdm630",
        interval_s=1.5,
        enabled=False,
        description="main board",
    )
    device = await catalog.add_device(new)
    assert device == Device(
        id=device.id,
        site_id=site.id,
        name="Meter",
        link=new.link,
        unit_id=247,
        profile="eastron-sdm630",
        interval_s=1.5,
        enabled=False,
        description="main board",
    )
    assert await catalog.devices() == [device]
    assert await catalog.device(device.id) == device


async def test_a_change_of_a_device_leaves_the_rest_and_is_stamped(
    catalog: Catalog, file: Path, clock: TurnedClock
) -> None:
    site, other = await a_site(catalog), await a_site(catalog, "S1")
    device = await catalog.add_device(genset(site))
    clock.at_ms += 5000
    after = await catalog.update_device(
        device.id, DeviceChange(site_id=other.id, link=parse_link(THERE), unit_id=7, enabled=False)
    )
    assert (after.site_id, str(after.link), after.unit_id, after.enabled) == (other.id, THERE, 7, False)
    assert (after.name, after.profile, after.interval_s) == (device.name, device.profile, device.interval_s)
    assert await catalog.device(device.id) == after
    assert column(file, "SELECT updated_ms - created_ms FROM device") == [5000]


async def test_a_device_name_is_taken_whatever_its_capital_letters(catalog: Catalog) -> None:
    site = await a_site(catalog)
    await catalog.add_device(genset(site, "Genset 1"))
    second = await catalog.add_device(genset(site, "Genset 2"))
    with pytest.raises(DuplicateError, match="name") as caught:
        await catalog.add_device(genset(site, "GENSET 1"))
    assert caught.value.field == "name"
    with pytest.raises(DuplicateError):
        await catalog.update_device(second.id, DeviceChange(name="genset 1", link=parse_link(THERE)))
    assert await catalog.device(second.id) == second
    assert (await catalog.update_device(second.id, DeviceChange(name="GENSET 2"))).name == "GENSET 2"


async def test_a_device_belongs_to_a_site_that_is_there(catalog: Catalog) -> None:
    site = await a_site(catalog)
    device = await catalog.add_device(genset(site))
    with pytest.raises(InvalidReferenceError, match="site_id 99: there is no such site") as caught:
        await catalog.add_device(genset(Site(id=SiteId(99), code="?", name="?"), "Genset 2"))
    assert caught.value.field == "site_id"
    with pytest.raises(InvalidReferenceError):
        await catalog.update_device(device.id, DeviceChange(site_id=SiteId(99)))


async def test_a_value_that_is_not_allowed_changes_nothing(catalog: Catalog) -> None:
    site = await a_site(catalog)
    device = await catalog.add_device(genset(site))
    before = catalog.revision
    with pytest.raises(InvalidValueError, match="unit id 300"):
        await catalog.update_device(device.id, DeviceChange(name="Renamed", unit_id=300))
    with pytest.raises(InvalidValueError, match="code"):
        await a_site(catalog, "x" * 21)
    assert await catalog.devices() == [device]
    assert catalog.revision == before


async def test_devices_of_one_address_share_a_link_that_goes_with_the_last_of_them(
    catalog: Catalog, file: Path
) -> None:
    site = await a_site(catalog)
    first = await catalog.add_device(genset(site, "1", THERE, 1))
    second = await catalog.add_device(genset(site, "2", THERE, 2))
    assert column(file, "SELECT address FROM link") == [THERE]
    await catalog.update_device(first.id, DeviceChange(link=parse_link(HERE)))
    assert sorted(map(str, column(file, "SELECT address FROM link"))) == [THERE, HERE]
    await catalog.delete_device(second.id)
    assert column(file, "SELECT address FROM link") == [HERE]
    await catalog.delete_device(first.id, keep_data=False)
    assert column(file, "SELECT address FROM link") == []


async def test_point_ids_are_stable_and_a_returning_point_gets_its_old_id(catalog: Catalog) -> None:
    device = await catalog.add_device(genset(await a_site(catalog)))
    ids = await catalog.point_ids(device.id, ["speed", "power"])
    assert list(ids) == ["speed", "power"]
    fewer = await catalog.point_ids(device.id, ["power", "fuel"])
    assert fewer["power"] == ids["power"]
    assert fewer["fuel"] not in ids.values()
    retired = {point.key: point.retired for point in await catalog.points(device.id)}
    assert retired == {"speed": True, "power": False, "fuel": False}
    assert await catalog.point_ids(device.id, ["fuel", "speed"]) == {"fuel": fewer["fuel"], "speed": ids["speed"]}


async def test_two_devices_have_points_of_their_own(catalog: Catalog) -> None:
    site = await a_site(catalog)
    first = await catalog.add_device(genset(site, "1"))
    second = await catalog.add_device(genset(site, "2"))
    keys = [f"point_{number}" for number in range(300)]
    ids = [*(await catalog.point_ids(first.id, keys)).values(), *(await catalog.point_ids(second.id, keys)).values()]
    assert len(set(ids)) == 600
    assert [point.id for point in await catalog.points()] == sorted(ids)
    assert await catalog.point_ids(first.id, []) == {}


async def test_point_ids_asked_for_at_the_same_time_are_the_same(catalog: Catalog) -> None:
    device = await catalog.add_device(genset(await a_site(catalog)))
    async with asyncio.timeout(20):
        answers = await asyncio.gather(*(catalog.point_ids(device.id, ["a", "b", "c"]) for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)


async def test_a_device_deleted_with_its_data_kept_leaves_its_point_ids_and_frees_its_name(
    catalog: Catalog, file: Path, clock: TurnedClock
) -> None:
    site = await a_site(catalog)
    device = await catalog.add_device(genset(site))
    ids = await catalog.point_ids(device.id, ["speed", "power"])
    assert await catalog.delete_device(device.id) == list(ids.values())
    assert await catalog.devices() == []
    with pytest.raises(NotFoundError):
        await catalog.device(device.id)
    assert [(point.id, point.retired) for point in await catalog.points(device.id)] == [
        (number, True) for number in ids.values()
    ]
    again = await catalog.add_device(genset(site))
    assert again.id != device.id
    assert set((await catalog.point_ids(again.id, ["speed"])).values()).isdisjoint(ids.values())
    assert column(file, "SELECT name || deleted_ms FROM device WHERE name_key IS NULL") == [f"Genset 1{clock.at_ms}"]


async def test_ids_of_what_was_deleted_for_good_are_never_given_again(catalog: Catalog) -> None:
    site = await a_site(catalog)
    device = await catalog.add_device(genset(site))
    ids = await catalog.point_ids(device.id, ["speed", "power"])
    assert await catalog.delete_device(device.id, keep_data=False) == list(ids.values())
    assert await catalog.points() == []
    again = await catalog.add_device(genset(site))
    assert again.id > device.id
    assert min((await catalog.point_ids(again.id, ["speed"])).values()) > max(ids.values())


async def test_listeners_hear_of_every_change_after_it_was_made(catalog: Catalog) -> None:
    heard: list[int] = []
    unsubscribe = catalog.subscribe(lambda: heard.append(catalog.revision))
    site = await a_site(catalog)
    device = await catalog.add_device(genset(site))
    await catalog.update_device(device.id, DeviceChange(interval_s=5))
    with pytest.raises(DuplicateError):
        await catalog.add_device(genset(site))
    await catalog.point_ids(device.id, ["speed"])
    await catalog.devices()
    await catalog.delete_device(device.id)
    assert heard == [1, 2, 3, 4]
    unsubscribe()
    await catalog.delete_site(site.id)
    assert heard == [1, 2, 3, 4]
    assert catalog.revision == 5


async def test_changes_at_the_same_time_take_turns(catalog: Catalog) -> None:
    site = await a_site(catalog)
    async with asyncio.timeout(30):
        added = await asyncio.gather(
            *(catalog.add_device(genset(site, f"Device {number % 10}")) for number in range(20)),
            return_exceptions=True,
        )
    assert sum(isinstance(answer, Device) for answer in added) == 10
    assert sum(isinstance(answer, DuplicateError) for answer in added) == 10
    assert len(await catalog.devices()) == 10
