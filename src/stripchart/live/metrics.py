"""The metrics of a device: what its points say now, as one flat JSON object. The words are those of Smartgen pollers.

`device_id`, `site_code`, `device_type`, `timestamp` (when it was read last), `online`, `error` and `error_code` (the
same by code) come first, then each point under its key; null is no data. `stale` lists the keys of values that are
older than they may get.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId, DeviceStatus, SiteId
from stripchart.model.exact import EXACT_BELOW
from stripchart.model.point import DataType, Point
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId
from stripchart.model.time import to_iso
from stripchart.pipeline.latest import Latest, LatestValues
from stripchart.polling.health import DeviceHealth

OWN_WORDS = ("device_id", "site_code", "device_type", "timestamp", "online", "error", "error_code", "stale")
"""A point with such a key has `_` behind it."""

_FLOATS = frozenset({DataType.FLOAT16, DataType.FLOAT32, DataType.FLOAT64})
_BOOLS = {b"1.0": b"true", b"0.0": b"false"}
_NULL = b"null"


@dataclass(frozen=True, slots=True)
class Metrics:
    """A device, encoded: `text` is the JSON object, `fields` its names with their values as JSON."""

    device_id: DeviceId
    site_id: SiteId
    text: str
    fields: Mapping[bytes, bytes]


class Layout:
    """How the points of a device become fields: worked out once for all samples to come."""

    def __init__(self, entry: RosterEntry) -> None:
        self.entry = entry
        self.names = [_name(point.key) for point in entry.points]
        places = range(len(entry.points))
        self.whole = [place for place in places if _is_whole(entry.points[place])]
        self.bools = [place for place in places if entry.points[place].type is DataType.BOOL]
        self.texts = [place for place in places if entry.points[place].type is DataType.STRING]
        self.keys = [name.encode() for name in self.names]

    def encode(self, head: Mapping[str, object], latest: Latest, now_ms: int) -> Metrics:
        """The metrics of the device, whose own words are in `head`."""
        device, columns = self.entry.device, latest.values(self.entry.point_ids, now_ms)
        stale = [self.names[place] for place in np.flatnonzero(columns.quality == Quality.UNCERTAIN_STALE).tolist()]
        own = {**head, "stale": stale}
        fields = {name.encode(): orjson.dumps(value) for name, value in own.items()}
        fields |= zip(self.keys, self._pieces(columns, latest, now_ms), strict=True)
        text = b",".join([b'"%b":%b' % pair for pair in fields.items()])
        return Metrics(device.id, device.site_id, f"{{{text.decode()}}}", fields)

    def _pieces(self, columns: LatestValues, latest: Latest, now_ms: int) -> list[bytes]:
        """Each value as JSON. Numbers are encoded in one go, and cut apart: there is no comma in them."""
        if not self.keys:
            return []
        pieces = orjson.dumps(columns.value, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
        for place in self.whole:
            pieces[place] = pieces[place].removesuffix(b".0")
        for place in self.bools:
            pieces[place] = _BOOLS.get(pieces[place], pieces[place])
        for place in np.flatnonzero(np.abs(columns.value) >= EXACT_BELOW).tolist():
            digits = latest.digits(self._id(place), float(columns.value[place]))
            pieces[place] = digits.encode() if digits else pieces[place]
        for place in self.texts:
            known = latest.text(self._id(place), now_ms)
            pieces[place] = orjson.dumps(known.text) if known else _NULL
        return pieces

    def _id(self, place: int) -> PointId:
        return PointId(int(self.entry.point_ids[place]))


def own_words(
    entry: RosterEntry, site_code: str, health: DeviceHealth | None, last_ms: int | None
) -> Mapping[str, object]:
    """What is said of the device itself; `last_ms`: when it was read last."""
    cause = health.cause if health else entry.cause
    return {
        "device_id": entry.device.id,
        "site_code": site_code,
        "device_type": entry.profile.kind if entry.profile else "",
        "timestamp": to_iso(last_ms) if last_ms else None,
        "online": health is not None and health.status is DeviceStatus.ONLINE,
        "error": health.error if health else entry.problem,
        "error_code": cause.code.value if cause else None,
    }


def together(metrics: Sequence[Metrics]) -> str:
    """A JSON list of them."""
    return f"[{','.join([each.text for each in metrics])}]"


def _name(key: str) -> str:
    return f"{key}_" if key in OWN_WORDS else key


def _is_whole(point: Point) -> bool:
    """Whether its values are whole numbers."""
    is_scaled = point.scale_factor is not None or point.scale_when is not None
    whole_steps = float(point.scale).is_integer() and float(point.offset).is_integer() and not is_scaled
    return whole_steps and point.type not in _FLOATS | {DataType.STRING, DataType.BOOL}
