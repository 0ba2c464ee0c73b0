"""Backup: a copy of all that is kept, as the program made it or failed to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from stripchart.model.cause import Cause

BackupId = NewType("BackupId", int)


class BackupStatus(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class BackupOrigin(StrEnum):
    """`retry`: an hour after a scheduled one failed."""

    SCHEDULED = "scheduled"
    RETRY = "retry"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupJob:
    """`path`: its manifest; `error`: why it failed, or what is broken in it; times are UTC ms.

    `cause` says the same by code; None where nothing is wrong, and of one made before there were causes.
    """

    id: BackupId
    status: BackupStatus
    origin: BackupOrigin
    description: str
    initiated_by: str
    started_ms: int
    ended_ms: int | None
    path: str
    bytes: int
    error: str
    cause: Cause | None
    audit_head: str
