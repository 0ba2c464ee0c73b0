"""What a link makes of its options: backup, new connections now and then, keep-alive, listening before talking."""

import asyncio
import os
import socket
from collections.abc import Callable

import pytest

from stripchart.drivers.base import LinkDownError, SetupError
from stripchart.drivers.modbus import places
from stripchart.drivers.modbus.link import LinkState, ModbusLink
from stripchart.drivers.modbus.links import Links
from stripchart.drivers.modbus.mbap import MbapTransport
from stripchart.drivers.modbus.recorder import FaultKind
from stripchart.model.device import Framing
from stripchart.model.link import LinkOptions
from stripchart.model.profile import Pacing
from tests.integration.links.peers import (
    LIMIT_S,
    PATIENT,
    Line,
    Script,
    answer_addresses,
    echo_addresses,
    linked,
    local,
    registers,
    rtu_words,
    station,
    unused_port,
)

RTU = Framing.RTU_OVER_TCP
ONE = registers(3, 1)


def backed_by(port: int) -> LinkOptions:
    return LinkOptions(backup=f"127.0.0.1:{port}", retry_first_s=0.02, retry_longest_s=0.05)


async def read_until(link: ModbusLink, condition: Callable[[], bool]) -> None:
    """Ask again and again, whatever comes of it."""
    while not condition():
        try:
            await link.read(1, ONE, PATIENT)
        except LinkDownError:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("framing", "script"), [(Framing.TCP, answer_addresses), (RTU, echo_addresses)])
