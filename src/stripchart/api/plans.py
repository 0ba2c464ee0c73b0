"""Read plans: in which requests a device is read, what that costs, and what was learned of the device."""

from fastapi import APIRouter
from pydantic import BaseModel

from stripchart.api.cause import CauseOut, caused
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.model.device import Device, DeviceId
from stripchart.model.limits import Hole, Lesson
from stripchart.model.point import Table
from stripchart.model.profile import Profile
from stripchart.model.read_plan import PlannedGroup, ReadPlan
from stripchart.model.time import to_iso
from stripchart.polling.feasibility import PlannedRead, load_of
from stripchart.profiles.fragment import as_fragment

router = APIRouter(prefix="/api/devices", tags=["devices"])


class RequestOut(BaseModel):
    """`first` is 0-based; `count` registers or bits are read, `wanted` of them belong to points."""

    table: Table
    first: int
    count: int
    wanted: int


class PlannedGroupOut(BaseModel):
    """A read group, read every `every`-th cycle."""

    name: str
    every: int
    requests: list[RequestOut]


class HoleOut(BaseModel):
    """Addresses that no request may touch together. `why`, `cause`: what it said. `tries`: retries in vain."""

    table: Table
    first: int
    last: int
    why: str
    cause: CauseOut
    learned_at: str
    tries: int
    retry_at: str


class LessonOut(BaseModel):
    """A limit in place of the profile's; `limit` is called as in a profile. `cause`: what the device did."""

    limit: str
    value: float
    why: str
    cause: CauseOut
    learned_at: str


class PlanOut(BaseModel):
    """The read plan of a device. Counts and seconds are of a cycle in which every read group is due.

    `estimated_cycle_s` is based on the link's speed, `measured_cycle_s` on the device's round-trip times.
    `unreadable`: keys of points the device does not provide. `fragment`: what was learned, as a fragment for a
    profile.
    """

    requests: int
    wanted: int
    read: int
    wasted: int
    interval_s: float
    estimated_cycle_s: float
    measured_cycle_s: float | None
    max_registers: int
    max_bits: int
    max_gap: int
    pause_between_s: float
    groups: list[PlannedGroupOut]
    unreadable: list[str]
    holes: list[HoleOut]
    lessons: list[LessonOut]
    fragment: str


@router.get("/{device_id}/plan")
async def read_plan(device_id: Id, parts: Running) -> PlanOut:
    """The read plan of a device: requests, cost, learned limits. 409 while its profile is invalid."""
    device, profile = _device(parts, device_id)
    return _plan(await parts.plans.plan(device, profile), device, profile)


@router.delete("/{device_id}/plan")
async def learn_again(device_id: Id, parts: Running) -> PlanOut:
    """Discard what was learned about a device: it is read as its profile says, and learned again."""
    device, profile = _device(parts, device_id)
    await parts.plans.learn_again(device)
    return _plan(await parts.plans.plan(device, profile), device, profile)


def _device(parts: Parts, device_id: int) -> tuple[Device, Profile]:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    if entry.profile is None:
        raise ApiError(409, "no_profile", entry.problem or f"profile {entry.device.profile!r} cannot be used")
    return entry.device, entry.profile


def _plan(plan: ReadPlan, device: Device, profile: Profile) -> PlanOut:
    reads = [PlannedRead(group.group, tuple(request.block for request in group.requests)) for group in plan.groups]
    load = load_of(device.name, device.interval_s, reads, plan.pacing, device.link)
    limits = plan.limits
    lessons = {
        "max_registers": limits.max_registers,
        "max_bits": limits.max_bits,
        "max_gap": limits.max_gap,
        "pause_between_s": limits.pause_between_s,
    }
    return PlanOut(
        requests=plan.requests,
        wanted=plan.wanted,
        read=plan.read,
        wasted=plan.wasted,
        interval_s=device.interval_s,
        estimated_cycle_s=load.longest_s,
        measured_cycle_s=plan.measured_s,
        max_registers=plan.pacing.max_registers,
        max_bits=plan.pacing.max_bits,
        max_gap=plan.pacing.max_gap,
        pause_between_s=plan.pacing.pause_between_s,
        groups=[_group(group) for group in plan.groups],
        unreadable=list(plan.unreadable),
        holes=[_hole(hole) for hole in limits.holes],
        lessons=[_lesson(name, lesson) for name, lesson in lessons.items() if lesson is not None],
        fragment=as_fragment(plan, profile),
    )


def _group(group: PlannedGroup) -> PlannedGroupOut:
    requests = [
        RequestOut(
            table=request.block.table, first=request.block.start, count=len(request.block), wanted=request.wanted
        )
        for request in group.requests
    ]
    return PlannedGroupOut(name=group.group.name, every=group.group.every, requests=requests)


def _hole(hole: Hole) -> HoleOut:
    return HoleOut(
        table=hole.block.table,
        first=hole.block.start,
        last=hole.block.end - 1,
        why=hole.why,
        cause=caused(hole.cause),
        learned_at=to_iso(hole.at_ms),
        tries=hole.tries,
        retry_at=to_iso(hole.retry_ms),
    )


def _lesson(name: str, lesson: Lesson) -> LessonOut:
    return LessonOut(
        limit=name,
        value=lesson.value,
        why=lesson.why,
        cause=caused(lesson.cause),
        learned_at=to_iso(lesson.at_ms),
    )
