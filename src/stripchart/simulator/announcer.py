"""What simulated T3 panels answer to whoever looks for them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

from stripchart.simulator.server import PortInUseError
from stripchart.simulator.t3_panel import T3Panel
from stripchart.wire import t3_discovery
from stripchart.wire.t3_discovery import Announcement


@asynccontextmanager
async def announcing(panels: Mapping[int, T3Panel], *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """Answer for the panels, which are at these TCP ports, while the body runs. Gives the UDP port; 0: a free one.

    Raises PortInUseError.
    """
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(lambda: _Announcer(panels, host), local_addr=(host, port))
    except OSError as error:
        raise PortInUseError(host, port) from error
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


class _Announcer(asyncio.DatagramProtocol):
    def __init__(self, panels: Mapping[int, T3Panel], host: str) -> None:
        self._panels, self._host = panels, host
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if data != t3_discovery.QUERY or self._transport is None:
            return
        for port, panel in self._panels.items():
            self._transport.sendto(t3_discovery.build_reply(announcement(panel, self._host, port)), addr)


def announcement(panel: T3Panel, host: str, port: int) -> Announcement:
    """What the panel says of itself."""

    def number(key: str) -> int:
        value = panel.read(key)
        return int(value) if isinstance(value, float | int) else 0

    serial = int.from_bytes(bytes(number(f"serial_byte_{place}") for place in range(4)), "little")
    return Announcement(
        serial=serial,
        product_id=number("product_id"),
        unit_id=panel.unit_id,
        host=host,
        port=port,
        name=f"Panel {number('panel_number')}",
        firmware=number("firmware_low") / 10,
        panel_number=number("panel_number"),
        bacnet_instance=serial % 4_194_303,
        bacnet_port=47_808,
        mini_type=1,
    )
