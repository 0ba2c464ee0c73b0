"""Backups on a schedule, with a clock that is turned by hand and real processes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stripchart.backups.keeper import BackupKeeper, BackupRefusedError, KeeperOptions
from stripchart.catalog.database import url_of
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.history.embedded.historian import open_historian
from stripchart.model.backup import BackupJob, BackupOrigin, BackupStatus
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.notification import Facts, Severity

TEN_MS = 1_763_719_200_000
"""2025-11-21T10:00:00Z."""
HOUR_MS = 3_600_000


class TurnedClock:
    def __init__(self) -> None:
        self.at_ms = TEN_MS

    def now_ms(self) -> int:
        return self.at_ms

    def monotonic_ns(self) -> int:
        return self.at_ms * 1_000_000


class Plant:
    """A data folder with a keeper on it."""

    def __init__(self, catalog: Catalog, data_dir: Path, clock: TurnedClock) -> None:
        self.catalog, self.data_dir, self.clock = catalog, data_dir, clock
        self.told: list[str] = []
        self.keeper = BackupKeeper(catalog, data_dir, clock, self._alert, options=KeeperOptions(look_every_s=0.02))
        catalog.configuration.subscribe(self.keeper.configure)

    def _alert(self, _: Severity, title: str, message: str, facts: Facts) -> None:
        assert (facts["code"], facts["count"], facts["cause_code"]) == ("backups_fail", 3, "backup_not_written")
        self.told.append(f"{title}: {message}")

    async def jobs(self) -> list[BackupJob]:
        """Oldest first."""
        return (await self.catalog.backups.page(None, limit=100, offset=0))[0][::-1]

    async def until(self, condition: Callable[[list[BackupJob]], bool]) -> list[BackupJob]:
        async with asyncio.timeout(60):
            while True:
                jobs = await self.jobs()
                if condition(jobs):
                    return jobs
                await asyncio.sleep(0.02)

    async def until_ended(self, count: int) -> list[BackupJob]:
        return await self.until(lambda jobs: len(jobs) == count and jobs[-1].ended_ms is not None)


@asynccontextmanager
async def a_plant(folder: Path, *, keeps: bool = True) -> AsyncIterator[Plant]:
    data_dir, clock = folder / "data", TurnedClock()
    async with (
        open_historian(data_dir / "history"),
        open_catalog(url_of(data_dir / "catalog.db"), clock) as catalog,
    ):
        plant = Plant(catalog, data_dir, clock)
        if not keeps:
            yield plant
            return
        async with plant.keeper.running():
            yield plant


async def test_a_backup_is_made_when_the_schedule_says_and_not_again_before_the_next_time(tmp_path: Path) -> None:
    async with a_plant(tmp_path) as plant:
        await plant.catalog.configuration.change(
            {"backup_folder": str(tmp_path / "nas"), "backup_schedule": "30 * * * *"}
        )
        assert plant.keeper.next_ms == TEN_MS + HOUR_MS // 2
        plant.clock.at_ms += HOUR_MS // 2
        jobs = await plant.until_ended(1)
        assert (jobs[0].status, jobs[0].origin) == (BackupStatus.COMPLETED, BackupOrigin.SCHEDULED)
        assert jobs[0].initiated_by == "system"
        assert Path(jobs[0].path).is_relative_to(tmp_path / "nas")
        assert plant.keeper.next_ms == TEN_MS + 3 * HOUR_MS // 2
        plant.clock.at_ms += HOUR_MS
        assert len(await plant.until_ended(2)) == 2


async def test_a_schedule_that_is_switched_off_or_has_no_folder_makes_none(tmp_path: Path) -> None:
    async with a_plant(tmp_path) as plant:
        assert plant.keeper.next_ms is None
        await plant.catalog.configuration.change({"backup_folder": str(tmp_path / "nas")})
        assert plant.keeper.next_ms is not None
        await plant.catalog.configuration.change({"backup_enabled": False})
        assert plant.keeper.next_ms is None


async def test_a_scheduled_one_that_failed_is_tried_once_more_an_hour_later(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    async with a_plant(tmp_path) as plant:
        await plant.catalog.configuration.change({"backup_folder": str(tmp_path / "file" / "x")})
        assert plant.keeper.next_ms is not None
        plant.clock.at_ms = due_ms = plant.keeper.next_ms
        await plant.until_ended(1)
        assert plant.keeper.next_ms == due_ms + HOUR_MS
        plant.clock.at_ms += HOUR_MS
        jobs = await plant.until_ended(2)
        assert [(job.origin, job.status) for job in jobs] == [
            (BackupOrigin.SCHEDULED, BackupStatus.FAILED),
            (BackupOrigin.RETRY, BackupStatus.FAILED),
        ]
        folder = {"folder": str(tmp_path / "file" / "x"), "said": "Not a directory"}
        assert jobs[1].cause == Cause(CauseCode.BACKUP_NOT_WRITTEN, folder)
        assert plant.keeper.next_ms == due_ms + 24 * HOUR_MS
        assert plant.told == []
        plant.clock.at_ms += 23 * HOUR_MS
        jobs = await plant.until(lambda jobs: len(jobs) == 3 and bool(plant.told))
        assert [told.split(":")[0] for told in plant.told] == ["Backups fail"]


async def test_one_that_was_broken_off_by_the_end_of_the_program_has_failed(tmp_path: Path) -> None:
    async with a_plant(tmp_path, keeps=False) as plant:
        await plant.catalog.backups.begin(BackupOrigin.MANUAL, description="", initiated_by="olga", audit_head="")
        async with plant.keeper.running():
            (job,) = await plant.jobs()
        assert (job.status, job.cause) == (BackupStatus.FAILED, Cause(CauseCode.BACKUP_BROKEN_OFF))
        assert job.error == "the program ended while it was made, or it is the one that was put back"


async def test_each_backup_knows_the_head_of_the_audit_when_it_began(tmp_path: Path) -> None:
    async with a_plant(tmp_path) as plant:
        await plant.catalog.configuration.change({"backup_folder": str(tmp_path / "nas")})
        head = await plant.catalog.audit.head()
        job = await plant.keeper.request("", "olga")
        assert job.audit_head == str(head)
        await plant.until_ended(1)
        assert (await plant.catalog.audit.verify(head)).faults == ()


async def test_two_at_a_time_are_refused(tmp_path: Path) -> None:
    async with a_plant(tmp_path) as plant:
        await plant.catalog.configuration.change({"backup_folder": str(tmp_path / "nas")})
        await plant.keeper.request("", "olga")
        with pytest.raises(BackupRefusedError, match="wait for it") as refused:
            await plant.keeper.request("", "olga")
        assert refused.value.cause.code is CauseCode.BACKUP_UNDER_WAY
        await plant.until_ended(1)
