"""Makes backups as the owner's schedule says, and when somebody asks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from stripchart.backups.making import Made, NotMadeError, made_by_worker
from stripchart.catalog.cron import next_ms
from stripchart.catalog.errors import CatalogError
from stripchart.catalog.repository import Catalog
from stripchart.model.audit import SYSTEM, acting
from stripchart.model.backup import BackupJob, BackupOrigin, BackupStatus
from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.configuration import Configuration
from stripchart.model.notification import Facts, Severity
from stripchart.model.time import Clock

log = structlog.get_logger()

_UNDER_WAY = Cause(CauseCode.BACKUP_UNDER_WAY)

FAILURES_TOLD = 3
"""After so many failures in a row, owner and admins are told."""

Alert = Callable[[Severity, str, str, Facts], None]
"""Tells owner and admins: how bad, title and message, and the same by `code` with its facts."""


class BackupRefusedError(Exception):
    """No backup was begun; the message and `cause` say why.

    `field`: which field of the configuration is at fault, `complaint`: what is wrong with it.
    """

    def __init__(self, why: Why, field: str | None = None, complaint: Complaint | None = None) -> None:
        super().__init__(why.words)
        self.cause, self.field, self.complaint = why.cause, field, complaint


@dataclass(frozen=True, slots=True)
class KeeperOptions:
    """`look_every_s`: how long after the clock was set a schedule may be late."""

    retry_after_s: float = 3600.0
    look_every_s: float = 30.0


class BackupKeeper:
    """One backup at a time. A time of the schedule at which the program did not run is not made up for."""

    def __init__(
        self,
        catalog: Catalog,
        data_dir: Path,
        clock: Clock,
        alert: Alert,
        refusal: Why | None = None,
        *,
        options: KeeperOptions | None = None,
    ) -> None:
        """`refusal`: why no backups are made here at all; None: they are."""
        self._backups, self._audit, self._data_dir = catalog.backups, catalog.audit, data_dir
        self._clock, self._alert, self._options = clock, alert, options or KeeperOptions()
        self._refusal = refusal
        self._configuration = Configuration()
        self._changed = asyncio.Event()
        self._after_ms = clock.now_ms()
        self._retry_ms: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_making = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, the schedule is followed. A backup that is under way at the end is given up."""
        await self._backups.break_off()
        following = asyncio.create_task(self._follow(), name="follow the schedule of backups")
        try:
            yield
        finally:
            tasks = [task for task in (following, self._task) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def configure(self, configuration: Configuration) -> None:
        """From now on this schedule is followed."""
        self._configuration = configuration
        self._after_ms = max(self._after_ms, self._clock.now_ms())
        self._changed.set()

    def check_folder(self, folder: str) -> None:
        """Raises BackupRefusedError for a folder in which a backup would back itself up, or that is none."""
        if not folder:
            return
        path, data = Path(folder).resolve(), self._data_dir.resolve()
        if path.is_relative_to(data):
            message = f"backup_folder {folder}: allowed are folders outside {data}"
            raise _wrong_folder(Why(message), ComplaintCode.FOLDER, data=str(data))
        if path.exists() and not path.is_dir():
            raise _wrong_folder(Why(f"backup_folder {folder}: this is no folder"), ComplaintCode.FOLDER)

    @property
    def next_ms(self) -> int | None:
        """When the next backup is due; None while none are made."""
        configuration = self._configuration
        if self._refusal or not (configuration.backup_enabled and configuration.backup_folder):
            return None
        scheduled = next_ms(configuration.backup_schedule, self._after_ms)
        return scheduled if self._retry_ms is None else min(scheduled, self._retry_ms)

    def restore_command(self, job: BackupJob) -> str:
        """What to type, once the server is stopped, to have this backup put back."""
        return f'stripchart history restore "{job.path}" --force --data-dir "{self._data_dir.resolve()}"'

    async def request(self, description: str, initiated_by: str) -> BackupJob:
        """Begin one now. Raises BackupRefusedError, and CatalogError."""
        if self._refusal:
            raise BackupRefusedError(self._refusal)
        return await self._begin(BackupOrigin.MANUAL, description, initiated_by)

    async def _follow(self) -> None:
        while True:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._wait_s()):
                    await self._changed.wait()
            due_ms = self.next_ms
            if due_ms is None or due_ms > self._clock.now_ms():
                continue
            origin = BackupOrigin.RETRY if due_ms == self._retry_ms else BackupOrigin.SCHEDULED
            self._after_ms, self._retry_ms = max(due_ms, self._clock.now_ms()), None
            try:
                with acting(SYSTEM):
                    await self._begin(origin, "", SYSTEM.who)
            except (BackupRefusedError, CatalogError) as error:
                log.error("backup.not_begun", reason=str(error))

    def _wait_s(self) -> float:
        due_ms = self.next_ms
        left_s = self._options.look_every_s if due_ms is None else (due_ms - self._clock.now_ms()) / 1000
        return min(max(left_s, 0.0), self._options.look_every_s)

    async def _begin(self, origin: BackupOrigin, description: str, initiated_by: str) -> BackupJob:
        folder, keep = self._configuration.backup_folder, self._configuration.backup_retention_count
        if not folder:
            why = Why("backup_folder: name the folder for backups first", Cause(CauseCode.NO_BACKUP_FOLDER))
            raise _wrong_folder(why, ComplaintCode.REQUIRED)
        while self._task is not None and not self._task.done():
            if self._is_making:
                raise BackupRefusedError(Why("a backup is being made; wait for it", _UNDER_WAY))
            await asyncio.wait([self._task])  # Only its end is still to be written down.
        self._is_making = True
        gate: asyncio.Future[BackupJob] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(gate, folder, keep), name="backup")
        try:
            head = str(await self._audit.head())
            job = await self._backups.begin(
                origin, description=description, initiated_by=initiated_by, audit_head=head
            )
        except BaseException:
            self._task.cancel()
            raise
        log.info("backup.begun", id=job.id, origin=origin.value, folder=folder, audit_head=head)
        gate.set_result(job)
        return job

    async def _run(self, gate: "asyncio.Future[BackupJob]", folder: str, keep: int) -> None:
        job = await gate
        try:
            await self._make(job, folder, keep)
        except CatalogError as error:
            log.error("backup.end_not_recorded", id=job.id, reason=str(error))

    async def _make(self, job: BackupJob, folder: str, keep: int) -> None:
        try:
            made = await self._made(folder, keep)
        except NotMadeError as error:
            await self._failed(job, error.why)
            return
        done, broken = BackupStatus.COMPLETED, _broken(made)
        await self._backups.end(job.id, done, broken, path=made.path, size=made.bytes)
        log.info("backup.completed", id=job.id, path=made.path, bytes=made.bytes, broken=len(made.broken))

    async def _made(self, folder: str, keep: int) -> Made:
        try:
            return await made_by_worker(self._data_dir, folder, keep)
        finally:
            self._is_making = False

    async def _failed(self, job: BackupJob, why: Why) -> None:
        log.error("backup.failed", id=job.id, reason=why.words)
        if job.origin is BackupOrigin.SCHEDULED:
            self._retry_ms = self._clock.now_ms() + round(1000 * self._options.retry_after_s)
            self._changed.set()
        await self._backups.end(job.id, BackupStatus.FAILED, why)
        if await self._backups.failures_in_a_row(FAILURES_TOLD + 1) == FAILURES_TOLD:
            message = f"The last {FAILURES_TOLD} backups failed. The last one: {why.words}"
            fails: Facts = {"code": "backups_fail", "count": FAILURES_TOLD, "reason": why.words}
            facts = {**fails, **why.cause.beside()}
            self._alert(Severity.ERROR, "Backups fail", message, facts)


def _wrong_folder(why: Why, code: ComplaintCode, **facts: str) -> BackupRefusedError:
    return BackupRefusedError(why, "backup_folder", Complaint(code, facts))


def _broken(made: Made) -> Why | None:
    """What is damaged in a backup that was made; None when nothing is."""
    if not made.broken:
        return None
    words = "\n".join(f"{piece}: broken, and so it is in the backup" for piece in made.broken)
    return Why(words, Cause(CauseCode.BACKUP_BROKEN, {"pieces": len(made.broken), "said": made.broken[0]}))
