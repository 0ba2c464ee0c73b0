"""Links: how each connection and serial bus is doing, and what went over it last."""

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.cause import CauseOut, cause_out, caused
from stripchart.api.errors import ApiError
from stripchart.api.parts import Running
from stripchart.drivers.report import LinkReport, TracedFrame, UnitReport, UnknownTraceError
from stripchart.model.device import Framing, parse_link
from stripchart.model.link import LinkOptionError, LinkOptions, parse_options
from stripchart.model.time import to_iso
from stripchart.wire.spoken import spoken_in

router = APIRouter(prefix="/api/links", tags=["links"])

PCAP = "application/vnd.tcpdump.pcap"

LinkName = Annotated[str, Query(alias="link", examples=["tcp://192.168.1.10:502"])]
FaultNumber = Annotated[int | None, Query(ge=1, description="Only the frames around this fault of the link.")]


class CountersOut(BaseModel):
    """Counters since the link was opened. Each request ends as reply, refused, timeout, bad reply or lost link.

    `late`: replies after their timeout. `foreign`: complete frames that answer none of our requests.
    `discarded_bytes`: all bytes received and not used. `not_asked`: requests refused because their unit is
    silent; `overflows`: because too many waited. `connects`: connections made, `backups` those to the backup.
    """

    requests: int
    replies: int
    refused: int
    timeouts: int
    bad_replies: int
    late: int
    foreign: int
    discarded_bytes: int
    connects: int
    backups: int
    overflows: int
    not_asked: int


class RoundTripOut(BaseModel):
    """How long the last exchanges took, in milliseconds."""

    p50_ms: float
    p95_ms: float
    p99_ms: float


class UnitOut(BaseModel):
    """A unit behind the link. `state`: closed (polled normally), open (silent, probed now and then) or probing."""

    unit_id: int
    state: str
    silent_for_s: float | None
    asked_again_in_s: float | None
    requests: int
    replies: int
    refused: int
    timeouts: int
    late: int
    average_ms: float
    slowest_ms: float


class FaultOut(BaseModel):
    """Something that went wrong; `unit_id` is null when it concerns the whole link. `frames` were kept around it.

    `cause` says the same as `reason`, by code.
    """

    number: int
    at: str
    kind: str
    unit_id: int | None
    reason: str
    cause: CauseOut
    frames: int


class LinkOptionsOut(BaseModel):
    """Options of a link; docs/links.md describes each."""

    backup: str
    keep_alive_s: float
    reconnect_after: int
    listen_s: float
    listen_at_most_s: float
    ca: str
    retry_first_s: float
    retry_longest_s: float
    probe_first_s: float
    probe_longest_s: float
    silence_limit_s: float
    queue_limit: int
    trace_bytes: int


class LinkOptionsIn(Body):
    """Options of a link; omitted ones take their default."""

    backup: str | None = Field(default=None, examples=["192.168.1.11:502"])
    keep_alive_s: float | None = None
    reconnect_after: int | None = None
    listen_s: float | None = None
    listen_at_most_s: float | None = None
    ca: str | None = None
    retry_first_s: float | None = None
    retry_longest_s: float | None = None
    probe_first_s: float | None = None
    probe_longest_s: float | None = None
    silence_limit_s: float | None = None
    queue_limit: int | None = None
    trace_bytes: int | None = None


class LinkOut(BaseModel):
    """A link in use. `place` is where it connects to: its own address, or its backup.

    `trouble`: why it is down, in words, and `cause` by code.
    """

    link: str
    state: str
    since: str | None
    trouble: str | None
    cause: CauseOut | None
    place: str
    waiting: int
    options: LinkOptionsOut
    counters: CountersOut
    round_trip: RoundTripOut | None
    units: list[UnitOut]
    faults: list[FaultOut]


class SpokenOut(BaseModel):
    """A frame to or from a unit, or (`unit_id` null) `size` bytes that are no frame.

    `function`: the Modbus function; `first`, `last`: addresses of a request; `exception`: number of a Modbus
    exception; `size`: data bytes of a reply.
    """

    unit_id: int | None
    function: int | None
    first: int | None
    last: int | None
    exception: int | None
    size: int


class FrameOut(BaseModel):
    """Bytes that went over the link at once. `at_ns`: nanoseconds since 1970, as text, for pages round numbers.

    `meaning` says in words what `spoken` says frame by frame.
    """

    at: str
    at_ns: str
    sent: bool
    bytes: str
    meaning: str
    spoken: list[SpokenOut]


class TraceFormat(StrEnum):
    JSON = "json"
    TEXT = "text"
    PCAP = "pcap"


