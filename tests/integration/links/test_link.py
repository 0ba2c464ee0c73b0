"""One task owns a link: dead hosts, the way back, the queue, cancelled callers, closing."""

import asyncio

import pytest

from stripchart.drivers.base import LinkDownError, NoAnswerError
from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.link import LinkState, ModbusLink
from stripchart.drivers.modbus.opening import open_link
from stripchart.drivers.modbus.transport import Question
from stripchart.model.block import Block
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.link import LinkOptions
from stripchart.model.point import Table
from tests.integration.links.peers import (
    HASTY,
    LIMIT_S,
    PATIENT,
    QUICK_RETRY,
    Line,
    Script,
    answer_addresses,
    echo_addresses,
    linked,
    registers,
    rtu_words,
    station,
    tcp_words,
    until,
    unused_port,
)

RTU = Framing.RTU_OVER_TCP
BOTH = pytest.mark.parametrize(("framing", "script"), [(Framing.TCP, answer_addresses), (RTU, echo_addresses)])


async def until_read(link: ModbusLink) -> list[int]:
    """Ask until the link is up again."""
    while True:
        try:
            words: list[int] = (await link.read(1, registers(0, 2), PATIENT)).tolist()
        except LinkDownError:
            await asyncio.sleep(0.01)
        else:
            return words


@pytest.mark.parametrize("framing", [Framing.TCP, Framing.TLS, RTU])
async def test_a_dead_host_fails_everyone_at_once_and_names_itself(framing: Framing) -> None:
    with unused_port() as port:
        async with linked(framing, port) as link:
            results = await asyncio.gather(
                *(link.read(unit, registers(0, 1), PATIENT) for unit in range(1, 9)), return_exceptions=True
            )
            for result in results:
                assert isinstance(result, LinkDownError)
                assert str(result) == f"{framing}://127.0.0.1:{port}: connection refused"
            assert link.state is LinkState.DOWN
            with pytest.raises(LinkDownError, match=r"connection refused; next attempt in \d\.\d s") as failed:
                await link.read(1, registers(0, 1), PATIENT)
            assert failed.value.cause.code == "connection_refused"
            assert failed.value.cause.facts["wait_s"] == failed.value.retry_in_s > 0
            assert (link.counters.requests, link.counters.connects) == (0, 0)


@pytest.mark.parametrize("framing", [Framing.TCP, Framing.UDP, RTU])
async def test_a_host_name_that_nobody_knows_is_link_down(framing: Framing) -> None:
    link = open_link(LinkAddress(framing, host="no-such-host.invalid", port=502))
    async with asyncio.timeout(LIMIT_S):
        with pytest.raises(LinkDownError, match=r"no-such-host\.invalid:502: \S+") as failed:
            await link.read(1, registers(0, 1), PATIENT)
        assert failed.value.cause.code == "unknown_host"
        await link.aclose()


async def test_a_serial_port_that_is_not_there_is_link_down() -> None:
    link = open_link(LinkAddress(Framing.RTU, path="/dev/no-such-port"))
    with pytest.raises(LinkDownError, match="rtu:///dev/no-such-port: no such file or directory") as failed:
        await link.read(1, registers(0, 1), PATIENT)
    assert failed.value.cause.code == "no_port"
    await link.aclose()


async def test_a_host_that_takes_too_long_to_connect_is_link_down() -> None:
    """A TLS handshake that the other side never takes up."""
    async with station(Line.closed) as far, linked(Framing.TLS, far.port) as link:
        with pytest.raises(LinkDownError, match=r"no connection within 0\.15 s") as failed:
            await link.read(1, registers(0, 1), HASTY)
        assert failed.value.cause.code == "connect_timeout"


