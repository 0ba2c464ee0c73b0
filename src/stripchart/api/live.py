"""What devices say now: the newest value of each point with its age and quality, once or as a stream."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute

from stripchart.api.closing import Closing
from stripchart.api.errors import not_found
from stripchart.api.ids import Id
from stripchart.api.latest_answers import LatestAnswers
from stripchart.api.live_feed import LiveFeed, Seen
from stripchart.api.live_view import LatestOut, Values
from stripchart.api.parts import Running
from stripchart.model.device import DeviceId

router = APIRouter(prefix="/api/devices", tags=["live"])


async def _feed(request: Request) -> LiveFeed:
    feed: LiveFeed = request.app.state.feed
    return feed


async def _answers(request: Request) -> LatestAnswers:
    answers: LatestAnswers = request.app.state.answers
    return answers


Feed = Annotated[LiveFeed, Depends(_feed)]
Answers = Annotated[LatestAnswers, Depends(_answers)]


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
async def latest(device_id: Id, parts: Running, answers: Answers) -> Response:
    """The newest value of every point of the device. 404 `no_readings` while none was ever read, or tried to be."""
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return Response(answers.of(entry).data, media_type="application/json")


def latest_route() -> APIRoute:
    """The route of `latest`."""
    return next(route for route in router.routes if isinstance(route, APIRoute) and route.endpoint is latest)
