"""What operators have devices do: write a point, do a command; and the record of it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, Strict, StringConstraints

from stripchart.api.body import Body
from stripchart.api.device_schema import TextsOut
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.operator import SWITCHED_OFF, MayWrite, Operator
from stripchart.api.parts import Parts, Running
from stripchart.api.points_now import numbers_of, point_at, points_now
from stripchart.catalog.roster import RosterEntry
from stripchart.catalog.writes import WriteRecord
from stripchart.model.command import Command
from stripchart.model.device import DeviceId
from stripchart.model.encode import Value
from stripchart.model.order import Order, WriteResult
from stripchart.model.point import Point
from stripchart.model.profile import Profile
from stripchart.model.ranges import NumberOf
from stripchart.model.time import to_iso
from stripchart.model.wanted import NotAllowedError, limits_of, wanted_value
from stripchart.polling.commands import BusyError
from stripchart.profiles.problem import did_you_mean

router = APIRouter(prefix="/api", tags=["writes"])

Key = Annotated[str, Path(max_length=100)]
ObstacleCode = Literal["writes_off", "no_profile", "disabled"]


class WriteIn(Body):
    """A number in the point's unit, the label of a code, true or false, or the text of a string point."""

    value: (
        Annotated[bool, Strict()]
        | Annotated[float, Strict(), Field(allow_inf_nan=False)]
        | Annotated[str, Strict(), StringConstraints(max_length=250)]
    )


class CommandIn(Body):
    """`confirmed`: the operator has confirmed the command."""

    confirmed: Literal[True]


class WriteOut(BaseModel):
    """Result of a write or command. `old`, `new`: value before and value read back; null: unknown.

    `verified`: the device shows the new value. `not_verified`: it confirmed the write but does not show it.
    `refused`: it rejected it, or a precondition is not met. `failed`: nothing was sent, or no reply came. `message`
    says why; `code` and `facts` say the same, to word it in another language; `code` empty: there are only the words.
    """

    id: int
    result: WriteResult
    old: float | str | None
    new: float | str | None
    message: str
    code: str
    facts: dict[str, float | str | None]


class WriteRecordOut(BaseModel):
    """A write or command: by whom, when, from where, and its result. `value` null: a command.

    `result` null: it is under way, or the program was killed over it.
    """

    id: int
    asked_at: str
    ended_at: str | None
    who: str
    origin: str
    device_id: int
    device: str
    key: str
    value: float | str | None
    result: WriteResult | None
    old: float | str | None
    new: float | str | None
    message: str
    code: str
    facts: dict[str, float | str | None]


class NeedOut(BaseModel):
    """Precondition: the device obeys only while the point has this value."""

    point: str
    equals: float


class WritablePointOut(BaseModel):
    """`low`, `high`: the limits, in the point's unit; null: none of its own. `labels`: the codes that are allowed."""

    key: str
    name: TextsOut
    unit: str
    low: float | None
    high: float | None
    labels: dict[int, TextsOut]
    needs: NeedOut | None


class CommandOut(BaseModel):
    """`confirm`: the question to the operator before."""

    key: str
    name: TextsOut
    confirm: TextsOut | None
    needs: NeedOut | None


class ControlsOut(BaseModel):
    """What an operator can write to a device. `problem`: why nothing can be written now; `problem_code` names it."""

    problem: str | None
    problem_code: ObstacleCode | None
    points: list[WritablePointOut]
    commands: list[CommandOut]


@router.get("/devices/{device_id}/controls")
async def controls(device_id: Id, parts: Running) -> ControlsOut:
    """The writable points and the commands of a device."""
    entry = _entry(parts, device_id)
    profile = entry.profile
    problem_code, problem = _obstacle(parts, entry)
    return ControlsOut(
        problem=problem,
        problem_code=problem_code,
        points=_writable(parts, entry),
        commands=[_command(command) for command in profile.commands.values()] if profile else [],
    )


@router.post("/devices/{device_id}/points/{key}/write")
async def write_point(device_id: Id, key: Key, body: WriteIn, operator: MayWrite, parts: Running) -> WriteOut:
    """Write a value and read it back. Responds when it has been read back, or the time for that is up.

    422 for a value that is not allowed, 409 when too many writes are waiting for the device.
    """
    entry = _entry(parts, device_id)
    profile = _ready(entry)
    if key not in entry.place_of:
        raise ApiError(404, "not_found", f"{profile.key} has no point {key!r}; {did_you_mean(key, entry.place_of)}")
    try:
        place = entry.place_of[key]
        # A number is what it is; whether the device takes it for a state now, it is asked right before the write.
        point = point_at(parts, entry, place) if isinstance(body.value, str) else entry.points[place]
        value = wanted_value(point, body.value)
    except NotAllowedError as error:
        raise ApiError(422, "invalid_value", str(error), "value", complaint=error.complaint) from error
    return await _carry_out(parts, entry, key, value, operator)