@BOTH
async def test_a_server_that_comes_back_is_read_again(framing: Framing, script: Script) -> None:
    async with station(script) as far, linked(framing, far.port, QUICK_RETRY) as link:
        first = await link.read(1, registers(0, 2), PATIENT)
        await far.stop()
        await until(lambda: link.state is LinkState.IDLE)
        with pytest.raises(LinkDownError, match="connection refused"):
            await link.read(1, registers(0, 2), PATIENT)
        await far.start()
        assert await until_read(link) == first.tolist()
        assert link.state is LinkState.CONNECTED
        assert link.trouble == ""
        assert link.counters.connects == 2


async def test_a_peer_that_accepts_and_closes_is_not_stormed() -> None:
    async def script(line: Line) -> None:
        line.close()

    async with station(script) as far, linked(RTU, far.port) as link:
        for _ in range(5):
            with pytest.raises(LinkDownError):
                await link.read(1, registers(0, 1), PATIENT)
        assert far.lines == 1
        assert link.state is LinkState.DOWN


async def test_a_connection_that_only_looks_alive_is_made_anew() -> None:
    async def script(line: Line) -> None:
        if far.lines > 1:
            await echo_addresses(line)
        await line.closed()

    async with station(script) as far, linked(RTU, far.port, LinkOptions(silence_limit_s=0.0)) as link:
        for _ in range(3):
            with pytest.raises(NoAnswerError):
                await link.read(1, registers(0, 2), HASTY)
        assert (await link.read(1, registers(0, 2), PATIENT)).tolist() == [1000, 1001]
        assert link.counters.connects == 2


@BOTH
async def test_requests_are_answered_in_the_order_they_came(framing: Framing, script: Script) -> None:
    done: list[int] = []

    async def ask(link: ModbusLink, start: int) -> None:
        await link.read(1, registers(start, 1), PATIENT)
        done.append(start)

    async with station(script) as far, linked(framing, far.port) as link:
        await asyncio.gather(*(ask(link, start) for start in range(20)))
    assert done == list(range(20))


async def test_the_request_of_a_cancelled_caller_is_skipped() -> None:
    asked: list[int] = []
    go = asyncio.Event()

    async def script(line: Line) -> None:
        while True:
            unit, _ = await line.rtu_request()
            asked.append(unit)
            await go.wait()
            await line.send(rtu_words(unit, unit))

    async with station(script) as far, linked(RTU, far.port) as link:
        tasks = [asyncio.create_task(link.read(unit, registers(0, 1), PATIENT)) for unit in (1, 2, 3)]
        await until(lambda: link.counters.requests == 1)
        tasks[1].cancel()
        go.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(results[1], asyncio.CancelledError)
        assert asked == [1, 3]


async def test_a_caller_cancelled_during_its_request_does_not_spoil_the_next() -> None:
    async with station(echo_addresses) as far, linked(RTU, far.port) as link:
        task = asyncio.create_task(link.read(1, registers(0, 2), PATIENT))
        await until(lambda: link.counters.requests == 1)
        task.cancel()
        assert (await link.read(2, registers(0, 2), PATIENT)).tolist() == [2000, 2001]


async def test_a_full_queue_refuses_the_newcomer_and_counts_it() -> None:
    async with station(Line.closed) as far, linked(RTU, far.port, LinkOptions(queue_limit=2)) as link:
        tasks = [asyncio.create_task(link.read(1, registers(0, 1), PATIENT))]
        await until(lambda: link.counters.requests == 1)
        tasks += [asyncio.create_task(link.read(unit, registers(0, 1), PATIENT)) for unit in (2, 3)]
        await asyncio.sleep(0)
        with pytest.raises(NoAnswerError, match=r"unit 4, holding 0\.\.0: not sent, 2 requests are waiting"):
            await link.read(4, registers(0, 1), PATIENT)
        assert link.counters.overflows == 1
        await link.aclose()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("framing", [Framing.TCP, RTU, Framing.UDP])