@router.get("")
async def list_links(parts: Running) -> list[LinkOut]:
    """Every link in use, by address."""
    return [_out(report) for report in await parts.links.reports(parts.clock.now_ms())]


@router.put("/options")
async def change_link_options(link: LinkName, body: LinkOptionsIn, parts: Running) -> LinkOptionsOut:
    """Replace the options of a link; takes effect on its next request. 404 if no device uses the link."""
    address = parse_link(link)
    given = {name: value for name, value in body.model_dump().items() if value is not None}
    try:
        options = parse_options(address, given)
    except LinkOptionError as error:
        raise ApiError(
            422, "invalid_value", f"{error.field}: {error}", error.field, complaint=error.complaint
        ) from None
    await parts.catalog.set_link_options(address, options)
    await parts.changed()
    return _options(options)


@router.get(
    "/trace",
    response_model=list[FrameOut],
    responses={200: {"content": {"text/plain": {}, PCAP: {}}}},
)
async def trace_link(
    link: LinkName,
    parts: Running,
    fault: FaultNumber = None,
    after_ns: Annotated[int, Query(ge=0, description="Only frames after this moment.")] = 0,
    format: TraceFormat = TraceFormat.JSON,
) -> list[FrameOut] | Response:
    """The last raw frames of a link, or those around a fault: as JSON, text, or a file for Wireshark."""
    address = parse_link(link)
    try:
        if format is TraceFormat.PCAP:
            headers = {"Content-Disposition": 'attachment; filename="link.pcap"'}
            return Response(await parts.links.capture(address, fault=fault), media_type=PCAP, headers=headers)
        traced = await parts.links.trace(address, after_ns=after_ns, fault=fault)
        frames = [_frame(frame, address.framing) for frame in traced]
    except UnknownTraceError as error:
        raise ApiError(404, "not_found", str(error), "link" if fault is None else "fault") from None
    if format is TraceFormat.TEXT:
        return Response("".join(f"{trace_line(frame)}\n" for frame in frames), media_type="text/plain")
    return frames


def trace_line(frame: FrameOut) -> str:
    """A frame as a line of text."""
    return f"{frame.at} {'->' if frame.sent else '<-'} {frame.bytes}  {frame.meaning}".rstrip()


def _frame(frame: TracedFrame, framing: Framing) -> FrameOut:
    seconds, rest_ns = divmod(frame.at_ns, 1_000_000_000)
    at = f"{to_iso(1000 * seconds)[:19]}.{rest_ns // 1000:06d}Z"
    return FrameOut(
        at=at,
        at_ns=str(frame.at_ns),
        sent=frame.sent,
        bytes=frame.data.hex(" "),
        meaning=frame.meaning,
        spoken=[SpokenOut(**each._asdict()) for each in spoken_in(framing, frame.data, sent=frame.sent)],
    )


def _out(report: LinkReport) -> LinkOut:
    trip = [round(1000 * seconds, 3) for seconds in report.round_trip_s]
    return LinkOut(
        link=str(report.address),
        state=report.state,
        since=to_iso(report.since_ms) if report.since_ms is not None else None,
        trouble=report.trouble or None,
        cause=cause_out(report.cause) if report.trouble else None,
        place=report.place,
        waiting=report.waiting,
        options=_options(report.options),
        counters=CountersOut(**report.counters),
        round_trip=RoundTripOut(p50_ms=trip[0], p95_ms=trip[1], p99_ms=trip[2]) if trip else None,
        units=[_unit(unit) for unit in report.units],
        faults=[
            FaultOut(
                number=fault.number,
                at=to_iso(fault.at_ms),
                kind=fault.kind,
                unit_id=fault.unit_id or None,
                reason=fault.reason,
                cause=caused(fault.cause),
                frames=fault.frames,
            )
            for fault in report.faults
        ],
    )


def _options(options: LinkOptions) -> LinkOptionsOut:
    return LinkOptionsOut(**asdict(options))


def _unit(unit: UnitReport) -> UnitOut:
    is_asked = unit.state == "closed"
    return UnitOut(
        unit_id=unit.unit_id,
        state=unit.state,
        silent_for_s=None if is_asked else round(unit.silent_for_s, 1),
        asked_again_in_s=None if is_asked else round(unit.asked_again_in_s, 1),
        requests=unit.requests,
        replies=unit.replies,
        refused=unit.refused,
        timeouts=unit.timeouts,
        late=unit.late,
        average_ms=round(1000 * unit.average_s, 3),
        slowest_ms=round(1000 * unit.slowest_s, 3),
    )
