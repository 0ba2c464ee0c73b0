"""The demo's past is written once, behind what was recorded, whatever interrupts it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import pytest_asyncio

from stripchart.catalog.roster import RosterEntry
from stripchart.cli.demo_past import DemoPast, Progress
from stripchart.cli.failure import CommandError
from stripchart.history.base import Historian, HistoryFullError
from stripchart.history.embedded.historian import open_historian
from stripchart.model.device import Device, DeviceId, Framing, LinkAddress, SiteId
from stripchart.model.sample import PointId, SampleBatch
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.plant import Plant, PlantDevice, PlantLink, PlantSite

PROFILE = "ddms-sensor"
_DAY_MS = 86_400_000
NOW_MS = 1_795_277_974_871
EVER_MS = 1 << 50


def plant_of(*names: str) -> Plant:
    devices = tuple(PlantDevice("A", name, PROFILE, unit, 1) for unit, name in enumerate(names, 1))
    return Plant((PlantSite("A", "Works"),), (PlantLink(Framing.TCP, 15_021, devices),))


def entry_of(device: PlantDevice) -> RosterEntry:
    profile, address = ProfileLibrary.shipped().get(PROFILE), LinkAddress(Framing.TCP, host="127.0.0.1", port=502)
    known = Device(
        id=DeviceId(device.unit_id),
        site_id=SiteId(1),
        name=device.name,
        link=address,
        unit_id=device.unit_id,
        profile=PROFILE,
        interval_s=1.0,
    )
    ids = np.array([device.unit_id], np.int32)
    return RosterEntry(known, profile, profile.points, ids, MappingProxyType({"value": 0}), np.empty(0, np.intp))


PLANT = plant_of("north", "south")
ENTRIES = [entry_of(device) for device in PLANT.devices]
POINTS = [PointId(1), PointId(2)]


def past_of(folder: Path, days: int, *, is_new: bool, now_ms: int = NOW_MS) -> DemoPast:
    return DemoPast(folder, days, is_new=is_new, now_ms=now_ms, plant=PLANT)


@pytest_asyncio.fixture
async def historian(tmp_path: Path) -> AsyncIterator[Historian]:
    async with open_historian(tmp_path / "history") as opened:
        yield opened


async def kept(historian: Historian) -> SampleBatch:
    return await historian.read(POINTS, 0, EVER_MS, limit=1_000_000)


async def test_a_new_folder_gets_its_days_up_to_now_a_sample_a_minute(tmp_path: Path, historian: Historian) -> None:
    said: list[str] = []
    await past_of(tmp_path, 2, is_new=True).write(historian, ENTRIES, said.append)
    samples = await kept(historian)
    assert len(samples) == 2 * len(POINTS) * 24 * 60
    assert samples.at_ms.min() >= NOW_MS - 2 * _DAY_MS
    assert NOW_MS - 60_000 <= samples.at_ms.max() < NOW_MS
    assert said[-2] == "last 2 days of the simulated plant: 100%"
    assert said[-1].startswith("5,760 samples of a simulated past")


async def test_it_is_written_once(tmp_path: Path, historian: Historian) -> None:
    await past_of(tmp_path, 1, is_new=True).write(historian, ENTRIES, lambda _: None)
    before, said = await kept(historian), list[str]()
    await past_of(tmp_path, 1, is_new=False, now_ms=NOW_MS + _DAY_MS).write(historian, ENTRIES, said.append)
    after = await kept(historian)
    assert said == []
    assert np.array_equal(after.at_ms, before.at_ms)


async def test_a_longer_past_is_put_before_the_one_there_is(tmp_path: Path, historian: Historian) -> None:
    await past_of(tmp_path, 1, is_new=True).write(historian, ENTRIES, lambda _: None)
    await past_of(tmp_path, 2, is_new=False, now_ms=NOW_MS + _DAY_MS).write(historian, ENTRIES, lambda _: None)
    samples = await kept(historian)
    assert len(samples) == 2 * len(POINTS) * 24 * 60
    assert samples.at_ms.min() >= NOW_MS - 2 * _DAY_MS
    assert samples.at_ms.max() < NOW_MS


class Interrupted:
    """Keeps some batches, and lets the task be cancelled when the next one comes."""

    def __init__(self, historian: Historian, batches: int) -> None:
        self._historian, self._batches = historian, batches
        self.reached = asyncio.Event()

    async def append(self, batch: SampleBatch) -> None:
        if self._batches == 0:
            self.reached.set()
            await asyncio.Event().wait()
        self._batches -= 1
        await self._historian.append(batch)


async def test_what_was_interrupted_is_finished_by_the_next_start(tmp_path: Path, historian: Historian) -> None:
    slow = Interrupted(historian, batches=3)
    task = asyncio.create_task(
        past_of(tmp_path, 3, is_new=True).write(slow, ENTRIES, lambda _: None)  # type: ignore[arg-type]
    )
    async with asyncio.timeout(30):
        await slow.reached.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    first = await kept(historian)
    assert 0 < len(first) < 3 * len(POINTS) * 24 * 60
    assert first.at_ms.max() >= NOW_MS - 60_000, "the newest comes first"
    await past_of(tmp_path, 3, is_new=False, now_ms=NOW_MS + 5_000_000).write(historian, ENTRIES, lambda _: None)
    samples = await kept(historian)
    assert len(samples) == 3 * len(POINTS) * 24 * 60
    assert samples.at_ms.max() < NOW_MS


async def test_a_full_disk_ends_the_past_and_nothing_else(tmp_path: Path) -> None:
    class Full:
        async def append(self, batch: SampleBatch) -> None:
            raise HistoryFullError("no room on the disk")

    said: list[str] = []
    await past_of(tmp_path, 1, is_new=True).write(Full(), ENTRIES, said.append)  # type: ignore[arg-type]
    assert said == ["the simulated past ends here: no room on the disk"]


async def test_no_days_and_a_folder_begun_without_a_past_have_none(tmp_path: Path, historian: Historian) -> None:
    none = past_of(tmp_path, 0, is_new=True)
    assert none.day is None
    await none.write(historian, ENTRIES, lambda _: None)
    (tmp_path / "demo-past.json").unlink()
    await past_of(tmp_path, 1, is_new=False).write(historian, ENTRIES, lambda _: None)
    assert len(await kept(historian)) == 0


async def test_devices_that_were_deleted_get_nothing(tmp_path: Path, historian: Historian) -> None:
    await past_of(tmp_path, 1, is_new=True).write(historian, ENTRIES[:1], lambda _: None)
    assert set((await kept(historian)).point_id.tolist()) == {1}


def test_a_broken_progress_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "demo-past.json").write_text(json.dumps({"begun_ms": 1}))
    with pytest.raises(CommandError, match=r"demo-past\.json cannot be read.*delete the folder to start afresh"):
        Progress.of(tmp_path)