async def test_closing_answers_everything_waiting(framing: Framing) -> None:
    async with station(Line.closed) as far, linked(framing, far.port) as link:
        tasks = [asyncio.create_task(link.read(unit, registers(0, 1), PATIENT)) for unit in range(1, 5)]
        await until(lambda: link.counters.requests == 1)
        await link.aclose()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(result, LinkDownError)
            assert "the link is closed" in str(result)
        with pytest.raises(LinkDownError, match="the link is closed"):
            await link.read(1, registers(0, 1), PATIENT)
        assert link.state is LinkState.CLOSED


async def test_a_link_that_never_read_closes_as_well() -> None:
    link = open_link(LinkAddress(Framing.TCP, host="127.0.0.1", port=1))
    assert link.state is LinkState.IDLE
    await link.aclose()
    await link.aclose()


async def test_a_block_longer_than_the_protocol_allows_is_the_callers_mistake() -> None:
    async with linked(Framing.TCP, 1) as link:
        with pytest.raises(ValueError, match="allowed are 1 to 125"):
            await link.read(1, registers(0, 126), PATIENT)
        with pytest.raises(ValueError, match="allowed are 1 to 2000"):
            await link.read(1, Block(Table.COIL, 0, 2001), PATIENT)


class _Faulty:
    """A transport with a bug."""

    connected = True
    can_be_left = False

    def __init__(self, context: LinkContext) -> None:
        self.context = context

    async def connect(self, place: LinkAddress, timeout_s: float) -> None:
        raise NotImplementedError

    async def exchange(self, question: Question) -> bytes:
        raise ZeroDivisionError("a bug")

    def drop(self) -> None:
        pass


async def test_a_bug_rises_where_the_request_came_from_and_nobody_hangs() -> None:
    link = ModbusLink(_Faulty(LinkContext(LinkAddress(Framing.TCP, host="127.0.0.1", port=1))))
    async with asyncio.timeout(LIMIT_S):
        results = await asyncio.gather(
            *(link.read(unit, registers(0, 1), PATIENT) for unit in (1, 2)), return_exceptions=True
        )
        assert isinstance(results[0], ZeroDivisionError)
        assert isinstance(results[1], LinkDownError)
        with pytest.raises(ZeroDivisionError):
            await link.read(1, registers(0, 1), PATIENT)
        await link.aclose()


async def test_callers_that_give_up_at_any_moment_spoil_nothing_for_the_others() -> None:
    """Some are served in their own task, some wait for the owner; each gets its own registers or an error."""

    async def slow(line: Line) -> None:
        while True:
            transaction, unit, request = await line.tcp_request()
            await asyncio.sleep(0.002)
            await line.send(tcp_words(transaction, unit, *range(request.start, request.start + request.count)))

    async def ask(link: ModbusLink, start: int) -> None:
        assert (await link.read(1 + start % 3, registers(start, 2), PATIENT)).tolist() == [start, start + 1]

    async with station(slow) as far, linked(Framing.TCP, far.port) as link:
        for start in range(40):
            tasks = [asyncio.create_task(ask(link, start + more)) for more in range(3)]
            await asyncio.sleep(0.001 * (start % 5))
            tasks[start % 3].cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            assert [
                result for result in results if result is not None and not isinstance(result, asyncio.CancelledError)
            ] == []
        assert link.waiting == 0
        assert link.counters.connects == 1
        assert link.counters.timeouts == 0
        assert link.counters.foreign == 0


async def test_closing_ends_a_request_that_its_caller_serves() -> None:
    async def script(line: Line) -> None:
        transaction, unit, _ = await line.tcp_request()
        await line.send(tcp_words(transaction, unit, 5))
        await line.closed()

    async with station(script) as far, linked(Framing.TCP, far.port) as link:
        await link.read(1, registers(5, 1), PATIENT)
        tasks = [asyncio.create_task(link.read(unit, registers(0, 1), PATIENT)) for unit in (1, 2)]
        await until(lambda: link.counters.requests == 2)
        await link.aclose()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(result, LinkDownError)
            assert "the link is closed" in str(result)
