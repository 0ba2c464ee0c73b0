"""Several collectors: whatever happens to one, its links go on elsewhere, and none is polled by two at once."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient

from stripchart.catalog.records import NewDevice, NewSite
from stripchart.catalog.repository import open_catalog
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.own_point import OwnPoint
from stripchart.model.point import DataType
from tests.servers.running import postgres, redis
from tests.system.asked import Device, Relay, devices
from tests.system.programs import PATIENCE_S, Program, started

COUNT = 16
"""So many that each of two collectors has some, but for once in 30,000 times."""
TAKEN_OVER_WITHIN_S = 10.0
LEASE_S = 5.0
"""Links that nobody gives back are left alone for so long at least."""


class Collector:
    """A running one: what it says of itself."""

    def __init__(self, program: Program, client: AsyncClient) -> None:
        self.program, self._client = program, client

    async def health(self) -> dict[str, Any]:
        answer = await self._client.get("/api/health")
        assert answer.status_code == 200, answer.text
        health: dict[str, Any] = answer.json()
        return health

    async def held(self) -> int:
        return int((await self.health())["sharing"]["links_held"])

    async def until_held(self, wanted: Callable[[int], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not wanted(await self.held()):  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(0.1)


class Plant:
    """Devices in this process, and what collectors keep of them in the database."""

    def __init__(self, asked: Sequence[Device], url: str, folder: Path) -> None:
        self.devices, self.url, self._folder = asked, url, folder

    @contextlib.asynccontextmanager
    async def collector(self, name: str, redis_url: str = "") -> AsyncIterator[Collector]:
        settings = {"STRIPCHART_DATABASE_URL": self.url, "STRIPCHART_REDIS_URL": redis_url or redis().url}
        arguments = ("serve", "--role", "collector", "--port", "0", "--data-dir", name)
        async with (
            started(*arguments, folder=self._folder, **settings) as program,
            AsyncClient(base_url=await program.address(), timeout=PATIENCE_S, trust_env=False) as client,
        ):
            yield Collector(program, client)

    async def until_all_were_asked(self, since_s: float) -> float:
        """How long it took until each device was asked after that moment."""
        async with asyncio.timeout(PATIENCE_S):
            while not all(device.was_asked_after(since_s) for device in self.devices):  # noqa: ASYNC110 - of several
                await asyncio.sleep(0.02)
        return max(min(r.at_s for r in device.requests if r.at_s > since_s) for device in self.devices) - since_s

    def check_askers(self) -> None:
        """No connection asked again after another had."""
        for device in self.devices:
            assert len(device.askers) == len(set(device.askers)), device.askers

    async def values(self) -> dict[int, list[int]]:
        """What is kept of each device, in the order of time."""
        connection = await asyncpg.connect(self.url)
        try:
            rows = await connection.fetch("SELECT point_id, value FROM history.sample WHERE quality < 64 ORDER BY at")
        finally:
            await connection.close()
        kept: dict[int, list[int]] = {}
        for row in rows:
            kept.setdefault(row["point_id"], []).append(int(row["value"]))
        return kept


@pytest.fixture
async def plant(tmp_path: Path) -> AsyncIterator[Plant]:
    url = postgres().make_database(f"roles_{tmp_path.name.rstrip('0123456789').lower()[-40:]}")
    async with devices(COUNT) as asked:
        async with open_catalog(url) as catalog:
            site = await catalog.add_site(NewSite(code="P", name="Plant"))
            for number, device in enumerate(asked):
                new = NewDevice(
                    site_id=site.id,
                    name=f"D{number}",
                    link=LinkAddress(Framing.TCP, "127.0.0.1", device.port),
                    unit_id=1,
                    profile="",
                    interval_s=1,
                    own=OwnPoint(0, DataType.UINT16),
                )
                await catalog.add_device(new)
        yield Plant(asked, url, tmp_path)


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def test_a_killed_collectors_links_go_on_elsewhere_and_a_new_one_takes_its_share_without_a_gap(
    plant: Plant,
) -> None:
    async with plant.collector("a") as first, plant.collector("b") as second:
        await plant.until_all_were_asked(now_s())
        for each in (first, second):
            await each.until_held(lambda held: 0 < held < COUNT)
        killed_s = now_s()
        first.program.process.kill()
        assert await plant.until_all_were_asked(killed_s + 0.2) <= TAKEN_OVER_WITHIN_S
        await second.until_held(lambda held: held == COUNT)
        joined_s = now_s()
        async with plant.collector("c") as third:
            await third.until_held(lambda held: held > 0)
            await second.until_held(lambda held: held < COUNT)
            await plant.until_all_were_asked(now_s() + 1)
            assert max(device.longest_pause_s(joined_s) for device in plant.devices) < LEASE_S
            health = await third.health()
            assert health["role"] == "collector"
            assert len(health["sharing"]["collectors"]) == 2
            assert health["sharing"]["oldest_lease_s"] >= 0
            left_s = now_s()
            assert (await third.program.end(signal.SIGTERM)).code == 0
            await second.until_held(lambda held: held == COUNT)
            assert await plant.until_all_were_asked(left_s) <= TAKEN_OVER_WITHIN_S
        assert (await second.program.end()).code == 0
    plant.check_askers()
    kept = await plant.values()
    assert len(kept) == COUNT
    for values in kept.values():
        assert values == sorted(set(values))


async def test_frozen_or_cut_off_from_redis_a_collector_asks_nothing_that_others_have(plant: Plant) -> None:
    async with Relay(redis().port).running() as relay:
        reached = f"redis://127.0.0.1:{relay.port}/0"
        async with plant.collector("a") as first, plant.collector("b", reached) as second:
            await plant.until_all_were_asked(now_s())
            for each in (first, second):
                await each.until_held(lambda held: 0 < held < COUNT)
            frozen_s = now_s()
            first.program.process.send_signal(signal.SIGSTOP)
            assert await plant.until_all_were_asked(frozen_s + 0.2) <= TAKEN_OVER_WITHIN_S
            await second.until_held(lambda held: held == COUNT)
            first.program.process.send_signal(signal.SIGCONT)
            await first.until_held(lambda held: 0 < held < COUNT)
            await second.until_held(lambda held: 0 < held < COUNT)
            plant.check_askers()
            cut_s = now_s()
            relay.cut()
            await second.until_held(lambda held: held == 0)
            assert any("leases" in problem for problem in (await second.health())["problems"])
            assert await plant.until_all_were_asked(cut_s + TAKEN_OVER_WITHIN_S / 2) <= TAKEN_OVER_WITHIN_S
            await first.until_held(lambda held: held == COUNT)
            relay.mend()
            await second.until_held(lambda held: held > 0)
            await plant.until_all_were_asked(now_s() + 1)
    plant.check_askers()
    for values in (await plant.values()).values():
        assert values == sorted(set(values))
