"""What the one who asks was told: as a list, and as it comes."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.who import Who
from stripchart.auth.authenticator import Principal
from stripchart.catalog.errors import NotFoundError
from stripchart.model.notification import Notification, NotificationId, NotificationType, Severity, Wanted
from stripchart.model.time import to_iso, to_ms
from stripchart.notifications.board import Follower

router = APIRouter(prefix="/api/notifications", tags=["notifications"])

HEARTBEAT_S = 30.0
_AT_ONCE = 100
_LARGEST_ID = 2_147_483_647


class NotificationOut(BaseModel):
    """`metadata` has the facts of title and message, to word them in another language.

    DEVICE_DISCONNECT: device_name, status, trouble, link, unit_id, modbus_ip, modbus_port, last_reading_at,
    consecutive_failures, offline_since_ms, error. DEVICE_RECONNECTED: device_name, downtime_duration_seconds,
    disconnect_notification_id. DEVICE_CRITICAL: device_name, key, point_name, value, unit, bound, side;
    point_name_zh and point_name_ru where the point has such names.
    `delivered_at`: when a page or a program of the user first got it. `read_at` null: unread; `dismissed_at` null:
    not put away.
    `device_id` null: it is about no device, or about one that was deleted.
    """

    id: int
    type: NotificationType
    severity: Severity
    title: str
    message: str
    device_id: int | None
    metadata: dict[str, str | int | float | None]
    created_at: str
    delivered_at: str | None
    read_at: str | None
    dismissed_at: str | None


class NotificationsOut(BaseModel):
    """A page of notifications, newest first. `total`: on all pages."""

    notifications: list[NotificationOut]
    total: int
    limit: int
    offset: int
    has_more: bool


class UnreadCountOut(BaseModel):
    """Number of notifications neither read nor dismissed."""

    unread_count: int


class ReadIn(Body):
    """`read_at`: when it was read; default: now."""

    read_at: datetime | None = None


class ReadOut(BaseModel):
    id: int
    read_at: str
    message: str


class AllReadOut(BaseModel):
    marked_as_read: int
    message: str


class DismissedOut(BaseModel):
    id: int
    dismissed_at: str
    message: str


class ListQuery(BaseModel):
    """Which of mine. The range of time is ISO 8601, UTC without a zone, its end not included."""

    limit: int = Field(default=20, ge=1, le=100)
    offset: int = Field(default=0, ge=0, le=_LARGEST_ID)
    unread_only: bool = False
    include_dismissed: bool = False
    type: NotificationType | None = None
    severity: Severity | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None


@router.get("")
async def list_notifications(parts: Running, who: Who, query: Annotated[ListQuery, Query()]) -> NotificationsOut:
    """Your notifications, newest first."""
    wanted = Wanted(
        unread_only=query.unread_only,
        include_dismissed=query.include_dismissed,
        type=query.type,
        severity=query.severity,
        start_ms=to_ms(query.start_time) if query.start_time else None,
        end_ms=to_ms(query.end_time) if query.end_time else None,
    )
    if wanted.start_ms is not None and wanted.end_ms is not None and wanted.start_ms >= wanted.end_ms:
        raise ApiError(422, "invalid_range", "start_time must be before end_time", "start_time")
    limit, offset = query.limit, query.offset
    page, total = await parts.catalog.notifications.of_user(who.user_id, wanted, limit=limit, offset=offset)
    page = await parts.catalog.notifications.deliver(page)
    return NotificationsOut(
        notifications=[_out(parts, notification) for notification in page],
        total=total,
        limit=limit,
        offset=offset,
        has_more=offset + len(page) < total,
    )


@router.get("/unread-count")
async def unread_count(parts: Running, who: Who) -> UnreadCountOut:
    """Number of your notifications that are neither read nor dismissed."""
    return UnreadCountOut(unread_count=await parts.catalog.notifications.unread_count(who.user_id))


@router.put("/read-all")
async def read_all(parts: Running, who: Who) -> AllReadOut:
    """Mark all of your notifications as read."""
    count = await parts.catalog.notifications.mark_all_read(who.user_id, parts.clock.now_ms())
    return AllReadOut(marked_as_read=count, message=f"{count} marked as read")


@router.get("/stream", response_model=NotificationOut, response_class=StreamingResponse)
async def stream_notifications(
    parts: Running,
    who: Who,
    last_event_id: Annotated[str | None, Header(max_length=20, description="resume after this notification")] = None,
) -> StreamingResponse:
    """Server-sent events: `notification` for each new one of yours, `heartbeat` every 30 seconds.

    The id of an event is that of its notification; those after `Last-Event-ID` are sent first. Of more than
    eight streams of a user the oldest is ended, and so are all of them when the session ends.
    """
    last = await _begin_after(parts, last_event_id)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(parts, who, last), media_type="text/event-stream", headers=headers)


@router.get("/{notification_id}")
async def one_notification(notification_id: Id, parts: Running, who: Who) -> NotificationOut:
    """One of your notifications; 403 for another user's."""
    (found,) = await parts.catalog.notifications.deliver([await _mine(parts, who, notification_id)])
    return _out(parts, found)


