"""Samples by the address of their register, as those ask who know a device by its register map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.ranges import EndTime, StartTime, range_of
from stripchart.api.readings import cursor_in
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.point import DataType, Point, text_in
from stripchart.model.quality import Level, Quality
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.time import to_iso

router = APIRouter(prefix="/api/register_readings", tags=["register readings"])

_DAY_MS = 86_400_000
_MOST_DEVICES = 50
_MOST_REGISTERS = 500
_LEVELS = {int(quality): quality.level.value for quality in Quality}

Address = Annotated[int, Field(ge=0, le=65_535)]
Addresses = Annotated[
    list[Address] | None,
    Query(alias="register_address", max_length=_MOST_REGISTERS, description="0-based; default: all"),
]


class RegisterReadingResponse(BaseModel):
    """`value` is null exactly when the quality is bad. `register_address` is 0-based, as on the wire."""

    timestamp: str
    device_id: int
    register_address: int
    value: float | None
    quality: Level
    register_name: str
    data_type: DataType
    unit: str


class RegisterReadingsLatestResponse(BaseModel):
    """The newest reading of each register, by address; registers that were never read are absent."""

    device_id: int
    count: int
    readings: list[RegisterReadingResponse]


class RegisterReadingsTimeSeriesResponse(BaseModel):
    """Readings of the half-open range, oldest first unless `order=desc`.

    `device_id`, `register_address`: null when several were asked for. `next`: the cursor with which reading goes on
    behind the last of these, null when there are no more.
    """

    device_id: int | None
    register_address: int | None
    start_time: str
    end_time: str
    count: int
    next: str | None
    readings: list[RegisterReadingResponse]


@dataclass(frozen=True, slots=True)
class RegisterReadingsQueryRequest:
    """Which readings: of the last day when no start is given."""

    start_time: StartTime = None
    end_time: EndTime = None
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000
    order: Annotated[Literal["asc", "desc"], Query(description="oldest or newest first")] = "asc"
    cursor: Annotated[str | None, Query(max_length=64, description="`next` of the previous page")] = None


Asked = Annotated[RegisterReadingsQueryRequest, Depends()]


@dataclass(frozen=True, slots=True)
class _Register:
    """What is said of a point with each of its readings."""

    device_id: int
    register_address: int
    register_name: str
    data_type: str
    unit: str


@router.get("/latest/{device_id}", response_model=RegisterReadingsLatestResponse)
async def latest_register_readings(device_id: Id, parts: Running, addresses: Addresses = None) -> Response:
    """The latest reading of each register of a device."""
    registers = _registers_of([_device(parts, device_id)], addresses)
    found = await parts.historian.in_force(list(registers), parts.clock.now_ms())
    rows = sorted(_rows(registers, found), key=lambda row: (row["register_address"], row["register_name"]))
    return _answer({"device_id": device_id, "count": len(rows), "readings": rows})


@router.get("/range", response_model=RegisterReadingsTimeSeriesResponse)
async def register_readings_of_a_range(
    parts: Running,
    asked: Asked,
    device_id: Annotated[list[Id] | None, Query(max_length=_MOST_DEVICES, description="default: all")] = None,
    addresses: Addresses = None,
) -> Response:
    """Readings of several devices and registers."""
    entries = [_device(parts, each) for each in dict.fromkeys(device_id)] if device_id else parts.roster.all()
    return await _series(parts, asked, _registers_of(entries, addresses), (None, None))


@router.get("/{device_id}/{register_address}", response_model=RegisterReadingsTimeSeriesResponse)
async def readings_of_a_register(device_id: Id, register_address: Address, parts: Running, asked: Asked) -> Response:
    """Readings of one register of a device; if it holds several values, such as bits, of each."""
    registers = _registers_of([_device(parts, device_id)], [register_address])
    return await _series(parts, asked, registers, (device_id, register_address))


@router.get("/{device_id}", response_model=RegisterReadingsTimeSeriesResponse)
async def readings_of_registers(device_id: Id, parts: Running, asked: Asked, addresses: Addresses = None) -> Response:
    """Readings of all registers of a device, or of selected ones."""
    registers = _registers_of([_device(parts, device_id)], addresses)
    return await _series(parts, asked, registers, (device_id, None))


def _device(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


_Registers = dict[PointId, tuple[DeviceId, Point]]


def _registers_of(entries: Sequence[RosterEntry], addresses: Sequence[int] | None) -> _Registers:
    """The points at the addresses, or all of them. Raises ApiError for an address at which no device has any."""
    wanted = None if addresses is None else set(addresses)
    registers = {
        PointId(id_): (entry.device.id, point)
        for entry in entries
        for id_, point in zip(entry.point_ids.tolist(), entry.points, strict=True)
        if wanted is None or point.address in wanted
    }
    missing = sorted(wanted - {point.address for _, point in registers.values()}) if wanted else []
    if missing:
        raise ApiError(404, "unknown_register", f"no point is at register {missing[0]}", "register_address")
    return registers


async def _series(
    parts: Parts, asked: RegisterReadingsQueryRequest, registers: _Registers, of: tuple[int | None, ...]
) -> Response:
    start_ms, end_ms = range_of(parts, asked.start_time, asked.end_time, _DAY_MS)
    after = None if asked.cursor is None else cursor_in(asked.cursor)
    descending = asked.order == "desc"
    batch = await parts.historian.read(
        list(registers), start_ms, end_ms, limit=asked.limit, descending=descending, after=after
    )
    on = f"{batch.at_ms[-1]}.{batch.point_id[-1]}" if len(batch) == asked.limit else None
    rows = _rows(registers, batch)
    return _answer(
        {
            "device_id": of[0],
            "register_address": of[1],
            "start_time": to_iso(start_ms),
            "end_time": to_iso(end_ms),
            "count": len(rows),
            "next": on,
            "readings": rows,
        }
    )


def _described(device_id: DeviceId, point: Point) -> _Register:
    return _Register(device_id, point.address, text_in(point.name, "en") or point.key, point.type.value, point.unit)


def _rows(registers: _Registers, batch: SampleBatch) -> list[dict[str, object]]:
    told = {point: _described(*registers[point]) for point in np.unique(batch.point_id).tolist()}
    times = np.datetime_as_string(batch.at_ms.astype("datetime64[ms]"), unit="ms").tolist()
    columns = (batch.point_id.tolist(), times, batch.value.tolist(), batch.quality.tolist())
    return [
        {
            "timestamp": f"{time}Z",
            "device_id": (register := told[point]).device_id,
            "register_address": register.register_address,
            "value": value if value == value else None,  # noqa: PLR0124 - NaN: there is none
            "quality": _LEVELS.get(code) or Quality(code).level.value,
            "register_name": register.register_name,
            "data_type": register.data_type,
            "unit": register.unit,
        }
        for point, time, value, code in zip(*columns, strict=True)
    ]


def _answer(body: dict[str, object]) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
