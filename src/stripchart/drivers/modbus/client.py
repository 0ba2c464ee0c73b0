"""pymodbus behind the transport port: TCP, TLS and UDP; `serial_line` adds what serial lines need.

pymodbus connects, frames, matches replies by transaction number and unit, and keeps the time limit. What it would do
beyond that is switched off: the link owns reconnecting, the driver owns retrying, and the reply stays bytes, because
its own decoder loops over registers and breaks the connection at a reply it does not know.

TLS checks the server's certificate and name against the system's certificate authorities, or those in the file that
the environment variable SSL_CERT_FILE names.
"""

import asyncio
import logging
import ssl
from functools import cache
from typing import cast

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient, AsyncModbusTlsClient, AsyncModbusUdpClient
from pymodbus.client.base import ModbusBaseClient
from pymodbus.exceptions import ConnectionException, ModbusIOException

from stripchart.drivers.base import BadReplyError, DriverError, LinkDownError, NoAnswerError
from stripchart.drivers.modbus.framers import RawReply, RawRequest, framer_for
from stripchart.drivers.modbus.transport import Question, os_reason
from stripchart.model.device import Framing, LinkAddress

_NEVER = 1_000_000_000
_MAX_BUFFER_BYTES = 4096
"""Noise and a whole reply must have room in it; pymodbus throws everything away when it is full."""


class PymodbusTransport:
    """A transport over a pymodbus client. Each connection gets a client of its own."""

    def __init__(self, address: LinkAddress) -> None:
        self.discarded_bytes = 0
        self._address = address
        self._client: ModbusBaseClient | None = None
        self._lost = False

    @property
    def connected(self) -> bool:
        return self._client is not None and not self._lost and self._client.connected

    async def connect(self, timeout_s: float) -> None:
        self.drop()
        self._client = client = new_client(self._address, timeout_s)
        client.ctx.trace_connect = self._note_connection
        self._lost = False
        await self._open(client, timeout_s)

    async def exchange(self, question: Question) -> bytes:
        client = self._client
        if client is None or not self.connected:
            raise LinkDownError(f"{self._address}: not connected")
        client.ctx.comm_params.timeout_connect = self._limit_s(question)
        try:
            reply = await client.execute(False, RawRequest(question.unit_id, question.pdu))
        except ConnectionException:
            raise LinkDownError(f"{self._address}, {question}: the connection was lost") from None
        except ModbusIOException as error:
            if not client.ctx.response_future.cancelled():
                raise BadReplyError(f"{self._address}, {question}: {error.string}") from None
            raise self._failure(client, question) from None
        return cast(RawReply, reply).pdu

    def drop(self) -> None:
        """Close the connection without a farewell: TLS waits half a minute for the answer of a server that hangs."""
        if self._client is None:
            return
        transport = cast(asyncio.WriteTransport | None, self._client.ctx.transport)
        if transport is not None:
            transport.abort()
        self._client.close()
        self._client = None

    async def _open(self, client: ModbusBaseClient, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                await client.ctx.call_create()
        except TimeoutError:
            raise LinkDownError(f"{self._address}: no connection within {timeout_s:g} s") from None
        except OSError as error:
            raise LinkDownError(f"{self._address}: {os_reason(error)}") from error

    def _note_connection(self, up: bool) -> None:
        """pymodbus tells of a lost connection, but lets the request under way run into its time limit."""
        self._lost = not up
        if self._lost and self._client is not None and not self._client.ctx.response_future.done():
            self._client.ctx.response_future.set_exception(ConnectionException("lost"))
            self._client.ctx.response_future.exception()  # perhaps nobody waits for it

    def _limit_s(self, question: Question) -> float:
        return question.pacing.timeout_s

    def _failure(self, client: ModbusBaseClient, question: Question) -> DriverError:
        """What the bytes that came, if any, make of a time limit that ran out."""
        where = f"{self._address}, {question}"
        limit = f"within {question.pacing.timeout_s:g} s"
        if not client.ctx.recv_buffer:
            return NoAnswerError(f"{where}: no reply {limit}")
        garbage = client.ctx.recv_buffer
        self.discarded_bytes += len(garbage)
        return BadReplyError(f"{where}: no frame {limit}, only {len(garbage)} bytes: {garbage[:16].hex(' ')}")


def new_client(address: LinkAddress, timeout_s: float) -> ModbusBaseClient:
    """A client that neither retries nor reconnects nor gives up, and leaves replies as bytes. Inside a loop only."""
    _quiet_pymodbus()
    client = _client_of(address, timeout_s)
    client.ctx.framer = framer_for(address.framing)
    client.ctx.max_buffer_size = _MAX_BUFFER_BYTES
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
                host, port=port, sslctx=tls_context(), timeout=timeout_s, retries=0, reconnect_delay=0
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
def tls_context() -> ssl.SSLContext:
    """What all TLS links trust; read from the files once."""
    return ssl.create_default_context()


@cache
def _quiet_pymodbus() -> None:
    """What pymodbus logs (each time-out, each late reply, at ERROR) the link counts; a level set before stays."""
    logger = logging.getLogger("pymodbus.logging")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
