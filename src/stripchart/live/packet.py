"""The newest samples of a device as bytes, for another process or for this one when it starts again. Pure.

Little-endian: `SC01`, checksum (CRC-32 of all behind it), device, number of points, length of the rest; the columns
point_id int32, at_ms int64, value float64, good_at_ms int64, good_value float64, quality uint8; the rest as JSON: the
texts of string points, and how the device is.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import Notice
from stripchart.model.cause import Cause
from stripchart.model.device import DeviceId, DeviceStatus, Trouble
from stripchart.model.facts import Facts
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.warning import WarningCode
from stripchart.pipeline.latest import NEVER_MS, Latest
from stripchart.polling.health import DeviceHealth
from stripchart.polling.rhythm import ToldRhythm

Column = npt.NDArray[Any]

_MAGIC = b"SC01"
_HEAD = struct.Struct("<4sIIII")
_COLUMNS = (("point_id", "<i4"), ("at_ms", "<i8"), ("value", "<f8"), ("good_at_ms", "<i8"), ("good_value", "<f8"))
_QUALITY = ("quality", "u1")
_POINT_BYTES = sum(np.dtype(kind).itemsize for _, kind in (*_COLUMNS, _QUALITY))
_KNOWN = np.array([int(quality) for quality in Quality], np.uint8)


class PacketError(ValueError):
    """Bytes that are no packet: of another program, of another version, or torn."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """How a device is, as far as others have to know: the fields of `DeviceHealth`, and its rhythm in seconds."""

    status: DeviceStatus
    since_ms: int
    trouble: Trouble | None
    error: str | None
    last_reading_ms: int | None
    away_since_ms: int | None = None
    polls: int = 0
    failed_polls: int = 0
    missed_slots: int = 0
    failed_by: Mapping[Trouble, int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    rhythm_s: tuple[float | None, float | None, float | None] = (None, None, None)
    cause: Cause | None = None

    def as_health(self) -> DeviceHealth:
        """What whoever polls the device knows of it."""
        return DeviceHealth(
            since_ms=self.since_ms,
            status=self.status,
            last_reading_ms=self.last_reading_ms,
            trouble=self.trouble,
            error=self.error,
            cause=self.cause,
            away_since_ms=self.away_since_ms,
            polls=self.polls,
            failed_polls=self.failed_polls,
            missed_slots=self.missed_slots,
            notices=self.notices,
            failed_by=dict(self.failed_by),
            rhythm=ToldRhythm(*self.rhythm_s),
        )


@dataclass(frozen=True, slots=True)
class Packet:
    """`newest`: the last sample of each point that has one. `good`: the last with a value, where that is another.

    `state` is None of a device that nobody polls.
    """

    device_id: DeviceId
    newest: SampleBatch
    good: SampleBatch
    state: DeviceState | None


def pack(entry: RosterEntry, latest: Latest, health: DeviceHealth | None, now_ms: int) -> bytes:
    """What is known of the device now."""
    seen = latest.values(entry.point_ids, now_ms)
    quality = np.where(seen.quality == Quality.UNCERTAIN_STALE, Quality.GOOD, seen.quality).astype("u1")
    columns: tuple[Column, ...] = (entry.point_ids, seen.at_ms, seen.value, seen.good_at_ms, seen.good_value)
    body = [column.astype(kind).tobytes() for column, (_, kind) in zip(columns, _COLUMNS, strict=True)]
    rest = orjson.dumps({"texts": _texts(entry, latest, now_ms), "state": _state(health)})
    packed = _HEAD.pack(_MAGIC, 0, entry.device.id, len(entry.point_ids), len(rest))[8:]
    packed += b"".join([*body, quality.tobytes(), rest])
    return _MAGIC + struct.pack("<I", zlib.crc32(packed)) + packed


def device_of(data: bytes) -> DeviceId:
    """Whose packet it is, looked up alone. Raises PacketError."""
    if len(data) < _HEAD.size or data[:4] != _MAGIC:
        raise PacketError("is no packet")
    return DeviceId(_HEAD.unpack_from(data)[2])


def unpack(data: bytes) -> Packet:
    """Raises PacketError."""
    if len(data) < _HEAD.size:
        raise PacketError("too short")
    magic, checksum, device, count, rest = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise PacketError(f"begins with {magic!r}, not {_MAGIC!r}")
    if len(data) != _HEAD.size + count * _POINT_BYTES + rest or zlib.crc32(data[8:]) != checksum:
        raise PacketError("is torn")
    columns, place = {}, _HEAD.size
    for name, kind in (*_COLUMNS, _QUALITY):
        columns[name] = np.frombuffer(data, kind, count, place)
        place += columns[name].nbytes
    return _packet(DeviceId(device), columns, orjson.loads(data[place:]))


def _packet(device: DeviceId, columns: Mapping[str, Column], rest: Mapping[str, Any]) -> Packet:
    if not np.isin(columns["quality"], _KNOWN).all():
        raise PacketError("has a quality that is not known")
    texts = {PointId(int(point)): (int(at_ms), str(text)) for point, at_ms, text in rest["texts"]}
    points = columns["point_id"].astype(np.int32)
    newest = SampleBatch(
        points,
        columns["at_ms"].astype(np.int64),
        columns["value"].astype(np.float64),
        columns["quality"].astype(np.uint8),
        texts,
    ).where(columns["at_ms"] != NEVER_MS)
    good_ms = columns["good_at_ms"].astype(np.int64)
    was_good = (good_ms != NEVER_MS) & (good_ms != columns["at_ms"])
    good = SampleBatch(
        points, good_ms, columns["good_value"].astype(np.float64), np.zeros(len(points), np.uint8)
    ).where(was_good)
    return Packet(device, newest, good, _state_of(rest["state"]))


def _texts(entry: RosterEntry, latest: Latest, now_ms: int) -> list[tuple[int, int, str]]:
    ids = [PointId(point) for point in entry.point_ids.tolist()]
    known = [(point, latest.text(point, now_ms)) for point in ids if latest.has_text(point)]
    return [(point, text.at_ms, text.text) for point, text in known if text is not None]


def _state(health: DeviceHealth | None) -> dict[str, object] | None:
    if health is None:
        return None
    return {
        "status": health.status,
        "since_ms": health.since_ms,
        "trouble": health.trouble,
        "error": health.error,
        "cause": health.cause and health.cause.to_json(),
        "last_reading_ms": health.last_reading_ms,
        "away_since_ms": health.away_since_ms,
        "polls": health.polls,
        "failed_polls": health.failed_polls,
        "missed_slots": health.missed_slots,
        "failed_by": {trouble.value: count for trouble, count in health.failed_by.items()},
        "notices": [(notice.field, notice.message) for notice in health.notices],
        "notices_told": [(notice.code.value, dict(notice.facts)) for notice in health.notices],
        "rhythm_s": (health.rhythm.period_s, health.rhythm.period_p95_s, health.rhythm.duration_s),
    }


def _notices(said: list[list[str]], told: list[tuple[str, Facts]] | None) -> tuple[Notice, ...]:
    """`told`: the same by code; None of a process that does not send it yet."""
    codes = told or [("", {})] * len(said)
    return tuple(
        Notice(about, message, WarningCode(code), facts)
        for (about, message), (code, facts) in zip(said, codes, strict=True)
    )


def _state_of(given: object) -> DeviceState | None:
    if not isinstance(given, dict):
        return None
    trouble = given["trouble"]
    return DeviceState(
        DeviceStatus(given["status"]),
        int(given["since_ms"]),
        None if trouble is None else Trouble(trouble),
        given["error"],
        given["last_reading_ms"],
        given["away_since_ms"],
        given["polls"],
        given["failed_polls"],
        given["missed_slots"],
        {Trouble(name): count for name, count in given["failed_by"].items()},
        _notices(given["notices"], given.get("notices_told")),
        (given["rhythm_s"][0], given["rhythm_s"][1], given["rhythm_s"][2]),
        None if given["error"] is None else Cause.of_json(given.get("cause")),
    )
