"""Clients to look at the simulator with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pymodbus import FramerType
from pymodbus.client import AsyncModbusTcpClient

from stripchart.model.device import Framing

LIMIT_S = 20.0
FRAMERS = {Framing.TCP: FramerType.SOCKET, Framing.RTU_OVER_TCP: FramerType.RTU}


@asynccontextmanager
async def pymodbus_client(
    port: int, framing: Framing, patience_s: float = 5.0
) -> AsyncIterator[AsyncModbusTcpClient]:
    client = AsyncModbusTcpClient(
        "127.0.0.1", port=port, framer=FRAMERS[framing], timeout=patience_s, retries=0, reconnect_delay=0
    )
    async with asyncio.timeout(LIMIT_S):
        assert await client.connect()
        try:
            yield client
        finally:
            client.close()


@asynccontextmanager
async def raw_client(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Bytes in, bytes out."""
    async with asyncio.timeout(LIMIT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with_reset = await asyncio.gather(writer.wait_closed(), return_exceptions=True)
            assert all(result is None or isinstance(result, ConnectionError) for result in with_reset)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so; fail when it takes too long."""
    async with asyncio.timeout(LIMIT_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
