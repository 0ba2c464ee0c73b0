"""What is wrong with the program itself, in words, and by code for those who word it in another language."""

from enum import StrEnum

from pydantic import BaseModel

from stripchart.api.parts import Parts
from stripchart.bus.base import BusReport
from stripchart.history.room import Room, RoomState
from stripchart.history.waiting import WaitingHealth
from stripchart.model.cause import Cause
from stripchart.model.facts import Facts
from stripchart.polling.leases import CHORES, LeaseHealth
from stripchart.profiles.problem import Problem


class ProblemCode(StrEnum):
    """Every problem of the program; facts are named in brackets. `cause`: with those of a cause, docs/causes.md."""

    RECORDING = "recording"
    """Samples cannot be stored (`cause`)."""
    RECORDING_DROPPED = "recording_dropped"
    """So many `samples` were dropped, because too many waited."""
    DISK = "disk"
    """The disk, or the limit of the history, is full to `used_share`; `days_left`, if that is known."""
    HISTORY_DROPPED = "history_dropped"
    """So many `samples` were dropped for lack of space."""
    SPOOL = "spool"
    """So many `samples` wait on the disk for the server (`cause`)."""
    SPOOL_DROPPED = "spool_dropped"
    """So many `samples` were dropped from the spool."""
    LEASES = "leases"
    """The plant cannot be shared as it should (`cause`); `links` are polled here, if any are."""
    REDIS_UNREACHABLE = "redis_unreachable"
    """Redis at `place` (`cause`)."""
    REDIS = "redis"
    """It does not take updates (`cause`)."""
    DEVICE = "device"
    """The profile of a `device` cannot be used (`cause`)."""
    PROFILE = "profile"
    """A `file` of a profile is bad at `line`, in `field`, as `said`."""


class HealthProblemOut(BaseModel):
    """`code` and `facts` say the same as `message`; `cause` in them is English, `cause_code` the same by code."""

    message: str
    code: ProblemCode
    facts: dict[str, float | str | None]


def of_parts(parts: Parts) -> list[HealthProblemOut]:
    """Of recording, profiles and devices."""
    recording = parts.pipeline.health()
    problems = []
    if recording.problem:
        problems.append(
            _caused(f"recording: {recording.problem}", ProblemCode.RECORDING, recording.problem, recording.cause)
        )
    if recording.dropped:
        message = f"recording: {recording.dropped} samples were dropped because too many were waiting"
        problems.append(_told(message, ProblemCode.RECORDING_DROPPED, samples=recording.dropped))
    problems += [_of_profile(bad) for bad in parts.profiles.problems]
    for entry in parts.roster.all():
        if entry.problem:
            name = entry.device.name
            problems.append(
                _caused(f"{name}: {entry.problem}", ProblemCode.DEVICE, entry.problem, entry.cause, device=name)
            )
    return problems


def of_room(room: Room) -> list[HealthProblemOut]:
    """Of the disk, or the limit of the history's size."""
    problems = []
    if room.state is not RoomState.OK:
        left = "" if room.days_left is None else f"; {room.days_left:.0f} days left"
        message = f"history: disk or size limit is {100 * room.used:.0f} % full{left}"
        problems.append(_told(message, ProblemCode.DISK, used_share=room.used, days_left=room.days_left))
    if room.dropped_samples:
        message = f"history: {room.dropped_samples} samples were dropped for lack of space"
        problems.append(_told(message, ProblemCode.HISTORY_DROPPED, samples=room.dropped_samples))
    return problems


def of_spool(waiting: WaitingHealth | None) -> list[HealthProblemOut]:
    """Of what waits on the disk for the history's server."""
    if waiting is None:
        return []
    problems = []
    if waiting.problem is not None:
        message = f"history: {waiting.samples} samples wait on the disk: {waiting.problem}"
        problems.append(_caused(message, ProblemCode.SPOOL, waiting.problem, waiting.cause, samples=waiting.samples))
    if waiting.dropped:
        message = f"history: {waiting.dropped} samples were dropped from the spool, too old or too many"
        problems.append(_told(message, ProblemCode.SPOOL_DROPPED, samples=waiting.dropped))
    return problems


def of_sharing(sharing: LeaseHealth | None) -> list[HealthProblemOut]:
    """Of the leases by which several processes share a plant."""
    if sharing is None or sharing.problem is None:
        return []
    links = None if sharing.me is None else len(sharing.held - {CHORES})
    here = "" if links is None else f"; {links} links are polled here"
    return [
        _caused(f"leases: {sharing.problem}{here}", ProblemCode.LEASES, sharing.problem, sharing.cause, links=links)
    ]


def of_bus(report: BusReport | None) -> list[HealthProblemOut]:
    """Of Redis."""
    if report is None:
        return []
    place, cause = report.health.place, report.health.problem
    if cause is not None:
        message = f"redis: {place} is unreachable: {cause}"
        return [_caused(message, ProblemCode.REDIS_UNREACHABLE, cause, report.health.cause, place=place)]
    if not report.problem:
        return []
    return [_caused(f"redis: {report.problem}", ProblemCode.REDIS, report.problem, report.cause)]


def _of_profile(bad: Problem) -> HealthProblemOut:
    facts: Facts = {"cause": str(bad), "file": bad.file, "line": bad.line, "field": bad.field, "said": bad.message}
    return _told(f"profile: {bad}", ProblemCode.PROFILE, **facts)


def _told(message: str, code: ProblemCode, **facts: float | str | None) -> HealthProblemOut:
    return HealthProblemOut(message=message, code=code, facts=facts)


def _caused(
    message: str, code: ProblemCode, words: str, cause: Cause | None, **facts: float | str | None
) -> HealthProblemOut:
    return _told(message, code, **{**facts, **(cause or Cause()).told(words)})
