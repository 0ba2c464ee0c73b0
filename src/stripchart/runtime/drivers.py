"""Which driver reads and writes a device: the one place that picks them."""

from collections.abc import Sequence

import numpy as np

from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import Driver, SetupError, Writer
from stripchart.drivers.modbus.compiled import CompiledProfile, compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.glance import OperatedUnit, look_at
from stripchart.drivers.modbus.links import Links
from stripchart.drivers.modbus.plans import Memory, ModbusPlans
from stripchart.drivers.modbus.preview import preview
from stripchart.drivers.modbus.probe import probe
from stripchart.drivers.modbus.writer import ModbusWriter
from stripchart.drivers.probe import Probe
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device
from stripchart.model.profile import Profile
from stripchart.model.sample import SampleBatch
from stripchart.model.time import Clock
from stripchart.polling.feasibility import Load, PlannedRead, load_of

_PROBE_WITHIN_S = 10.0


class DriverFactory:
    """Makes drivers. Devices of one profile share its compiled form; devices of one address share the link."""

    def __init__(self, links: Links, clock: Clock, memory: Memory, attempts: int) -> None:
        """`attempts`: how often what is read in between polls is asked for."""
        self.links, self._attempts = links, attempts
        self.plans = ModbusPlans(memory, self._compile)
        self.clock = clock
        self._entries: dict[int, RosterEntry] = {}
        self._compiled: dict[str, CompiledProfile] = {}

    def know(self, entries: dict[int, RosterEntry]) -> None:
        """The devices as they are configured now."""
        self._entries = entries
        for entry in entries.values():
            self.plans.change(entry.device)

    async def open(self, device: Device) -> Driver:
        """Raises SetupError when the device's profile cannot be used."""
        entry = self._entries.get(device.id)
        if entry is None or entry.profile is None:
            problem = entry.problem if entry else None
            raise SetupError(problem or f"profile {device.profile!r} cannot be used", cause=_why_not(entry))
        compiled = self._compile(entry.profile)
        driver = ModbusDriver(
            self.links.acquire(device.link),
            device.unit_id,
            compiled,
            entry.point_ids,
            clock=self.clock,
            release=lambda: self._release(device),
        )
        self.plans.begin(device, driver)
        return driver

    async def open_writer(self, device: Device) -> Writer:
        """Raises SetupError when the device's profile cannot be used."""
        return ModbusWriter(self._operated(device), release=lambda: self._release_written(device))

    async def probe(self, device: Device) -> Probe:
        """One value of the device, read before its polls. Raises SetupError when its profile cannot be used."""
        unit = self._operated(device)
        try:
            return await probe(unit, _PROBE_WITHIN_S)
        finally:
            await self.links.release(device.link)

    async def preview(self, device: Device, profile: Profile) -> list[Probe]:
        """What a device that is not saved says, over a link that others may share."""
        link = self.links.acquire(device.link)
        try:
            ids = np.arange(len(profile.points), dtype=np.int32)
            return await preview(OperatedUnit(link, device.unit_id, profile, ids, self.clock), _PROBE_WITHIN_S)
        finally:
            await self.links.release(device.link)

    async def read_now(self, device: Device, keys: Sequence[str]) -> SampleBatch:
        """These points, over the link the device is polled over. Raises DriverError."""
        unit = self._operated(device)
        try:
            seen = await look_at(unit, keys, attempts=self._attempts, together=True)
        finally:
            await self.links.release(device.link)
        return seen.samples

    def _operated(self, device: Device) -> OperatedUnit:
        """The device with its link, which the caller gives back."""
        entry = self._entries.get(device.id)
        if entry is None or entry.profile is None:
            problem = entry.problem if entry else None
            raise SetupError(problem or f"{device.name} is not there any more", cause=_why_not(entry))
        link = self.links.acquire(device.link)
        return OperatedUnit(link, device.unit_id, entry.profile, entry.point_ids, self.clock)

    async def _release_written(self, device: Device) -> None:
        self.plans.written(device)
        await self.links.release(device.link)

    async def _release(self, device: Device) -> None:
        self.plans.end(device)
        await self.links.release(device.link)

    def load(self, device: Device, profile: Profile) -> Load:
        """What reading the device takes of its link."""
        reads = [PlannedRead(read.group, read.blocks) for read in self._compile(profile).reads]
        return load_of(device.name, device.interval_s, reads, profile.pacing, device.link)

    def _compile(self, profile: Profile) -> CompiledProfile:
        compiled = self._compiled.get(profile.key)
        if compiled is None or compiled.profile is not profile:
            compiled = self._compiled[profile.key] = compile_profile(profile)
        return compiled


def _why_not(entry: RosterEntry | None) -> Cause:
    """Why a device without a profile cannot be used."""
    return Cause(CauseCode.DEVICE_GONE) if entry is None else entry.cause or Cause()
