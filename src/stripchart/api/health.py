"""How the program itself is doing."""

from collections import Counter
from enum import StrEnum

from fastapi import APIRouter
from pydantic import BaseModel

from stripchart import __version__
from stripchart.api.health_problem import HealthProblemOut, of_bus, of_parts, of_room, of_sharing, of_spool
from stripchart.api.parts import Parts, Running
from stripchart.bus.base import BusReport
from stripchart.history.room import Room, RoomState
from stripchart.history.waiting import WaitingHealth
from stripchart.model.device import DeviceStatus
from stripchart.model.role import Role
from stripchart.model.time import to_iso
from stripchart.polling.leases import CHORES, LeaseHealth

router = APIRouter(prefix="/api", tags=["health"])


class OverallStatus(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"


class DeviceCountsOut(BaseModel):
    unknown: int
    online: int
    offline: int
    error: int


class RecordingOut(BaseModel):
    """Samples stored since the start, waiting for the historian, and dropped because too many waited."""

    stored: int
    waiting: int
    dropped: int
    problem: str | None


class RoomOut(BaseModel):
    """Fill level of the disk or size limit, and the days left at last week's growth.

    `state`: ok, warning (80 %) or full (95 %). `free_bytes`: null if unknown. `days_left`: null while the history
    does not grow, or its growth is not known yet. `dropped_samples`: dropped for lack of space since the start;
    `dropped_before`: everything older has been dropped; null if nothing was ever dropped for lack of space.
    """

    state: RoomState
    bytes: int
    free_bytes: int | None
    used_percent: float
    growth_bytes_per_day: float | None
    days_left: float | None
    dropped_samples: int
    dropped_before: str | None


class SpoolOut(BaseModel):
    """Samples spooled to disk while the history's server is unavailable, and since when.

    `forwarded`, `dropped`: samples since the start that were forwarded to the server, and that were dropped for lack
    of space or because they waited too long. `problem`: why the server does not accept them now.
    """

    waiting: int
    bytes: int
    max_bytes: int
    used_percent: float
    since: str | None
    oldest_age_s: float | None
    max_hours: float
    forwarded: int
    dropped: int
    problem: str | None


class CollectorOut(BaseModel):
    """A process that polls, and the machine it runs on."""

    name: str
    machine: str
    role: Role


class SharingOut(BaseModel):
    """What this process polls of a plant shared by several.

    `me`: its name among `collectors`, the live ones; null when it polls nothing.

    `links_held`: held of the `links` that are its share; `oldest_lease_s`: how long it has held the oldest of them.
    `does_chores`: whether this process runs retention and trend logs.
    """

    me: str | None
    collectors: list[CollectorOut]
    links: int
    links_held: int
    oldest_lease_s: float | None
    does_chores: bool
    problem: str | None


class RedisOut(BaseModel):
    """`since`: since when Redis is reachable, or not; null before that is known.

    `published`: updates published since the start; `waiting`: devices whose latest values are not published yet.
    `problem`: why it is unreachable, or rejects updates.
    """

    place: str
    since: str | None
    failures: int
    published: int
    waiting: int
    problem: str | None


class HealthOut(BaseModel):
    """Degraded while something is wrong; `problems` says what, in words, and `problem_details` the same in
    the same order, with codes and facts.

    `spool` is null while the history is in files of our own, `sharing` while no other process polls the same plant,
    `redis` while there is none.
    """

    status: OverallStatus
    version: str
    role: Role
    started_at: str
    now: str
    devices: DeviceCountsOut
    history: RecordingOut
    room: RoomOut
    spool: SpoolOut | None
    sharing: SharingOut | None
    redis: RedisOut | None
    problems: list[str]
    problem_details: list[HealthProblemOut]


@router.get("/health")
async def health(parts: Running) -> HealthOut:
    """Whether polling and recording work. Answers 200 even when degraded: the server itself is up."""
    recording, room = parts.pipeline.health(), await parts.historian.room()
    waiting = None if parts.server is None else parts.server.waiting.health()
    sharing = parts.sharing()
    bus = None if parts.bus is None else parts.bus()
    problems = [*of_parts(parts), *of_room(room), *of_spool(waiting), *of_sharing(sharing), *of_bus(bus)]
    return HealthOut(
        status=OverallStatus.DEGRADED if problems else OverallStatus.OK,
        version=__version__,
        role=parts.role,
        started_at=to_iso(parts.started_ms),
        now=to_iso(parts.clock.now_ms()),
        devices=_device_counts(parts),
        history=RecordingOut(
            stored=recording.stored,
            waiting=recording.waiting,
            dropped=recording.dropped,
            problem=recording.problem,
        ),
        room=_room(room),
        spool=None if waiting is None else _spool(waiting, parts.clock.now_ms()),
        sharing=None if sharing is None else _sharing(sharing),
        redis=None if bus is None else _redis(bus),
        problems=[problem.message for problem in problems],
        problem_details=problems,
    )


def _sharing(sharing: LeaseHealth) -> SharingOut:
    return SharingOut(
        me=sharing.me.name if sharing.me else None,
        collectors=[
            CollectorOut(name=each.name, machine=each.machine, role=Role(each.role)) for each in sharing.collectors
        ],
        links=len(sharing.share - {CHORES}),
        links_held=len(sharing.held - {CHORES}),
        oldest_lease_s=None if sharing.oldest_s is None else round(sharing.oldest_s, 1),
        does_chores=CHORES in sharing.held,
        problem=sharing.problem,
    )


def _room(room: Room) -> RoomOut:
    return RoomOut(
        state=room.state,
        bytes=room.bytes,
        free_bytes=room.free_bytes,
        used_percent=round(100 * room.used, 1),
        growth_bytes_per_day=room.growth_bytes_per_day,
        days_left=room.days_left,
        dropped_samples=room.dropped_samples,
        dropped_before=None if room.dropped_before_ms is None else to_iso(room.dropped_before_ms),
    )


def _spool(waiting: WaitingHealth, now_ms: int) -> SpoolOut:
    since_ms = waiting.since_ms
    return SpoolOut(
        waiting=waiting.samples,
        bytes=waiting.bytes,
        max_bytes=waiting.max_bytes,
        used_percent=round(100 * waiting.bytes / waiting.max_bytes, 1),
        since=None if since_ms is None else to_iso(since_ms),
        oldest_age_s=None if since_ms is None else max(0, now_ms - since_ms) / 1000,
        max_hours=waiting.max_hours,
        forwarded=waiting.forwarded,
        dropped=waiting.dropped,
        problem=waiting.problem,
    )


def _redis(report: BusReport) -> RedisOut:
    health = report.health
    return RedisOut(
        place=health.place,
        since=None if health.since_ms is None else to_iso(health.since_ms),
        failures=health.failures,
        published=report.published,
        waiting=report.waiting,
        problem=health.problem or report.problem,
    )


def _device_counts(parts: Parts) -> DeviceCountsOut:
    healths = [parts.supervisor.health(entry.device.id) for entry in parts.roster.all()]
    counts = Counter(health.status if health else DeviceStatus.UNKNOWN for health in healths)
    return DeviceCountsOut(
        unknown=counts[DeviceStatus.UNKNOWN],
        online=counts[DeviceStatus.ONLINE],
        offline=counts[DeviceStatus.OFFLINE],
        error=counts[DeviceStatus.ERROR],
    )
