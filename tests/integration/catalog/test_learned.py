"""What was learned of a device is there after a restart, and is forgotten with what it was learned of."""

from pathlib import Path

import pytest

from stripchart.catalog.database import url_of
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.model.block import Block
from stripchart.model.device import Device, parse_link
from stripchart.model.limits import Hole, Lesson, Limits, RoundTrip
from stripchart.model.point import Table

LIMITS = Limits(
    holes=(Hole(Block(Table.INPUT, 100, 102), "exception 2 (illegal data address)", 1000, 3, 5000),),
    max_registers=Lesson(40.0, "41 at once: exception 3", 1000, 0, 2000),
    max_bits=Lesson(16.0, "17 at once: exception 3", 1000),
    max_gap=Lesson(7.0, "a request takes 30 ms", 1000),
    pause_between_s=Lesson(0.05, "not answered", 1000),
    round_trip=RoundTrip(0.03, 0.002),
)


@pytest.fixture
async def device(catalog: Catalog) -> Device:
    site = await catalog.add_site(NewSite(code="N1", name="North"))
    return await catalog.add_device(
        NewDevice(
            site_id=site.id,
            name="Meter",
            link=parse_link("tcp://10.0.0.1:502"),
            unit_id=1,
            profile="meter",
            interval_s=10,
        )
    )


async def reopened(file: Path, device: Device) -> Limits:
    async with open_catalog(url_of(file)) as other, other.learned.remembered() as learned:
        return learned.of(device)


async def test_what_was_learned_is_there_after_a_restart(catalog: Catalog, file: Path, device: Device) -> None:
    async with catalog.learned.remembered() as learned:
        assert learned.of(device) == Limits()
        learned.keep(device, LIMITS)
        assert learned.of(device) == LIMITS
    assert await reopened(file, device) == LIMITS


@pytest.mark.parametrize(
    "change",
    [DeviceChange(link=parse_link("tcp://10.0.0.2:502")), DeviceChange(unit_id=2), DeviceChange(profile="other")],
)
async def test_another_link_unit_or_profile_is_another_device(
    catalog: Catalog, file: Path, device: Device, change: DeviceChange
) -> None:
    async with catalog.learned.remembered() as learned:
        learned.keep(device, LIMITS)
        changed = await catalog.update_device(device.id, change)
        assert learned.of(changed) == Limits()
    assert await reopened(file, changed) == Limits()
    renamed = await catalog.update_device(device.id, DeviceChange(name="Other", interval_s=5))
    assert await reopened(file, renamed) == Limits()


async def test_a_new_name_changes_nothing(catalog: Catalog, file: Path, device: Device) -> None:
    async with catalog.learned.remembered() as learned:
        learned.keep(device, LIMITS)
    renamed = await catalog.update_device(device.id, DeviceChange(name="Other", interval_s=5))
    assert await reopened(file, renamed) == LIMITS


async def test_what_is_forgotten_is_gone(catalog: Catalog, file: Path, device: Device) -> None:
    async with catalog.learned.remembered() as learned:
        learned.keep(device, LIMITS)
        await learned.write()
        learned.forget(device.id)
        assert learned.of(device) == Limits()
    assert await reopened(file, device) == Limits()


@pytest.mark.parametrize("keep_data", [True, False])
async def test_a_deleted_device_keeps_nothing_from_being_written(
    catalog: Catalog, file: Path, device: Device, keep_data: bool
) -> None:
    async with catalog.learned.remembered() as learned:
        learned.keep(device, LIMITS)
        await learned.write()
        await catalog.delete_device(device.id, keep_data=keep_data)
        learned.keep(device, LIMITS)
        await learned.write()
    assert (await reopened(file, device) == Limits()) is not keep_data
