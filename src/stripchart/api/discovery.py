"""Discovery: T3 panels that are on the network, configured or not."""

from ipaddress import IPv4Address

from fastapi import APIRouter
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts, Running
from stripchart.drivers.discovery import Discovery, DiscoveryError, DiscoveryOptions
from stripchart.drivers.discovery import discover as look_around
from stripchart.model.device import Framing, LinkAddress
from stripchart.wire.t3_discovery import Announcement

router = APIRouter(prefix="/api/discover", tags=["devices"])

_USUAL = DiscoveryOptions()
_PRODUCT_KEY = "product_id"


class DiscoverIn(Body):
    """`address`: a panel, or the broadcast address of a network. `wait_s`: how long to wait for replies."""

    address: IPv4Address = IPv4Address(_USUAL.address)
    port: int = Field(default=_USUAL.port, ge=1, le=65_535)
    wait_s: float = Field(default=_USUAL.wait_s, ge=0.1, le=15)


class PanelOut(BaseModel):
    """A panel found on the network, and how to configure it here.

    `link` and `unit_id`: its address; `profile`: for its product (null: none); `device_id`: the device already
    configured at that address. `parent_serial`: the panel it is behind. `needs_firmware`: it waits for firmware and
    cannot be read.
    """

    serial: int
    name: str
    product_id: int
    firmware: float
    hardware: int
    panel_number: int
    link: str
    unit_id: int
    bacnet_instance: int
    bacnet_port: int
    parent_serial: int | None
    needs_firmware: bool
    profile: str | None
    device_id: int | None


class DiscoveredOut(BaseModel):
    """`odd`: replies that did not come from a panel."""

    panels: list[PanelOut]
    odd: int


@router.post("")
async def discover(body: DiscoverIn, parts: Running) -> DiscoveredOut:
    """Find T3 panels on the network. Nothing is configured; takes `wait_s` seconds."""
    try:
        found: Discovery = await look_around(DiscoveryOptions(str(body.address), body.port, body.wait_s))
    except DiscoveryError as error:
        raise ApiError(503, "discovery_failed", str(error)).because(error.cause) from error
    return DiscoveredOut(panels=[_panel(parts, said) for said in found.panels], odd=found.odd)


def _panel(parts: Parts, said: Announcement) -> PanelOut:
    link = LinkAddress(Framing.TCP, host=said.host, port=said.port)
    return PanelOut(
        serial=said.serial,
        name=said.name,
        product_id=said.product_id,
        firmware=said.firmware,
        hardware=said.hardware,
        panel_number=said.panel_number,
        link=str(link),
        unit_id=said.unit_id,
        bacnet_instance=said.bacnet_instance,
        bacnet_port=said.bacnet_port,
        parent_serial=said.parent or None,
        needs_firmware=said.needs_firmware,
        profile=_profile_for(parts, said.product_id),
        device_id=_configured(parts, link, said.unit_id),
    )


def _profile_for(parts: Parts, product_id: int) -> str | None:
    return next(
        (
            profile.key
            for profile in sorted(parts.profiles.all(), key=lambda profile: profile.key)
            for identity in profile.expected
            if identity.point == _PRODUCT_KEY and product_id in identity.values
        ),
        None,
    )


def _configured(parts: Parts, link: LinkAddress, unit_id: int) -> int | None:
    return next(
        (
            entry.device.id
            for entry in parts.roster.all()
            if entry.device.link == link and entry.device.unit_id == unit_id
        ),
        None,
    )
