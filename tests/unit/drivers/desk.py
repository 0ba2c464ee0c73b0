"""An operator's desk: a writer on a simulated device, over a link that does what a test says."""

from collections.abc import Awaitable, Callable

import numpy as np

from stripchart.drivers.base import DriverError, RefusedError
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.glance import OperatedUnit
from stripchart.drivers.modbus.writer import ModbusWriter
from stripchart.model.block import Block
from stripchart.model.command import Command
from stripchart.model.point import Point
from stripchart.model.profile import Pacing, Profile
from stripchart.model.time import SystemClock
from stripchart.simulator.behaviours.base import Behaviour
from stripchart.simulator.device import SimulatedDevice

Trick = Callable[[bytes], Awaitable[DriverError | None]]
"""Told each write before it is done; the error it returns takes the place of the answer."""


async def no_trick(_request: bytes) -> DriverError | None:
    return None


class DirectLink:
    """Hands requests to the device. `does` decides whether a write reaches it."""

    def __init__(self, device: SimulatedDevice) -> None:
        self.device = device
        self.written: list[str] = []
        self.reads = 0
        self.read_errors: list[DriverError | None] = []
        self.before_answer: Trick = no_trick
        self.does: Callable[[bytes], bool] = lambda request: True

    async def read(self, unit_id: int, block: Block, pacing: Pacing, *, urgent: bool = False) -> Words:
        assert urgent, "an operator waits for it"
        self.reads += 1
        error = self.read_errors.pop(0) if self.read_errors else None
        if error is not None:
            raise error
        function = 1 if block.table.is_bits else 3
        reply = self.device.answer(
            bytes((function,)) + block.start.to_bytes(2, "big") + len(block).to_bytes(2, "big")
        )
        if reply[0] & 0x80:
            raise RefusedError(unit_id, block, reply[1])
        if block.table.is_bits:
            bits = np.unpackbits(np.frombuffer(reply, np.uint8, offset=2), count=len(block), bitorder="little")
            return bits.astype(np.uint16)
        return np.frombuffer(reply, ">u2", offset=2).astype(np.uint16)

    async def write(self, unit_id: int, block: Block, pacing: Pacing, request: bytes) -> None:
        self.written.append(request.hex(" "))
        error = await self.before_answer(request)
        reply = self.device.answer(request) if self.does(request) else request[:5]
        if error is not None:
            raise error
        if reply[0] & 0x80:
            raise RefusedError(unit_id, block, reply[1])


class Desk:
    """The device, the link to it, and the writer."""

    def __init__(
        self, *points: Point, commands: tuple[Command, ...] = (), behaviour: Behaviour | None = None
    ) -> None:
        pacing = Pacing(timeout_s=0.1, retries=2, pause_before_retry_s=0.0)
        named = {command.key: command for command in commands}
        profile = Profile(key="p", name={"en": "P"}, kind="test", points=points, pacing=pacing, commands=named)
        self.device = SimulatedDevice(profile, 1, behaviour)
        self.link = DirectLink(self.device)
        ids = np.arange(10, 10 + len(points), dtype=np.int32)
        self.writer = ModbusWriter(OperatedUnit(self.link, 1, profile, ids, SystemClock()), release=_release)


async def _release() -> None:
    return None
