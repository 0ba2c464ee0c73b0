"""What is wrong with the program itself, in words, and by code for those who word it in another language."""

from pydantic import BaseModel

from stripchart.api.parts import Parts
from stripchart.bus.base import BusReport
from stripchart.history.room import Room, RoomState
from stripchart.history.waiting import WaitingHealth
from stripchart.polling.leases import CHORES, LeaseHealth


class HealthProblemOut(BaseModel):
    """`code` and `facts` say the same as `message`; `cause` is what was reported, in English."""

    message: str
    code: str
    facts: dict[str, float | str | None]


def of_parts(parts: Parts) -> list[HealthProblemOut]:
    """Of recording, profiles and devices."""
    recording = parts.pipeline.health()
    problems = []
    if recording.problem:
        problems.append(_told(f"recording: {recording.problem}", "recording", cause=recording.problem))
    if recording.dropped:
        message = f"recording: {recording.dropped} samples were dropped because too many were waiting"
        problems.append(_told(message, "recording_dropped", samples=recording.dropped))
    problems += [_told(f"profile: {bad}", "profile", cause=str(bad)) for bad in parts.profiles.problems]
    for entry in parts.roster.all():
        if entry.problem:
            name = entry.device.name
            problems.append(_told(f"{name}: {entry.problem}", "device", device=name, cause=entry.problem))
    return problems


def of_room(room: Room) -> list[HealthProblemOut]:
    """Of the disk, or the limit of the history's size."""
    problems = []
    if room.state is not RoomState.OK:
        left = "" if room.days_left is None else f"; {room.days_left:.0f} days left"
        message = f"history: disk or size limit is {100 * room.used:.0f} % full{left}"
        problems.append(_told(message, "disk", used_share=room.used, days_left=room.days_left))
    if room.dropped_samples:
        message = f"history: {room.dropped_samples} samples were dropped for lack of space"
        problems.append(_told(message, "history_dropped", samples=room.dropped_samples))
    return problems


def of_spool(waiting: WaitingHealth | None) -> list[HealthProblemOut]:
    """Of what waits on the disk for the history's server."""
    if waiting is None:
        return []
    problems = []
    if waiting.problem is not None:
        message = f"history: {waiting.samples} samples wait on the disk: {waiting.problem}"
        problems.append(_told(message, "spool", samples=waiting.samples, cause=waiting.problem))
    if waiting.dropped:
        message = f"history: {waiting.dropped} samples were dropped from the spool, too old or too many"
        problems.append(_told(message, "spool_dropped", samples=waiting.dropped))
    return problems


def of_sharing(sharing: LeaseHealth | None) -> list[HealthProblemOut]:
    """Of the leases by which several processes share a plant."""
    if sharing is None or sharing.problem is None:
        return []
    links = None if sharing.me is None else len(sharing.held - {CHORES})
    here = "" if links is None else f"; {links} links are polled here"
    return [_told(f"leases: {sharing.problem}{here}", "leases", cause=sharing.problem, links=links)]


def of_bus(report: BusReport | None) -> list[HealthProblemOut]:
    """Of Redis."""
    if report is None:
        return []
    place, cause = report.health.place, report.health.problem
    if cause is not None:
        return [_told(f"redis: {place} is unreachable: {cause}", "redis_unreachable", place=place, cause=cause)]
    return [_told(f"redis: {report.problem}", "redis", cause=report.problem)] if report.problem else []


def _told(message: str, code: str, **facts: float | str | None) -> HealthProblemOut:
    return HealthProblemOut(message=message, code=code, facts=facts)
