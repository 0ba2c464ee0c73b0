"""What devices say now: from the cache, from the device when that is too old, and from other programs."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from stripchart.api.errors import ApiError
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.straight import Shortcut
from stripchart.api.t3000.addressing import NumberInPath, TypeInPath, entry_of, place_of
from stripchart.api.t3000.envelope import Envelope, EnvelopeRoute, RefusalOut, Source, answer
from stripchart.api.t3000.incoming import Finder, Incoming
from stripchart.api.t3000.kept import Cache, DataOfDevice, DataOfPoint
from stripchart.api.t3000.schema import DataPointIn, DeviceDataIn, DeviceDataOut, ReadPointOut, UpdatedOut
from stripchart.api.t3000.words import address_words
from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import DriverError
from stripchart.history.base import HistoryError
from stripchart.model.audit import Action, Deed
from stripchart.model.sample import SampleBatch
from stripchart.pipeline.latest import NEVER_MS

router = APIRouter(prefix="/api/device", tags=["t3000"], route_class=EnvelopeRoute)


async def _cache(request: Request) -> Cache:
    cache: Cache = request.app.state.cache
    return cache


TheCache = Annotated[Cache, Depends(_cache)]


@router.get("/{device_id}/data", response_model=Envelope[DeviceDataOut])
async def device_data(device_id: Id, parts: Running, cache: TheCache) -> Response:
    """Latest values of a device, from the cache, with age and freshness."""
    return Response(cache.device(entry_of(parts, device_id)).data, media_type="application/json")


@router.get(
    "/{device_id}/point/{point_type}/{point_number}",
    response_model=Envelope[ReadPointOut],
    responses={504: {"model": RefusalOut}},
)
async def point_data(
    device_id: Id, point_type: TypeInPath, point_number: NumberInPath, parts: Running, cache: TheCache
) -> Response:
    """One point: from the cache while fresh, otherwise read now, once for all concurrent requests.

    If the device does not respond: its last value with its age and the cause; 504 if it never had one.
    """
    entry = entry_of(parts, device_id)
    place = place_of(entry, point_type, point_number)
    kept = cache.point(entry, place)
    if kept is not None:
        return Response(kept.data, media_type="application/json")
    cache.note(entry, 0, 1)
    problem = await _read(parts, entry, place, cache.beside(entry, place))
    known = cache.known(entry, [place])
    if problem and known.at_ms[0] == NEVER_MS:
        raise ApiError(504, "no_answer", f"{entry.device.name} never told {entry.points[place].key}: {problem}")
    source = Source.CACHE if problem else Source.T3000
    return Response(cache.told(entry, place, known, source, problem), media_type="application/json")


@router.post("/{device_id}/data", response_model=Envelope[UpdatedOut])
async def update_device_data(device_id: Id, body: DeviceDataIn, parts: Running) -> Response:
    """Store values of a device read by another program: all of them, or none.

    The newest value of a point is shown until there is a newer one. Nothing is written to the device.
    """
    entry = entry_of(parts, device_id)
    finder, incoming, now_ms = Finder(parts), Incoming(parts.clock), parts.clock.now_ms()
    for number, each in enumerate(body.data_points):
        where = f"data_points.{number}"
        if each.device_id not in {None, entry.device.id}:
            incoming.refuse(f"{where}.device_id", f"{each.device_id}: the address says {entry.device.id}")
        try:
            point, id_, _ = finder.point(entry.device.id, each.point_type, each.point_number)
        except ApiError as error:
            incoming.refuse(f"{where}.point_number", error.detail)
            continue
        incoming.take(where, point, id_, _at_ms(each, now_ms), each.value)
    if body.device_id not in {None, entry.device.id}:
        incoming.refuse("device_id", f"{body.device_id}: the address says {entry.device.id}")
    batch = incoming.batch(parts.data.kept_from_ms, "data_points.")
    await _keep_audited(parts, entry, batch)
    return answer({"updated": len(batch)}, Source.DATABASE)


def _at_ms(each: DataPointIn, now_ms: int) -> int:
    """When the value was taken. One of this second is taken now, or it would be older than what was polled in it."""
    is_now = each.timestamp is None or each.timestamp == now_ms // 1000
    return now_ms if each.timestamp is None or is_now else each.timestamp * 1000


async def _keep_audited(parts: Parts, entry: RosterEntry, batch: SampleBatch) -> None:
    """Put down what is to be changed, and change it; where that fails, put down that it was not."""
    deeds = _deeds(parts, entry, batch)
    await parts.catalog.audit.note(*deeds)
    try:
        await parts.pipeline.keep(batch)
    except HistoryError:
        await parts.catalog.audit.note(Deed(action=Action.REFUSED, kind=_KIND, subject=entry.device.name))
        raise


_KIND = "point_value"


def _deeds(parts: Parts, entry: RosterEntry, batch: SampleBatch) -> list[Deed]:
    """Each point with what was known of it and what comes in its place."""
    old = parts.pipeline.latest.values(batch.point_id, parts.clock.now_ms())
    place_of_id = {id_: place for place, id_ in enumerate(entry.point_ids.tolist())}
    rows = zip(
        batch.point_id.tolist(), old.good_value.tolist(), batch.value.tolist(), batch.at_ms.tolist(), strict=True
    )
    deeds = []
    for id_, before, value, at_ms in rows:
        place = place_of_id[id_]
        changes: dict[str, dict[str, object]] = {
            "device_id": {"new": entry.device.id},
            **{name: {"new": number} for name, number in address_words(entry, place).items()},
            "value": {"old": None if np.isnan(before) else before, "new": value},
            "timestamp": {"new": at_ms // 1000},
            "source": {"new": Source.API.value},
        }
        subject = f"{entry.device.name}: {entry.points[place].key}"
        deeds.append(Deed(action=Action.CHANGED, kind=_KIND, subject=subject, subject_id=str(id_), changes=changes))
    return deeds


async def _read(parts: Parts, entry: RosterEntry, place: int, beside: list[str]) -> str | None:
    """Have the device read. What was in the way, if anything was."""
    if not entry.device.enabled:
        return "the device is disabled"
    try:
        await parts.data.reads.read(entry.device, [entry.points[place].key], beside)
    except DriverError as error:
        return str(error)
    return None


def shortcuts(parts: Parts, cache: Cache) -> list[Shortcut]:
    """The ways to what is in the cache that lead past the routes."""
    route_of = {route.endpoint: route for route in router.routes if isinstance(route, APIRoute)}
    return [
        DataOfDevice(route_of[device_data], parts, cache),
        DataOfPoint(route_of[point_data], parts, cache),
    ]
