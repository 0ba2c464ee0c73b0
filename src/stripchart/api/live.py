"""What devices say now: the newest value of each point with its age and quality, once or as a stream."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute

from stripchart.api.closing import Closing
from stripchart.api.errors import not_found
from stripchart.api.ids import Id
from stripchart.api.latest_answers import LatestAnswers
from stripchart.api.live_feed import LiveFeed
from stripchart.api.live_view import LatestOut, Values
from stripchart.api.parts import Running
from stripchart.api.who import Follower
from stripchart.model.device import DeviceId

router = APIRouter(prefix="/api/devices", tags=["live"])

HEARTBEAT_S = 15.0
"""Proxies close a connection on which nothing comes for a minute, as a rule."""

_HEARTBEAT = b": still there\n\n"


async def _feed(request: Request) -> LiveFeed:
    feed: LiveFeed = request.app.state.feed
    return feed


async def _answers(request: Request) -> LatestAnswers:
    answers: LatestAnswers = request.app.state.answers
    return answers


Feed = Annotated[LiveFeed, Depends(_feed)]
Answers = Annotated[LatestAnswers, Depends(_answers)]


async def _choice(
    device_id: Annotated[list[Id] | None, Query(description="only these devices")] = None,
    values: Annotated[Values, Query(description="all points, or only those of the tile")] = Values.ALL,
) -> tuple[tuple[int, ...], Values]:
    return tuple(device_id or ()), values


Choice = Annotated[tuple[tuple[int, ...], Values], Depends(_choice)]


async def _behind(
    changed: Annotated[bool, Query(description="after the first event, only devices that changed")] = False,
    last_event_id: Annotated[str, Header(max_length=100, description="resume after this event")] = "",
) -> str | None:
    return last_event_id if changed else None


Behind = Annotated[str | None, Depends(_behind)]
"""The event to go on behind; None where each event has everything."""


@router.get("/stream", response_model=list[LatestOut], response_class=StreamingResponse)
async def stream(
    parts: Running,
    feed: Feed,
    choice: Choice,
    behind: Behind,
    who: Follower,
    interval_s: Annotated[float, Query(ge=0.5, le=60, description="seconds between events")] = 5.0,
) -> StreamingResponse:
    """Server-sent events: the latest values of all devices at once, then every `interval_s` seconds.

    With `changed`, events after the first contain only devices that changed, and an id: a client that reconnects
    with it in `Last-Event-ID` resumes there. While nothing is due there is a comment every 15 seconds. A client that
    is too slow for an event gets the latest when it is ready. The stream ends with the session or token that opened
    it.
    """
    devices, values = choice
    unknown = [id_ for id_ in devices if parts.roster.get(DeviceId(id_)) is None]
    if unknown:
        raise not_found("device", unknown[0])
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    asked = _Asked(feed, devices, values, None if behind is None else feed.since(behind))
    is_signed_in = parts.doors.authenticator.is_signed_in
    events = _events(asked, parts.closing, interval_s, lambda: who is None or is_signed_in(who))
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


@dataclass(slots=True)
class _Asked:
    """What a client follows. `since`: the change that it was told last; None: it wants everything each time."""

    feed: LiveFeed
    devices: tuple[int, ...]
    values: Values
    since: int | None

    async def event(self) -> bytes:
        """The next event for it."""
        if self.since is None:
            return await self.feed.event(self.devices, self.values)
        event, self.since = await self.feed.changes(self.devices, self.values, self.since)
        return event


async def _events(
    asked: _Asked, closing: Closing, interval_s: float, may_go_on: Callable[[], bool]
) -> AsyncIterator[bytes]:
    figures, is_slow = asked.feed.figures, False
    while may_go_on():
        event = await asked.event()
        began_s = time.monotonic()
        yield event
        figures.sent += 1
        if not is_slow and time.monotonic() - began_s > interval_s:
            is_slow = True
            figures.slow_clients += 1
        waited_s = 0.0
        while waited_s < interval_s and may_go_on():
            if waited_s:
                yield _HEARTBEAT
            wait_s = min(HEARTBEAT_S, interval_s - waited_s)
            if await closing.within(wait_s):
                return
            waited_s += wait_s


@router.get("/{device_id}/latest", response_model=LatestOut)
async def latest(device_id: Id, parts: Running, answers: Answers) -> Response:
    """The latest value of every point of a device. 404 `no_readings` before the first attempt to read any."""
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return Response(answers.of(entry).data, media_type="application/json")


def latest_route() -> APIRoute:
    """The route of `latest`."""
    return next(route for route in router.routes if isinstance(route, APIRoute) and route.endpoint is latest)
