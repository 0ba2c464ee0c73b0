"""Modbus/TCP Security: pymodbus' own TLS server and scripted ones, with a certificate made for the test."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pymodbus.server import ModbusTlsServer
from pymodbus.simulator import DataType, SimData, SimDevice

from stripchart.drivers.base import BadReplyError, LinkDownError, NoAnswerError, RefusedError
from stripchart.drivers.modbus import stream
from stripchart.drivers.modbus.link import LinkState
from stripchart.model.block import Block
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from tests.integration.links.peers import (
    HASTY,
    LIMIT_S,
    PATIENT,
    QUICK_RETRY,
    Line,
    answer_addresses,
    linked,
    opened,
    port_of,
    registers,
    station,
    tcp_words,
    two_units,
    until,
)
from tests.system.programs import finished


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of a server at 127.0.0.1, which vouches for itself; its key lies beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"),
            *("-days", "2", "-subj", "/CN=A device", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", folder / "key.pem", "-out", folder / "certificate.pem"),
        ],
        check=True,
        capture_output=True,
        timeout=LIMIT_S,
    )
    return folder / "certificate.pem"


@pytest.fixture
def tls(authority: Path) -> ssl.SSLContext:
    """The server's side."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.with_name("key.pem"))
    return context


@pytest.fixture
def trusted(authority: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Links of this test trust the certificate, as a program does that is started with SSL_CERT_FILE."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    stream.tls_context.cache_clear()
    yield
    stream.tls_context.cache_clear()


@asynccontextmanager
async def pymodbus_tls(tls: ssl.SSLContext, devices: list[SimDevice], port: int = 0) -> AsyncIterator[int]:
    server = ModbusTlsServer(devices, address=("127.0.0.1", port), sslctx=tls)
    await server.serve_forever(background=True)
    try:
        yield port_of(server.transport)
    finally:
        server.close()


@pytest.mark.usefixtures("trusted")
async def test_many_blocks_of_two_units_come_over_one_connection(tls: ssl.SSLContext) -> None:
    asked = [(unit, start) for start in range(0, 60, 3) for unit in (1, 2)]
    async with pymodbus_tls(tls, two_units()) as port, linked(Framing.TLS, port) as link:
        answers = await asyncio.gather(*(link.read(unit, registers(start, 125), PATIENT) for unit, start in asked))
        for (unit, start), words in zip(asked, answers, strict=True):
            assert words.tolist() == list(range(1000 * unit + start, 1000 * unit + start + 125))
        assert (link.counters.connects, link.counters.replies) == (1, 40)


@pytest.mark.usefixtures("trusted")
async def test_every_table_and_high_addresses_are_read(tls: ssl.SSLContext) -> None:
    async with pymodbus_tls(tls, two_units()) as port, linked(Framing.TLS, port) as link:
        assert (await link.read(2, registers(40_000, 3), PATIENT)).tolist() == [65_535, 32_768, 2]
        assert (await link.read(1, Block(Table.INPUT, 1, 3), PATIENT)).tolist() == [8, 9]
        coils = await link.read(1, Block(Table.COIL, 3, 17), PATIENT)
        assert coils.tolist() == [int(n % 3 == 0) for n in range(3, 17)]


@pytest.mark.usefixtures("trusted")
async def test_a_refusal_keeps_the_session(tls: ssl.SSLContext) -> None:
    async with pymodbus_tls(tls, two_units()) as port, linked(Framing.TLS, port) as link:
        with pytest.raises(
            RefusedError, match=r"unit 1, holding 5000..5009: exception 2 \(illegal data address\)"
        ) as failed:
            await link.read(1, registers(5000, 10), PATIENT)
        assert failed.value.cause.code == "exception"
        assert (await link.read(1, registers(0, 1), PATIENT)).tolist() == [1000]
        assert (link.counters.refused, link.counters.connects) == (1, 1)


@pytest.mark.usefixtures("trusted")
async def test_a_mute_unit_and_its_late_reply_leave_the_next_one_its_answer(tls: ssl.SSLContext) -> None:
    async def script(line: Line) -> None:
        late, unit, _ = await line.tcp_request()
        assert unit == 9
        transaction, unit, _ = await line.tcp_request()
        await line.send(tcp_words(late, 9, 1) + tcp_words(transaction, unit, 2))
        await line.closed()

    async with station(script, tls) as server, linked(Framing.TLS, server.port) as link:
        with pytest.raises(NoAnswerError):
            await link.read(9, registers(0, 1), HASTY)
        assert (await link.read(3, registers(0, 1), PATIENT)).tolist() == [2]
        assert (link.counters.timeouts, link.counters.connects) == (1, 1)


@pytest.mark.usefixtures("trusted")
async def test_bytes_that_are_no_frame_are_a_bad_reply_and_a_new_connection(tls: ssl.SSLContext) -> None:
    async def script(line: Line) -> None:
        if server.lines > 1:
            await answer_addresses(line)
        await line.tcp_request()
        await line.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await line.closed()

    async with station(script, tls) as server, linked(Framing.TLS, server.port) as link:
        with pytest.raises(BadReplyError):
            await link.read(1, registers(0, 1), Pacing(timeout_s=0.5))
        assert (await link.read(1, registers(5, 2), PATIENT)).tolist() == [5, 6]
        assert link.counters.connects == 2


@pytest.mark.usefixtures("trusted")
async def test_a_server_that_goes_away_is_a_link_down_until_it_is_back(tls: ssl.SSLContext) -> None:
    async with station(answer_addresses, tls) as server, linked(Framing.TLS, server.port, QUICK_RETRY) as link:
        assert (await link.read(1, registers(3, 1), PATIENT)).tolist() == [3]
        await server.stop()
        await until(lambda: link.state is LinkState.IDLE)
        with pytest.raises(LinkDownError, match="connection refused") as failed:
            await link.read(1, registers(3, 1), PATIENT)
        assert failed.value.cause.code == "connection_refused"
        await server.start()
        while link.state is not LinkState.CONNECTED:
            try:
                assert (await link.read(1, registers(4, 1), PATIENT)).tolist() == [4]
            except LinkDownError:
                await asyncio.sleep(0.01)
        assert (link.trouble, link.counters.connects) == ("", 2)


@pytest.mark.usefixtures("trusted")
async def test_a_server_that_goes_away_under_a_request_ends_it_at_once(tls: ssl.SSLContext) -> None:
    async def script(line: Line) -> None:
        await line.tcp_request()
        line.reset()

    async with station(script, tls) as server, linked(Framing.TLS, server.port) as link:
        with pytest.raises(LinkDownError, match="the connection was lost"):
            await link.read(1, registers(0, 1), Pacing(timeout_s=10 * LIMIT_S))


@pytest.mark.usefixtures("trusted")
async def test_closing_under_a_request_ends_it_and_the_connection_at_once(tls: ssl.SSLContext) -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def script(line: Line) -> None:
        await line.tcp_request()
        asked.set()
        try:
            await line.closed()
        finally:
            gone.set()

    async with station(script, tls) as server, linked(Framing.TLS, server.port) as link:
        reading = asyncio.create_task(link.read(1, registers(0, 1), Pacing(timeout_s=10 * LIMIT_S)))
        await asked.wait()
        await link.aclose()
        with pytest.raises(LinkDownError, match="the link is closed") as failed:
            await reading
        assert failed.value.cause.code == "link_closed"
        await gone.wait()


@pytest.mark.usefixtures("trusted")
async def test_a_server_that_hangs_does_not_keep_a_dropped_connection(tls: ssl.SSLContext) -> None:
    """It answers no farewell either; a device with room for one connection could not be reached meanwhile."""
    asked = asyncio.Event()

    async def script(line: Line) -> None:
        await _shake_hands(line, tls)
        asked.set()
        await line.closed()
        asked.clear()

    async with station(script) as server, linked(Framing.TLS, server.port) as link:
        reading = asyncio.create_task(link.read(1, registers(0, 1), Pacing(timeout_s=10 * LIMIT_S)))
        await asked.wait()
        await link.aclose()
        with pytest.raises(LinkDownError, match="the link is closed") as failed:
            await reading
        assert failed.value.cause.code == "link_closed"
        await until(lambda: not asked.is_set())


async def test_a_certificate_nobody_vouches_for_is_not_accepted(tls: ssl.SSLContext) -> None:
    async with station(answer_addresses, tls) as server, linked(Framing.TLS, server.port) as link:
        with pytest.raises(LinkDownError, match="certificate not accepted: self-signed certificate") as failed:
            await link.read(1, registers(0, 1), PATIENT)
        assert failed.value.cause.code == "certificate"
        assert server.lines == 0


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_for_another_name_is_not_accepted(tls: ssl.SSLContext) -> None:
    async with station(answer_addresses, tls) as server:
        address = LinkAddress(Framing.TLS, host="localhost", port=server.port)
        async with opened(address) as link:
            with pytest.raises(LinkDownError, match="certificate not accepted: Hostname mismatch"):
                await link.read(1, registers(0, 1), PATIENT)
        assert server.lines == 0


@pytest.mark.usefixtures("trusted")
async def test_a_server_without_tls_is_a_link_down() -> None:
    async def script(line: Line) -> None:
        await line.send(b"\x00\x01\x00\x00\x00\x03\x01\x83\x02")
        await line.closed()

    async with station(script) as server, linked(Framing.TLS, server.port) as link:
        with pytest.raises(LinkDownError, match=f"tls://127.0.0.1:{server.port}: .*wrong.version") as failed:
            await link.read(1, registers(0, 1), PATIENT)
        assert failed.value.cause.code == "system"


@pytest.mark.usefixtures("trusted")
async def test_a_server_that_never_shakes_hands_is_a_link_down() -> None:
    async with station(Line.closed) as server, linked(Framing.TLS, server.port) as link:
        with pytest.raises(LinkDownError, match=r"no connection within 0\.15 s") as failed:
            await link.read(1, registers(0, 1), HASTY)
        assert failed.value.cause.code == "connect_timeout"


async def test_the_read_command_trusts_the_authority_it_is_started_with(
    tls: ssl.SSLContext, authority: Path, tmp_path: Path
) -> None:
    sensor = SimDevice(1, simdata=[SimData(0, values=[0x41BC, 0x0000], datatype=DataType.REGISTERS)])
    async with pymodbus_tls(tls, [sensor]) as port:
        command = ("read", f"tls://127.0.0.1:{port}/1", "--profile", "ddms-sensor")
        answer = await finished(*command, folder=tmp_path, SSL_CERT_FILE=str(authority))
        stranger = await finished(*command, folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert "23.50" in answer.out
    assert stranger.code != 0
    assert "certificate not accepted" in stranger.err


async def _shake_hands(line: Line, tls: ssl.SSLContext) -> None:
    """The server's side of TLS up to the first bytes of a request."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    side = tls.wrap_bio(incoming, outgoing, server_side=True)
    step: Callable[[], object] = side.do_handshake
    while True:
        try:
            done = step()
        except ssl.SSLWantReadError:
            await line.send(outgoing.read())
            incoming.write(await line.some())
        else:
            if done is not None:
                return
            step = side.read