@router.put("/{notification_id}/read")
async def read_notification(notification_id: Id, parts: Running, who: Who, body: ReadIn | None = None) -> ReadOut:
    """Mark it as read; 409 if it already was."""
    known = await _mine(parts, who, notification_id)
    if known.read_ms is not None:
        message = f"it was read at {to_iso(known.read_ms)}"
        raise ApiError(409, "already_read", message, "read_at")
    now_ms = parts.clock.now_ms()
    at_ms = to_ms(body.read_at) if body and body.read_at else now_ms
    if not known.created_ms <= at_ms <= now_ms:
        raise ApiError(422, "invalid_value", "read_at: not before the notification, and not in the future", "read_at")
    await parts.catalog.notifications.mark_read(known.id, at_ms)
    return ReadOut(id=known.id, read_at=to_iso(at_ms), message="marked as read")


@router.delete("/{notification_id}")
async def dismiss_notification(notification_id: Id, parts: Running, who: Who) -> DismissedOut:
    """Dismiss it: it counts as read and is listed only with `include_dismissed`."""
    known = await _mine(parts, who, notification_id)
    now_ms = parts.clock.now_ms()
    done = await parts.catalog.notifications.dismiss(known.id, now_ms)
    at_ms = now_ms if done.dismissed_ms is None else done.dismissed_ms
    return DismissedOut(id=known.id, dismissed_at=to_iso(at_ms), message="dismissed")


async def _mine(parts: Parts, who: Principal, number: int) -> Notification:
    try:
        found = await parts.catalog.notifications.one(NotificationId(number))
    except NotFoundError as error:
        raise not_found("notification", number) from error
    if found.user_id != who.user_id:
        raise ApiError(403, "forbidden", "this notification is somebody else's")
    return found


async def _begin_after(parts: Parts, last_event_id: str | None) -> NotificationId:
    """Raises ApiError for an id that is none."""
    if not last_event_id:
        return await parts.catalog.notifications.newest_id()
    if not last_event_id.isascii() or not last_event_id.isdigit() or int(last_event_id) > _LARGEST_ID:
        message = "Last-Event-ID: allowed are ids of notifications"
        raise ApiError(422, "invalid_value", message, "Last-Event-ID")
    return NotificationId(int(last_event_id))


async def _events(parts: Parts, who: Principal, last: NotificationId) -> AsyncIterator[bytes]:
    """A beat at once shows that the stream stands. What is new is read from the catalog, so nothing is lost."""
    with parts.notifications.followed_by(who.user_id) as follower:
        yield _heartbeat(parts)
        while not _is_over(parts, who, follower):
            follower.news.clear()
            news = await parts.catalog.notifications.after(who.user_id, last, limit=_AT_ONCE)
            for new in await parts.catalog.notifications.deliver(news):
                last = new.id
                yield _event(parts, new)
                follower.news.set()  # There may be more than were asked for at once.
            if await parts.closing.or_news(follower.news, HEARTBEAT_S):
                return
            if not follower.news.is_set():
                yield _heartbeat(parts)


def _is_over(parts: Parts, who: Principal, follower: Follower) -> bool:
    return follower.is_replaced or not parts.doors.authenticator.is_signed_in(who)


def _event(parts: Parts, notification: Notification) -> bytes:
    data = orjson.dumps(_out(parts, notification).model_dump())
    return b"event: notification\nid: %d\ndata: %b\n\n" % (notification.id, data)


def _heartbeat(parts: Parts) -> bytes:
    data = orjson.dumps({"timestamp": to_iso(parts.clock.now_ms())})
    return b"event: heartbeat\ndata: %b\n\n" % data


def _out(parts: Parts, notification: Notification) -> NotificationOut:
    device = notification.device_id
    return NotificationOut(
        id=notification.id,
        type=notification.type,
        severity=notification.severity,
        title=notification.title,
        message=notification.message,
        device_id=device if device is not None and parts.roster.get(device) else None,
        metadata=dict(notification.metadata),
        created_at=to_iso(notification.created_ms),
        delivered_at=None if notification.delivered_ms is None else to_iso(notification.delivered_ms),
        read_at=None if notification.read_ms is None else to_iso(notification.read_ms),
        dismissed_at=None if notification.dismissed_ms is None else to_iso(notification.dismissed_ms),
    )
