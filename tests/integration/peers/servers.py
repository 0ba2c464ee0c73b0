"""Modbus servers that nobody here wrote, each holding the registers it is given at unit 1."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from pyModbusTCP.server import DataBank, ModbusServer

HERE = Path(__file__).parent

Peer = Callable[[list[int]], AbstractAsyncContextManager[int]]
"""Serves holding registers from address 0 on, and yields the port."""


@asynccontextmanager
async def pymodbus_server(registers: list[int]) -> AsyncIterator[int]:
    device = SimDevice(1, [SimData(0, values=registers, datatype=DataType.REGISTERS)])
    server = ModbusTcpServer(device, address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    try:
        listening = server.transport
        assert isinstance(listening, asyncio.Server)
        yield int(listening.sockets[0].getsockname()[1])
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def pymodbustcp_server(registers: list[int]) -> AsyncIterator[int]:
    bank = DataBank()
    bank.set_holding_registers(0, registers)
    server = ModbusServer(host="127.0.0.1", port=0, no_block=True, data_bank=bank)
    server.start()
    try:
        yield int(server._service.server_address[1])
    finally:
        server.stop()


@asynccontextmanager
async def modbus_serial_server(registers: list[int]) -> AsyncIterator[int]:
    node = shutil.which("node")
    assert node, "node is missing; make setup installs the packages it needs"
    assert (HERE / "node_modules").is_dir(), "modbus-serial is missing; run make setup"
    process = await asyncio.create_subprocess_exec(
        node, "modbus_serial_server.mjs", cwd=HERE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(registers).encode() + b"\n")
        async with asyncio.timeout(20):
            yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()
