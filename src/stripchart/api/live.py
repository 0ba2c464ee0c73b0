"""What devices say now: the newest value of each point with its age and quality, once or as a stream."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from stripchart.api.closing import Closing
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.live_feed import LiveFeed, Seen
from stripchart.api.live_view import LatestOut, Values, latest_of
from stripchart.api.parts import Parts, Running
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId

router = APIRouter(prefix="/api/devices", tags=["live"])


def _feed(request: Request) -> LiveFeed:
    feed: LiveFeed = request.app.state.feed
    return feed


Feed = Annotated[LiveFeed, Depends(_feed)]


@router.get("/stream", response_model=list[LatestOut], response_class=StreamingResponse)
async def stream(
    parts: Running,
    feed: Feed,
    interval_s: Annotated[float, Query(ge=0.5, le=60, description="seconds between two events")] = 5.0,
    device_id: Annotated[list[Id] | None, Query(description="only these devices")] = None,
    values: Annotated[Values, Query(description="all points, or only those of the tile")] = Values.ALL,
    changed: Annotated[bool, Query(description="after the first event, only devices with something new")] = False,
) -> StreamingResponse:
    """Server-sent events: the latest of all devices at once, then again every `interval_s` seconds.

    With `changed` an event after the first has those devices alone of which something is new.
    """
    devices = tuple(device_id or ())
    unknown = [id_ for id_ in devices if parts.roster.get(DeviceId(id_)) is None]
    if unknown:
        raise not_found("device", unknown[0])
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    seen = Seen()
    event = partial(feed.changes, seen=seen) if changed else feed.event
    events = _events(lambda: event(devices, values), parts.closing, interval_s)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _events(event: Callable[[], Awaitable[bytes]], closing: Closing, interval_s: float) -> AsyncIterator[bytes]:
    while True:
        yield await event()
        if await closing.within(interval_s):
            return


@router.get("/{device_id}/latest", response_model=LatestOut)
async def latest(device_id: Id, parts: Running) -> Response:
    """The newest value of every point of the device. 404 `no_readings` while none was ever read, or tried to be."""
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    if not _has_readings(parts, entry):
        raise ApiError(404, "no_readings", f"{entry.device.name} has no readings yet")
    body = orjson.dumps(latest_of(parts, entry, Values.ALL, parts.clock.now_ms()))
    return Response(body, media_type="application/json")


def _has_readings(parts: Parts, entry: RosterEntry) -> bool:
    latest, now_ms = parts.pipeline.latest, parts.clock.now_ms()
    if latest.values(entry.point_ids, now_ms).at_ms.any():
        return True
    return any(latest.text(PointId(point), now_ms) for point in entry.point_ids.tolist())