@router.post("/devices/{device_id}/commands/{key}")
async def do_command(device_id: Id, key: Key, body: CommandIn, operator: MayWrite, parts: Running) -> WriteOut:
    """Run a command and verify its effect. A pulse is always completed, even if the client disconnects."""
    entry = _entry(parts, device_id)
    profile = _ready(entry)
    if key not in profile.commands:
        raise ApiError(
            404, "not_found", f"{profile.key} has no command {key!r}; {did_you_mean(key, profile.commands)}"
        )
    return await _carry_out(parts, entry, key, None, operator)


@router.get("/writes")
async def list_writes(
    parts: Running,
    device_id: Annotated[Id | None, Query(description="only this device, even a deleted one")] = None,
    before: Annotated[Id | None, Query(description="only records with a lower id: the next page")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[WriteRecordOut]:
    """Writes and commands to devices, newest first."""
    device = None if device_id is None else DeviceId(device_id)
    records = await parts.catalog.writes.records(device, before=before, limit=limit)
    return [_record(record) for record in records]


def _entry(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


def _obstacle(parts: Parts, entry: RosterEntry) -> tuple[ObstacleCode | None, str | None]:
    if not parts.allow_writes:
        return "writes_off", SWITCHED_OFF
    if entry.profile is None:
        return "no_profile", entry.problem or "it has no profile"
    return (None, None) if entry.device.enabled else ("disabled", "the device is disabled")


def _ready(entry: RosterEntry) -> Profile:
    """Raises ApiError for a device that cannot be told anything now."""
    if entry.profile is None:
        raise ApiError(409, "no_profile", f"{entry.device.name}: {entry.problem}")
    if not entry.device.enabled:
        raise ApiError(409, "disabled", f"{entry.device.name} is disabled; enable it first")
    return entry.profile


async def _carry_out(parts: Parts, entry: RosterEntry, key: str, value: Value, operator: Operator) -> WriteOut:
    order = Order(device_id=entry.device.id, key=key, value=value, who=operator.who, origin=operator.origin)
    try:
        done = await parts.commands.carry_out(entry.device, order)
    except BusyError as error:
        raise ApiError(409, "busy", str(error)) from error
    written = done.written
    return WriteOut(
        id=done.id,
        result=written.result,
        old=written.old,
        new=written.new,
        message=written.message,
        code=written.code,
        facts=dict(written.facts),
    )


def _record(record: WriteRecord) -> WriteRecordOut:
    return WriteRecordOut(
        id=record.id,
        asked_at=to_iso(record.asked_ms),
        ended_at=None if record.ended_ms is None else to_iso(record.ended_ms),
        who=record.who,
        origin=record.origin,
        device_id=record.device_id,
        device=record.device,
        key=record.key,
        value=record.value,
        result=record.result,
        old=record.old,
        new=record.new,
        message=record.message,
        code=record.code,
        facts=dict(record.facts),
    )


def _writable(parts: Parts, entry: RosterEntry) -> list[WritablePointOut]:
    number_of = numbers_of(parts, entry)
    return [_point(point, number_of) for point in points_now(parts, entry) if point.writable]


def _point(point: Point, number_of: NumberOf) -> WritablePointOut:
    low, high = limits_of(point, number_of(point.scale_when.point) if point.scale_when else None)
    needs = point.writable.needs if point.writable else None
    return WritablePointOut(
        key=point.key,
        name=dict(point.name),
        unit=point.unit,
        low=low,
        high=high,
        labels={code: dict(texts) for code, texts in point.labels.items()},
        needs=NeedOut(point=needs.point, equals=needs.equals) if needs else None,
    )


def _command(command: Command) -> CommandOut:
    needs = command.needs
    return CommandOut(
        key=command.key,
        name=dict(command.name),
        confirm=dict(command.confirm) if command.confirm else None,
        needs=NeedOut(point=needs.point, equals=needs.equals) if needs else None,
    )