async def test_a_backup_takes_over_and_is_left_when_the_own_address_returns(
    framing: Framing, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_LOOK_EVERY_S", 0.05)
    async with station(script) as own, station(script) as other:  # noqa: SIM117 - the second needs the first's port
        async with linked(framing, own.port, backed_by(other.port)) as link:
            await link.read(1, ONE, PATIENT)
            assert (own.lines, other.lines) == (1, 0)
            await own.stop()
            await read_until(link, lambda: link.counters.backups == 1)
            await link.read(1, ONE, PATIENT)
            assert link.connection.place.port == other.port
            assert link.state is LinkState.CONNECTED
            await own.start()
            await read_until(link, lambda: link.connection.place.port == own.port)
            await link.read(1, ONE, PATIENT)
            assert link.trouble == ""


async def test_both_addresses_are_named_when_neither_is_there() -> None:
    with unused_port() as own, unused_port() as other:
        async with linked(Framing.TCP, own, backed_by(other)) as link:
            with pytest.raises(
                LinkDownError, match=rf":{own}: connection .*; tcp://127.0.0.1:{other}: conn"
            ) as failed:
                await link.read(1, ONE, PATIENT)
            assert failed.value.cause.code == "connection_refused"
            assert failed.value.cause.facts["backup"] == f"tcp://127.0.0.1:{other}"
            assert [fault.kind for fault in link.recorder.faults] == [FaultKind.LINK_DOWN]


async def test_a_peer_that_accepts_and_closes_makes_the_backup_the_next_choice() -> None:
    async def closes(line: Line) -> None:
        line.close()

    async with station(closes) as own, station(echo_addresses) as other:  # noqa: SIM117
        async with linked(RTU, own.port, backed_by(other.port)) as link:
            await read_until(link, lambda: link.counters.replies == 1)
            assert link.connection.place.port == other.port


async def test_a_connection_is_made_anew_after_so_many_requests() -> None:
    async with (
        station(answer_addresses) as far,
        linked(Framing.TCP, far.port, LinkOptions(reconnect_after=5)) as link,
    ):
        for _ in range(12):
            await link.read(1, ONE, PATIENT)
        assert (link.counters.connects, far.lines, link.counters.replies) == (3, 3, 12)


async def test_the_system_probes_an_idle_connection() -> None:
    async with station(answer_addresses) as far, linked(Framing.TCP, far.port, LinkOptions(keep_alive_s=7)) as link:
        await link.read(1, ONE, PATIENT)
        transport = link.connection._transport
        assert isinstance(transport, MbapTransport)
        assert transport._session is not None
        assert transport._session._transport is not None
        connected = transport._session._transport.get_extra_info("socket")
        with socket.socket(fileno=os.dup(connected.fileno())) as real:
            assert real.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert real.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 7


async def test_another_master_on_the_line_is_listened_to_before_talking() -> None:
    """It asks unit 9, which answers; we wait until the line is at rest, and count its frames as foreign."""
    loop = asyncio.get_running_loop()
    heard_s: list[float] = []
    asked_s: list[float] = []

    async def script(line: Line) -> None:
        await line.rtu_request()
        await line.send(rtu_words(1, 1))
        for number in range(5):
            await line.send(rtu_words(9, number))
            heard_s.append(loop.time())
            await asyncio.sleep(0.05)
        await line.rtu_request()
        asked_s.append(loop.time())
        await line.send(rtu_words(1, 2))
        await line.closed()

    async with station(script) as far, linked(RTU, far.port, LinkOptions(listen_s=0.4)) as link:
        assert (await link.read(1, ONE, PATIENT)).tolist() == [1]
        await asyncio.sleep(0.01)
        assert (await link.read(1, ONE, PATIENT)).tolist() == [2]
        assert asked_s[0] - heard_s[-1] > 0.35
        assert (link.counters.foreign, link.counters.discarded_bytes) == (5, 5 * 7)


async def test_a_line_that_never_rests_is_asked_all_the_same() -> None:
    async def script(line: Line) -> None:
        await line.rtu_request()
        await line.send(rtu_words(1, 1))
        asking = asyncio.ensure_future(line.rtu_request())
        while not asking.done():
            await line.send(rtu_words(9, 7))
            await asyncio.sleep(0.01)
        await line.send(rtu_words(1, 2))
        await line.closed()

    options = LinkOptions(listen_s=0.2, listen_at_most_s=0.3)
    async with station(script) as far, linked(RTU, far.port, options) as link:
        assert (await link.read(1, ONE, PATIENT)).tolist() == [1]
        assert (await link.read(1, ONE, PATIENT)).tolist() == [2]


async def test_new_options_hold_at_once_and_make_a_new_connection() -> None:
    async with station(answer_addresses) as far, linked(Framing.TCP, far.port) as link:
        await link.read(1, ONE, PATIENT)
        link.configure(LinkOptions(keep_alive_s=5))
        await link.read(1, ONE, PATIENT)
        link.configure(LinkOptions(keep_alive_s=5))
        await link.read(1, ONE, PATIENT)
        assert link.counters.connects == 2


async def test_options_that_are_not_about_the_connection_leave_it_alone() -> None:
    async with station(answer_addresses) as far, linked(Framing.TCP, far.port) as link:
        await link.read(1, ONE, PATIENT)
        link.configure(LinkOptions(trace_bytes=0, queue_limit=7, probe_longest_s=5, silence_limit_s=9))
        await link.read(1, ONE, PATIENT)
        assert link.counters.connects == 1


async def test_a_dead_link_is_tried_again_at_once_when_it_is_given_a_backup() -> None:
    with unused_port() as nobody:
        async with station(answer_addresses) as far, linked(Framing.TCP, nobody) as link:
            with pytest.raises(LinkDownError):
                await link.read(1, ONE, PATIENT)
            link.configure(LinkOptions(backup=f"127.0.0.1:{far.port}", retry_first_s=600, retry_longest_s=600))
            assert (await link.read(1, ONE, PATIENT)).tolist() == [3]


async def test_there_is_never_a_second_connection_to_one_address() -> None:
    links = Links()
    links.acquire(local(Framing.TCP, 1))
    with pytest.raises(SetupError, match=r"rtu_over_tcp://127.0.0.1:1: tcp://127.0.0.1:1 is in use") as failed:
        links.acquire(local(RTU, 1))
    assert failed.value.cause.code == "link_in_use"
    links.configure({local(Framing.TCP, 1): LinkOptions(backup="127.0.0.1:2")})
    with pytest.raises(SetupError, match=r"tcp://127.0.0.1:2 is the backup of tcp://127.0.0.1:1") as failed:
        links.acquire(local(Framing.TCP, 2))
    assert failed.value.cause.code == "link_in_use"
    links.configure({local(Framing.TCP, 3): LinkOptions(backup="127.0.0.1:1")})
    with pytest.raises(SetupError, match=r"its backup 127.0.0.1:1 is a link of its own") as failed:
        links.acquire(local(Framing.TCP, 3))
    assert failed.value.cause.code == "link_in_use"
    await links.aclose()


async def test_a_link_that_is_let_go_and_taken_again_at_once_never_has_two_connections() -> None:
    now, most = 0, 0

    async def counting(line: Line) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        try:
            await echo_addresses(line)
        finally:
            now -= 1

    async with asyncio.timeout(LIMIT_S), station(counting) as far:
        links, address = Links(), local(RTU, far.port)
        for _ in range(10):
            link = links.acquire(address)
            await link.read(1, ONE, Pacing(timeout_s=10))
            releasing = asyncio.create_task(links.release(address))
            await asyncio.sleep(0)
            again = links.acquire(address)
            await again.read(1, ONE, Pacing(timeout_s=10))
            await releasing
            await links.release(address)
        assert most == 1
