"""The roster follows the catalog and the profiles, and one device's trouble is not another's."""

from dataclasses import replace
from pathlib import Path

import pytest

from stripchart.catalog.records import DeviceChange, NewDevice, NewSite
from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import Roster
from stripchart.model.device import Device, DeviceId, parse_link
from stripchart.model.point import RecordMode, RecordRule
from stripchart.profiles.library import ProfileLibrary

GAUGE = """
profile: gauge
name: Gauge
kind: sensor
overview: [level]
groups: {values: Values}
points:
  - {key: level, name: Level, address: 0}
"""


@pytest.fixture
def gauge(tmp_path: Path) -> Path:
    file = tmp_path / "profiles" / "gauge.yaml"
    file.parent.mkdir()
    file.write_text(GAUGE)
    return file


async def add_gauges(catalog: Catalog, *names: str) -> list[DeviceId]:
    site = await catalog.add_site(NewSite(code="MKZ", name="Power house"))
    new = NewDevice(
        site_id=site.id, name="", link=parse_link("tcp://h:502"), unit_id=1, profile="gauge", interval_s=1
    )
    return [(await catalog.add_device(replace(new, name=name))).id for name in names]


def edit(file: Path, address: str) -> None:
    file.write_text(GAUGE.replace("address: 0", address))


class Hasty(Catalog):
    """Deletes a device as soon as somebody has seen it."""

    hasty = False

    async def devices(self) -> list[Device]:
        found = await super().devices()
        if self.hasty:
            await self.delete_device(found[0].id)
        return found


async def test_a_device_that_is_deleted_meanwhile_spoils_no_refresh(catalog: Catalog, gauge: Path) -> None:
    await add_gauges(catalog, "a", "b")
    catalog.__class__ = Hasty
    catalog.hasty = True  # type: ignore[attr-defined]
    roster = Roster(catalog, ProfileLibrary(gauge.parent))
    await roster.refresh()
    assert [entry.device.name for entry in roster.all()] == ["b"]


async def test_a_bad_edit_of_a_profile_is_named_and_changes_nothing(catalog: Catalog, gauge: Path) -> None:
    (device,) = await add_gauges(catalog, "a")
    library = ProfileLibrary(gauge.parent)
    roster = Roster(catalog, library)
    await roster.refresh()
    before = roster.get(device)
    assert before is not None
    edit(gauge, "address: -1")
    assert library.refresh()
    await roster.refresh()
    after = roster.get(device)
    assert after is not None
    assert after.profile is before.profile
    assert "gauge.yaml" in (after.problem or "")
    edit(gauge, "address: 7")
    assert library.refresh()
    await roster.refresh()
    mended = roster.get(device)
    assert mended is not None
    assert (mended.points[0].address, mended.problem) == (7, None)
    assert mended.point_ids.tolist() == before.point_ids.tolist()


async def test_a_record_rule_of_a_device_goes_before_that_of_its_profile(catalog: Catalog, gauge: Path) -> None:
    one, other = await add_gauges(catalog, "a", "b")
    roster = Roster(catalog, ProfileLibrary(gauge.parent))
    await roster.refresh()
    rule = RecordRule(RecordMode.ON_CHANGE, deadband=0.5, heartbeat_s=60)
    await catalog.update_device(one, DeviceChange(records={"level": rule, "gone": rule}))
    await roster.refresh()
    entries = [roster.get(device) for device in (one, other)]
    assert [entry.points[0].record for entry in entries if entry] == [rule, RecordRule()]
    await catalog.update_device(one, DeviceChange(records={}))
    await roster.refresh()
    entry = roster.get(one)
    assert entry is not None
    assert entry.points[0].record == RecordRule()
