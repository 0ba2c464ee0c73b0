"""Link addresses are read as they are written, and a wrong one is answered with what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.device import (
    AddressError,
    Framing,
    LinkAddress,
    SerialLine,
    check_unit,
    parse_link,
    parse_unit,
)

network = st.sampled_from([Framing.TCP, Framing.RTU_OVER_TCP, Framing.UDP, Framing.TLS])
hosts = st.one_of(st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str), st.just("converter-7.plant.local"))


@given(network, hosts, st.integers(1, 65_535), st.integers(1, 247))
def test_an_address_reads_back_as_it_was(framing: Framing, host: str, port: int, unit_id: int) -> None:
    address = LinkAddress(framing, host=host, port=port)
    assert parse_link(str(address)) == address
    assert parse_unit(f"{address}/{unit_id}") == (address, unit_id)


def test_a_port_may_be_left_out() -> None:
    assert parse_link("tcp://10.0.0.7") == LinkAddress(Framing.TCP, host="10.0.0.7", port=502)
    assert parse_link("tcp://котёл.local.") == LinkAddress(Framing.TCP, host="котёл.local.", port=502)
    assert parse_link("tls://[::1]") == LinkAddress(Framing.TLS, host="::1", port=802)


def test_a_serial_bus_has_a_path_and_a_line() -> None:
    address = LinkAddress(Framing.RTU, path="/dev/ttyUSB0", line=SerialLine(19_200, 8, "E", 2))
    assert str(address) == "rtu:///dev/ttyUSB0?baudrate=19200&parity=E&stopbits=2"
    assert parse_link(str(address)) == address
    assert parse_unit("rtu:///dev/ttyUSB0/3?baudrate=19200&parity=E&stopbits=2") == (address, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.7:502", "a link is written framing://host:port"),
        ("http://10.0.0.7", "framing one of tcp, rtu_over_tcp"),
        ("tcp://", "the host is missing"),
        ("tcp://a b:502", "characters a host cannot have"),
        ("tcp://a..b:502", "characters a host cannot have"),
        (f"tcp://{'a' * 64}.local", "characters a host cannot have"),
        (f"tcp://{'a.' * 127}a", "characters a host cannot have"),
        ("tcp://a\0b", "characters a host cannot have"),
        ("tcp://\ud800", "characters a host cannot have"),
        ("rtu:///dev/tty\0S0", "a serial bus is written rtu:///dev/ttyUSB0"),
        ("tcp://h:0", "allowed are 1 to 65535"),
        ("tcp://h:65536", "allowed are 1 to 65535"),
        ("tcp://h:5o2", "allowed are 1 to 65535"),
        ("rtu://ttyUSB0", "a serial bus is written rtu:///dev/ttyUSB0"),
        ("rtu:///dev/ttyS0?speed=9600", "unknown option 'speed'"),
        ("rtu:///dev/ttyS0?baudrate=fast", "baudrate 'fast': allowed are 300 to 4000000"),
        ("rtu:///dev/ttyS0?parity=X", "parity 'X': allowed are N, E, O"),
    ],
)
def test_a_wrong_link_is_answered_with_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(AddressError, match=message):
        parse_link(text)


@pytest.mark.parametrize("text", ["tcp://h:502", "tcp://h:502/", "tcp://h:502/x", "tcp://h:502/²"])
def test_an_address_without_a_unit_says_how_it_is_written(text: str) -> None:
    with pytest.raises(AddressError, match="unit id"):
        parse_unit(text)


@pytest.mark.parametrize(("framing", "last"), [(Framing.TCP, 255), (Framing.RTU, 247), (Framing.RTU_OVER_TCP, 255)])
def test_unit_ids_end_where_the_framing_says(framing: Framing, last: int) -> None:
    assert check_unit(framing, last) == last
    for unit_id in (0, last + 1):
        with pytest.raises(AddressError, match=f"allowed are 1 to {last}"):
            check_unit(framing, unit_id)
