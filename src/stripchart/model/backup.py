"""Backup: a copy of all that is kept, as the program made it or failed to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

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
    """`path`: its manifest; `error`: why it failed, or what is broken in it; times are UTC ms."""

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
    audit_head: str
