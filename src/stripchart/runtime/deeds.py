"""Deeds: what other processes ask of this collector, done with the drivers it polls with."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import SetupError, Writer
from stripchart.drivers.modbus.board import ModbusBoard
from stripchart.drivers.probe import Probe
from stripchart.drivers.report import LinkReport, TracedFrame
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device, DeviceId, parse_link
from stripchart.model.order import Written
from stripchart.model.profile import Profile
from stripchart.model.read_plan import ReadPlan
from stripchart.model.sample import SampleBatch
from stripchart.peers.desk import Deed
from stripchart.peers.letters import Ask
from stripchart.profiles.library import ProfileLibrary, UnknownProfileError
from stripchart.profiles.problem import ProfileError
from stripchart.runtime.drivers import DriverFactory
from stripchart.runtime.plant import Plant


class Deeds:
    """Orders to one device are carried out one after another, whoever gives them."""

    def __init__(self, drivers: DriverFactory, plant: Plant, library: ProfileLibrary) -> None:
        self._drivers, self._plant, self._library = drivers, plant, library
        self._board = ModbusBoard(drivers.links)
        self._turns: dict[DeviceId, asyncio.Lock] = {}

    def all(self) -> dict[str, Deed]:
        """By what is asked."""
        return {
            "probe": self._probe,
            "preview": self._preview,
            "read_now": self._read_now,
            "plan": self._plan,
            "learn_again": self._learn_again,
            "write": self._write,
            "command": self._command,
            "reports": self._reports,
            "trace": self._trace,
            "capture": self._capture,
        }

    async def _probe(self, ask: Ask) -> Probe:
        return await self._drivers.probe((await self._known(ask)).device)

    async def _preview(self, ask: Ask) -> list[Probe]:
        device = _device(ask)
        return await self._drivers.preview(device, self._profile(device))

    async def _read_now(self, ask: Ask) -> SampleBatch:
        return await self._drivers.read_now((await self._known(ask)).device, ask.given["keys"])

    async def _plan(self, ask: Ask) -> ReadPlan:
        entry = await self._known(ask)
        return self._drivers.plans.plan(entry.device, entry.profile or self._profile(entry.device))

    async def _learn_again(self, ask: Ask) -> None:
        self._drivers.plans.learn_again((await self._known(ask)).device)

    async def _write(self, ask: Ask) -> Written:
        async with self._writer(ask) as writer:
            return await writer.write(ask.given["key"], ask.given["value"])

    async def _command(self, ask: Ask) -> Written:
        async with self._writer(ask) as writer:
            return await writer.command(ask.given["key"])

    async def _reports(self, _: Ask) -> list[LinkReport]:
        return self._board.own_reports(self._drivers.clock.now_ms())

    async def _trace(self, ask: Ask) -> list[TracedFrame]:
        link, after_ns = parse_link(ask.given["link"]), ask.given["after_ns"]
        return await self._board.trace(link, after_ns=after_ns, fault=ask.given["fault"])

    async def _capture(self, ask: Ask) -> bytes:
        return await self._board.capture(parse_link(ask.given["link"]), fault=ask.given["fault"])

    @contextlib.asynccontextmanager
    async def _writer(self, ask: Ask) -> AsyncIterator[Writer]:
        device = (await self._known(ask)).device
        async with self._turns.setdefault(device.id, asyncio.Lock()):
            writer: Writer = await self._drivers.open_writer(device)
            async with contextlib.aclosing(writer):
                yield writer

    async def _known(self, ask: Ask) -> RosterEntry:
        """The device as who asks knows it: what was changed lately is looked at first."""
        entry = self._plant.roster.get(_device(ask).id)
        if entry is None or entry.device != ask.device:
            await self._plant.refresh()
            entry = self._plant.roster.get(_device(ask).id)
        if entry is None:
            raise SetupError("the device is not there any more", cause=Cause(CauseCode.DEVICE_GONE))
        return entry

    def _profile(self, device: Device) -> Profile:
        try:
            return self._library.of(device)
        except (UnknownProfileError, ProfileError) as error:
            raise SetupError(str(error), cause=error.cause) from error


def _device(ask: Ask) -> Device:
    if ask.device is None:
        raise SetupError(f"{ask.what}: of which device is not said")
    return ask.device
