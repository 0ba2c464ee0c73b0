"""Notifications: what owner and admins are told, each of them, until they have seen it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from stripchart.model.account import UserId
from stripchart.model.device import DeviceId

NotificationId = NewType("NotificationId", int)

Facts = Mapping[str, str | int | float | None]
"""What a page needs to word a notification in the language of its user."""


class NotificationType(StrEnum):
    """What happened."""

    DEVICE_DISCONNECT = "DEVICE_DISCONNECT"
    DEVICE_RECONNECTED = "DEVICE_RECONNECTED"
    DEVICE_CRITICAL = "DEVICE_CRITICAL"
    SYSTEM_ALERT = "SYSTEM_ALERT"


class Severity(StrEnum):
    """How bad it is."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotification:
    """Something to tell. `title` and `message` are English; `metadata` has the facts in them.

    `answers_latest`: it is the end of what the newest notification of that type and device told; each recipient's
    own of those is named in their metadata, as `disconnect_notification_id`.
    """

    type: NotificationType
    severity: Severity
    title: str
    message: str
    created_ms: int
    device_id: DeviceId | None = None
    metadata: Facts = field(default_factory=dict)
    answers_latest: NotificationType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What one user was told. Times are UTC ms; `read_ms` None: unread, `dismissed_ms` None: in the list.

    `delivered_ms`: when a page or a program of the user first got it; None: not yet.
    """

    id: NotificationId
    user_id: UserId
    type: NotificationType
    severity: Severity
    title: str
    message: str
    device_id: DeviceId | None
    metadata: Facts
    created_ms: int
    delivered_ms: int | None
    read_ms: int | None
    dismissed_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which notifications of a user are asked for. The range of time is half-open, in UTC milliseconds."""

    unread_only: bool = False
    include_dismissed: bool = False
    type: NotificationType | None = None
    severity: Severity | None = None
    start_ms: int | None = None
    end_ms: int | None = None
