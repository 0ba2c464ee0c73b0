"""The metrics of devices: what their points say now, as flat JSON objects, once or over a WebSocket."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from stripchart.api.errors import ApiError, ErrorOut, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Running
from stripchart.live.metrics import together
from stripchart.model.cause import CauseCode
from stripchart.model.device import DeviceId, SiteId

router = APIRouter(tags=["live"])

PATH = "/ws/metrics"


class MetricsOut(BaseModel):
    """A device with the values of its points, each under the key of its point; null is no data.

    `timestamp`: when it was read last; null when it never was. `error_code`: the
    same as `error`, by code. `stale`: keys of values older than they may get.
    """

    model_config = ConfigDict(extra="allow")

    device_id: int
    site_code: str
    device_type: str
    timestamp: str | None
    online: bool
    error: str | None
    error_code: CauseCode | None
    stale: list[str]


@router.get("/api/metrics", response_model=list[MetricsOut])
async def device_metrics(
    parts: Running,
    device_id: Annotated[Id | None, Query(description="only this device")] = None,
    site_id: Annotated[Id | None, Query(description="only devices of this site")] = None,
) -> Response:
    """Latest values of every device: one flat object each, with its points by key."""
    if device_id is not None and parts.roster.get(DeviceId(device_id)) is None:
        raise not_found("device", device_id)
    if site_id is not None and SiteId(site_id) not in parts.roster.sites:
        raise not_found("site", site_id)
    found = await parts.metrics.now(
        lambda entry: device_id in {None, entry.device.id} and site_id in {None, entry.device.site_id}
    )
    return Response(together(found), media_type="application/json")


@router.get(PATH, responses={426: {"model": ErrorOut, "description": "Not asked for a WebSocket"}})
async def follow_metrics(
    devices: Annotated[str, Query(description="comma-separated ids: only these devices")] = "",
    token: Annotated[str, Query(description="a token, where headers cannot be given")] = "",
) -> MetricsOut:
    """A WebSocket: `{"type": "snapshot", "data": [...]}` first, then the metrics of each device when they change.

    After 15 seconds without a change: `{"type": "heartbeat", "at": ...}`. `ping` is answered with `pong`. A client
    that is not authorised, or asks for unknown devices, gets the reason in the close frame (code 1008).
    """
    raise ApiError(426, "upgrade_required", "this is a WebSocket: ask with Upgrade: websocket")
