"""The system as a whole: its health, what the owner sets, and its backups."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from stripchart import __version__
from stripchart.api.body import Body
from stripchart.api.cause import CauseOut, cause_out
from stripchart.api.errors import ApiError, ErrorOut
from stripchart.api.parts import Parts, Running
from stripchart.api.who import Who
from stripchart.backups.keeper import BackupRefusedError
from stripchart.catalog.errors import CatalogError
from stripchart.model.backup import BackupJob, BackupOrigin, BackupStatus
from stripchart.model.configuration import Configuration
from stripchart.model.device import DeviceStatus
from stripchart.model.time import to_iso

router = APIRouter(prefix="/api/system", tags=["system"])

_DATABASE_PATIENCE_S = 2.0
_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorOut} for code in (401, 403)}


class SystemStatus(StrEnum):
    """`degraded`: something is wrong, and `/api/health` says what; `unhealthy`: no database."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


class Database(StrEnum):
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"


class SystemHealthOut(BaseModel):
    """`active_device_count`: devices that answer."""

    status: SystemStatus
    database: Database
    version: str
    uptime_seconds: int
    device_count: int
    active_device_count: int
    timestamp: str
    error: str | None


class ConfigurationOut(BaseModel):
    """`default_retention_days` null: as set by STRIPCHART_HISTORY__RAW_DAYS. `next_backup_at` null: no backups."""

    system_name: str
    default_retention_days: int | None
    session_timeout_minutes: int
    max_login_attempts: int
    backup_enabled: bool
    backup_schedule: str
    backup_retention_count: int
    backup_folder: str
    next_backup_at: str | None


class ConfigurationIn(Body):
    """Any subset of fields. `default_retention_days` null: as set by STRIPCHART_HISTORY__RAW_DAYS."""

    system_name: str = Field(default="", max_length=100)
    default_retention_days: int | None = Field(default=None, ge=1, le=36_500)
    session_timeout_minutes: int = Field(default=0, ge=5, le=527_040)
    max_login_attempts: int = Field(default=0, ge=1, le=20)
    backup_enabled: bool = True
    backup_schedule: str = Field(default="", max_length=100, examples=["0 2 * * *"])
    backup_retention_count: int = Field(default=0, ge=1, le=1000)
    backup_folder: str = Field(default="", max_length=1000, examples=["/mnt/nas/stripchart"])


class BackupIn(Body):
    description: str = Field(default="", max_length=255)


class BackupOut(BaseModel):
    """`file_path`: its manifest. `restore_command`: run it with the server stopped to restore this backup; null if it
    failed or has been removed. `audit_head`: head of the audit log when it began. `cause` says what `error_message`
    says, by code; null for one made by an older version.
    """

    id: int
    status: BackupStatus
    triggered_by: BackupOrigin
    description: str
    initiated_by: str
    started_at: str
    completed_at: str | None
    file_path: str | None
    file_size_bytes: int
    error_message: str | None
    cause: CauseOut | None
    restore_command: str | None
    audit_head: str


class BackupsOut(BaseModel):
    backups: list[BackupOut]
    total: int
    limit: int
    offset: int


@router.get("/health", responses={503: {"model": SystemHealthOut}})
async def system_health(parts: Running, response: Response) -> SystemHealthOut:
    """Health of the system: 503 while its database cannot be reached."""
    error = await _database_error(parts)
    if error:
        response.status_code = 503
    devices = parts.roster.all()
    healths = [parts.supervisor.health(entry.device.id) for entry in devices]
    degraded = error is None and parts.pipeline.health().problem is not None
    now_ms = parts.clock.now_ms()
    return SystemHealthOut(
        status=SystemStatus.UNHEALTHY if error else SystemStatus.DEGRADED if degraded else SystemStatus.HEALTHY,
        database=Database.DISCONNECTED if error else Database.CONNECTED,
        version=__version__,
        uptime_seconds=max(0, (now_ms - parts.started_ms) // 1000),
        device_count=len(devices),
        active_device_count=sum(health is not None and health.status is DeviceStatus.ONLINE for health in healths),
        timestamp=to_iso(now_ms),
        error=error,
    )


async def _database_error(parts: Parts) -> str | None:
    try:
        async with asyncio.timeout(_DATABASE_PATIENCE_S):
            await parts.catalog.configuration.reach()
    except TimeoutError:
        return f"the database did not answer within {_DATABASE_PATIENCE_S:g} s"
    except CatalogError:
        return "the database cannot be used; the server's log says why"
    return None


@router.get("/config", responses=_REFUSED)
async def system_config(parts: Running) -> ConfigurationOut:
    """The run-time settings."""
    return _configuration(parts, parts.catalog.configuration.now)


@router.put("/config", responses=_REFUSED)
async def change_system_config(body: ConfigurationIn, parts: Running) -> ConfigurationOut:
    """Change any subset of the run-time settings; takes effect at once."""
    given = body.model_dump(include=body.model_fields_set)
    try:
        parts.backups.check_folder(given.get("backup_folder", ""))
    except BackupRefusedError as error:
        raise ApiError(422, "invalid_value", str(error), error.field, complaint=error.complaint) from None
    return _configuration(parts, await parts.catalog.configuration.change(given))


def _configuration(parts: Parts, now: Configuration) -> ConfigurationOut:
    due_ms = parts.backups.next_ms
    fields = {name: getattr(now, name) for name in Configuration.__dataclass_fields__}
    return ConfigurationOut(**fields, next_backup_at=None if due_ms is None else to_iso(due_ms))


@router.post("/backup", status_code=202, responses={**_REFUSED, 409: {"model": ErrorOut}})
async def begin_backup(parts: Running, who: Who, body: BackupIn | None = None) -> BackupOut:
    """Start a backup now. 409 while one is running, and while no backup folder is set."""
    try:
        job = await parts.backups.request(body.description if body else "", who.username)
    except BackupRefusedError as error:
        refused = ApiError(409, "backup_refused", str(error), error.field, complaint=error.complaint)
        raise refused.because(error.cause) from None
    return _backup(parts, job, is_there=False)


@router.get("/backups", responses=_REFUSED)
async def list_backups(
    parts: Running,
    status: BackupStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    offset: Annotated[int, Query(ge=0, le=2_147_483_647)] = 0,
) -> BackupsOut:
    """Completed and failed backups, newest first."""
    jobs, total = await parts.catalog.backups.page(status, limit=limit, offset=offset)
    there = await asyncio.to_thread(lambda: [bool(job.path) and Path(job.path).is_file() for job in jobs])
    backups = [_backup(parts, job, is_there=is_there) for job, is_there in zip(jobs, there, strict=True)]
    return BackupsOut(backups=backups, total=total, limit=limit, offset=offset)


def _backup(parts: Parts, job: BackupJob, *, is_there: bool) -> BackupOut:
    return BackupOut(
        id=job.id,
        status=job.status,
        triggered_by=job.origin,
        description=job.description,
        initiated_by=job.initiated_by,
        started_at=to_iso(job.started_ms),
        completed_at=None if job.ended_ms is None else to_iso(job.ended_ms),
        file_path=job.path or None,
        file_size_bytes=job.bytes,
        error_message=job.error or None,
        cause=cause_out(job.cause),
        restore_command=parts.backups.restore_command(job) if is_there else None,
        audit_head=job.audit_head,
    )
