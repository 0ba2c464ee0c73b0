"""The other ends of links: servers nobody here wrote, and one that does to a connection whatever a test says."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from pymodbus import FramerType
from pymodbus.server import ModbusTcpServer, ModbusUdpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from pyModbusTCP.server import DataBank, ModbusServer

from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.opening import open_link
from stripchart.model.block import Block
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.link import LinkOptions
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from stripchart.wire import mbap, pdu, rtu

LIMIT_S = 20.0
"""No test waits longer, however slow the machine is."""
PATIENT = Pacing(timeout_s=10.0)
"""For replies that do come."""
HASTY = Pacing(timeout_s=0.15, retries=100)
"""For replies that never come; the unit does not count as silent for that."""
QUICK_RETRY = LinkOptions(retry_first_s=0.02, retry_longest_s=0.05)


def registers(start: int, count: int) -> Block:
    return Block(Table.HOLDING, start, start + count)


def local(framing: Framing, port: int) -> LinkAddress:
    return LinkAddress(framing, host="127.0.0.1", port=port)


@asynccontextmanager
async def linked(framing: Framing, port: int, options: LinkOptions | None = None) -> AsyncIterator[ModbusLink]:
    async with opened(local(framing, port), options) as link:
        yield link


@asynccontextmanager
async def opened(address: LinkAddress, options: LinkOptions | None = None) -> AsyncIterator[ModbusLink]:
    link = open_link(address, options)
    async with asyncio.timeout(LIMIT_S):
        try:
            yield link
        finally:
            await link.aclose()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.001)


class Line:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def rtu_request(self) -> tuple[int, pdu.Request]:
        """The next read request, without the frame; its checksum has to be right."""
        frame = await self._reader.readexactly(8)
        taken = rtu.take_request(frame)
        assert taken is not None
        return taken[0], pdu.parse_request(taken[1])

    async def tcp_request(self) -> tuple[int, int, pdu.Request]:
        """Transaction, unit, request."""
        taken = mbap.take_frame(await self._reader.readexactly(12))
        assert taken is not None
        return taken[0], taken[1], pdu.parse_request(taken[2])

    async def some(self) -> bytes:
        """Whatever comes next."""
        return await self._reader.read(4096)

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def closed(self) -> None:
        """Wait until the client goes; what it still sends is not answered."""
        while await self._reader.read(1024):
            pass

    def close(self) -> None:
        self._writer.close()

    def reset(self) -> None:
        self._writer.transport.abort()


Script = Callable[[Line], Awaitable[None]]


class Station:
    """A TCP server that plays a script on each connection; `lines` counts them."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self.lines = 0
        self.errors: list[BaseException] = []
        self._script, self._tls = script, tls
        self._server: asyncio.Server | None = None
        self._open: set[Line] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the listening socket and all connections; `start` opens the same port again."""
        assert self._server is not None
        self._server.close()
        for line in list(self._open):
            line.reset()
        await self._server.wait_closed()
        await until(lambda: not self._open)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer)
        self.lines += 1
        self._open.add(line)
        try:
            await self._script(line)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except AssertionError as error:
            self.errors.append(error)
        finally:
            line.close()
            self._open.discard(line)


@asynccontextmanager
async def station(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Station]:
    running = Station(script, tls)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()
    assert not running.errors


def rtu_words(unit: int, *words: int, function: int = 3) -> bytes:
    return rtu.build_frame(unit, pdu.words_reply(function, words))


def tcp_words(transaction: int, unit: int, *words: int) -> bytes:
    return mbap.build_frame(transaction, unit, pdu.words_reply(3, words))


async def echo_addresses(line: Line) -> None:
    """A converter whose units answer each register with its own address, plus 1000 times the unit."""
    while True:
        unit, request = await line.rtu_request()
        words = [(1000 * unit + address) & 0xFFFF for address in range(request.start, request.start + request.count)]
        await line.send(rtu_words(unit, *words))


async def answer_addresses(line: Line) -> None:
    """A Modbus TCP server whose registers hold their own addresses."""
    while True:
        transaction, unit, request = await line.tcp_request()
        await line.send(tcp_words(transaction, unit, *range(request.start, request.start + request.count)))


def two_units() -> list[SimDevice]:
    """Units 1 and 2: holding register n of unit u is 1000 u + n; those from 40000 are 65535, 32768, u."""

    def device(unit: int) -> SimDevice:
        bits = [n % 3 == 0 for n in range(40)]
        holding = [SimData(0, values=[1000 * unit + n for n in range(200)], datatype=DataType.REGISTERS)]
        holding.append(SimData(40_000, values=[65_535, 32_768, unit], datatype=DataType.REGISTERS))
        return SimDevice(
            unit,
            simdata=(
                [SimData(0, values=bits, datatype=DataType.BITS)],
                [SimData(0, values=[not bit for bit in bits], datatype=DataType.BITS)],
                holding,
                [SimData(0, values=[7, 8, 9], datatype=DataType.REGISTERS)],
            ),
        )

    return [device(1), device(2)]


@asynccontextmanager
async def pymodbus_server(framing: Framing) -> AsyncIterator[int]:
    """pymodbus' own server with units 1 and 2; yields the port.

    Holding register n of unit u is 1000 u + n; those from 40000 are 65535, 32768, u.
    """
    framer = FramerType.RTU if framing is Framing.RTU_OVER_TCP else FramerType.SOCKET
    kind = ModbusUdpServer if framing is Framing.UDP else ModbusTcpServer
    server = kind(two_units(), framer=framer, address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    try:
        yield port_of(server.transport)
    finally:
        server.close()


def port_of(transport: asyncio.BaseTransport) -> int:
    """pymodbus keeps a listening server or a datagram endpoint under the same name."""
    sockets = getattr(transport, "sockets", None)
    name = sockets[0].getsockname() if sockets else transport.get_extra_info("sockname")
    return int(name[1])


@contextmanager
def pymodbustcp_server() -> Iterator[tuple[int, DataBank]]:
    """pyModbusTCP's server, which answers on every unit; yields the port and its data."""
    server = ModbusServer(host="127.0.0.1", port=0, no_block=True)
    server.start()
    try:
        yield server._service.server_address[1], server.data_bank
    finally:
        assert server._evt_running.wait(LIMIT_S)
        server.stop()


@contextmanager
def unused_port() -> Iterator[int]:
    """A port where nobody listens: bound, so that nobody else gets it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
