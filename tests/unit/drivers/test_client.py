"""pymodbus clients are made as the link address says, without what the link does itself."""

import ssl

import pytest
from pymodbus.framer.ascii import FramerAscii
from pymodbus.framer.rtu import FramerRTU
from pymodbus.framer.socket import FramerSocket
from pymodbus.transport import CommType

from stripchart.drivers.modbus.client import new_client
from stripchart.model.device import parse_link


@pytest.mark.parametrize(("framing", "framer"), [("rtu", FramerRTU), ("ascii", FramerAscii)])
async def test_a_serial_line_has_its_speed_and_character_frame(framing: str, framer: type) -> None:
    link = parse_link(f"{framing}:///dev/ttyUSB0?baudrate=19200&bytesize=7&parity=E&stopbits=2")
    client = new_client(link, 1.5)
    params = client.ctx.comm_params
    assert (params.comm_type, params.host) == (CommType.SERIAL, "/dev/ttyUSB0")
    assert (params.baudrate, params.bytesize, params.parity, params.stopbits) == (19_200, 7, "E", 2)
    assert isinstance(client.ctx.framer, framer)


@pytest.mark.parametrize(
    ("address", "kind", "port"),
    [
        ("tcp://192.0.2.7:1502", CommType.TCP, 1502),
        ("udp://192.0.2.7", CommType.UDP, 502),
        ("tls://192.0.2.7", CommType.TLS, 802),
    ],
)
async def test_a_network_link_has_its_host_and_port(address: str, kind: CommType, port: int) -> None:
    client = new_client(parse_link(address), 1.5)
    params = client.ctx.comm_params
    assert (params.comm_type, params.host, params.port) == (kind, "192.0.2.7", port)
    assert isinstance(client.ctx.framer, FramerSocket)


@pytest.mark.parametrize("address", ["tcp://a", "udp://a", "tls://a", "rtu:///dev/ttyS0", "ascii:///dev/ttyS0"])
async def test_pymodbus_neither_retries_nor_reconnects_nor_gives_up(address: str) -> None:
    client = new_client(parse_link(address), 1.5)
    assert client.ctx.retries == 0
    assert client.ctx.comm_params.reconnect_delay == 0
    assert client.ctx.max_until_disconnect > 1_000_000


async def test_tls_checks_certificate_and_name() -> None:
    context = new_client(parse_link("tls://a"), 1.5).ctx.comm_params.sslctx
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


async def test_rtu_over_tcp_is_not_for_pymodbus() -> None:
    with pytest.raises(ValueError, match="transport of its own"):
        new_client(parse_link("rtu_over_tcp://a:26"), 1.5)
