"""pymodbus behind the transport port: TCP, TLS, UDP and serial lines (RTU, ASCII).

pymodbus connects, frames, matches replies by transaction number and unit, and keeps the time limit. What it would do
beyond that is switched off: the link owns reconnecting, the driver owns retrying, and the reply stays bytes, because
its own decoder loops over registers and breaks the connection at a reply it does not know.

A serial line is not paced by `pause_after_send_s`: there is no converter between us and the line. TLS checks the
server's certificate and name against the system's certificate authorities.
"""

import asyncio
import logging
import ssl
from functools import cache
from typing import cast

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient, AsyncModbusTlsClient, AsyncModbusUdpClient
from pymodbus.client.base import ModbusBaseClient
from pymodbus.exceptions import ConnectionException, ModbusIOException
from pymodbus.framer import FramerBase
from pymodbus.framer.ascii import FramerAscii
from pymodbus.framer.rtu import FramerRTU
from pymodbus.framer.socket import FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU

from stripchart.drivers.base import BadReplyError, DriverError, LinkDownError, NoAnswerError
from stripchart.drivers.modbus.late import LateReplies
from stripchart.drivers.modbus.transport import READ_FUNCTIONS, Question, os_reason
from stripchart.model.device import Framing, LinkAddress
from stripchart.wire.pdu import EXCEPTION_FLAG

_FRAMERS: dict[Framing, type[FramerBase]] = {
    Framing.TCP: FramerSocket,
    Framing.TLS: FramerSocket,
    Framing.UDP: FramerSocket,
    Framing.RTU: FramerRTU,
}
_NEVER = 1_000_000_000
_FUNCTIONS = frozenset(READ_FUNCTIONS.values())


class PymodbusTransport:
    """A transport over a pymodbus client. Each connection gets a client of its own."""

    def __init__(self, address: LinkAddress) -> None:
        self.discarded_bytes = 0
        self._address = address
        self._client: ModbusBaseClient | None = None
        self._lost = False
        self._late = LateReplies()

    @property
    def connected(self) -> bool:
        return self._client is not None and not self._lost and self._client.connected

    async def connect(self, timeout_s: float) -> None:
        self.drop()
        client = new_client(self._address, timeout_s)
        client.ctx.trace_connect = self._note_connection
        self._lost = False
        try:
            async with asyncio.timeout(timeout_s):
                transport, _ = await client.ctx.call_create()
        except TimeoutError:
            raise LinkDownError(f"{self._address}: no connection within {timeout_s:g} s") from None
        except OSError as error:
            raise LinkDownError(f"{self._address}: {os_reason(error)}") from error
        self._client = client
        if self._address.framing.is_serial:
            client.ctx.transport = transport

    async def exchange(self, question: Question) -> bytes:
        client = self._client
        if client is None or not self.connected:
            raise LinkDownError(f"{self._address}: not connected")
        client.ctx.comm_params.timeout_connect = question.pacing.timeout_s
        await self._outwait_late_replies(question)
        try:
            reply = await client.execute(False, _RawRequest(question.unit_id, question.pdu))
        except ConnectionException:
            raise LinkDownError(f"{self._address}, {question}: the connection was lost") from None
        except ModbusIOException as error:
            raise self._failure(client, question, error) from None
        self._late.answered(question)
        return cast(_RawReply, reply).pdu

    def drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def _outwait_late_replies(self, question: Question) -> None:
        """Let the time pass in which a late reply could be taken for the reply to this question."""
        for late in self._late.mistakable(question):
            self._late.forget(late)
            await asyncio.sleep(late.until_s - asyncio.get_running_loop().time())

    def _note_connection(self, up: bool) -> None:
        """pymodbus tells of a lost connection, but lets the request under way run into its time limit."""
        self._lost = not up
        if self._lost and self._client is not None and not self._client.ctx.response_future.done():
            self._client.ctx.response_future.set_exception(ConnectionException("lost"))

    def _failure(self, client: ModbusBaseClient, question: Question, error: ModbusIOException) -> DriverError:
        where = f"{self._address}, {question}"
        limit = f"within {question.pacing.timeout_s:g} s"
        if not client.ctx.response_future.cancelled():
            return BadReplyError(f"{where}: {error.string}")
        if client.ctx.recv_buffer:
            garbage = client.ctx.recv_buffer
            self.discarded_bytes += len(garbage)
            return BadReplyError(f"{where}: no frame {limit}, only {len(garbage)} bytes: {garbage[:16].hex(' ')}")
        if self._address.framing.is_serial:
            self._late.expect(question)
        return NoAnswerError(f"{where}: no reply {limit}")


class _RawRequest(ModbusPDU):
    """A request that is bytes already."""

    def __init__(self, unit_id: int, pdu: bytes) -> None:
        super().__init__(dev_id=unit_id)
        self.function_code = pdu[0]
        self._data = pdu[1:]

    def encode(self) -> bytes:
        return self._data


class _RawReply(ModbusPDU):
    """A reply that stays bytes."""

    def __init__(self, pdu: bytes) -> None:
        super().__init__()
        self.function_code = pdu[0]
        self.pdu = pdu


class _RawDecoder(DecodePDU):
    """Leaves replies as they are; the link judges them."""

    def decode(self, frame: bytes) -> ModbusPDU | None:
        return _RawReply(frame)

    def lookupPduClass(self, data: bytes) -> type[ModbusPDU] | None:  # noqa: N802 - pymodbus' name
        """Where an RTU frame may start: at a function we ask for, or at an exception to it."""
        return super().lookupPduClass(data) if data[1] & ~EXCEPTION_FLAG in _FUNCTIONS else None


class _AsciiFramer(FramerAscii):
    """pymodbus' framer, but for the unit of a frame that is no number: there it raises, into the event loop."""

    def decode(self, data: bytes) -> tuple[int, int, int, bytes]:
        try:
            return super().decode(data)
        except ValueError:
            return len(data), 0, 0, b""


def new_client(address: LinkAddress, timeout_s: float) -> ModbusBaseClient:
    """A client that neither retries nor reconnects nor gives up, and leaves replies as bytes. Inside a loop only."""
    _quiet_pymodbus()
    client = _client_of(address, timeout_s)
    framer = _FRAMERS.get(address.framing, _AsciiFramer)
    client.ctx.framer = framer(_RawDecoder(False))
    client.set_max_no_responses(_NEVER)
    return client


def _client_of(address: LinkAddress, timeout_s: float) -> ModbusBaseClient:
    host, port, path, line = address.host, address.port, address.path, address.line
    match address.framing:
        case Framing.TCP:
            return AsyncModbusTcpClient(host, port=port, timeout=timeout_s, retries=0, reconnect_delay=0)
        case Framing.UDP:
            return AsyncModbusUdpClient(host, port=port, timeout=timeout_s, retries=0, reconnect_delay=0)
        case Framing.TLS:
            return AsyncModbusTlsClient(
                host, port=port, sslctx=_tls_context(), timeout=timeout_s, retries=0, reconnect_delay=0
            )
        case Framing.RTU | Framing.ASCII:
            return AsyncModbusSerialClient(
                path,
                baudrate=line.baudrate,
                bytesize=line.bytesize,
                parity=line.parity,
                stopbits=line.stopbits,
                timeout=timeout_s,
                retries=0,
                reconnect_delay=0,
            )
        case Framing.RTU_OVER_TCP:
            raise ValueError("rtu_over_tcp has a transport of its own")


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _quiet_pymodbus() -> None:
    """What pymodbus logs (each time-out, each late reply, at ERROR) the link counts; a level set before stays."""
    logger = logging.getLogger("pymodbus.logging")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
