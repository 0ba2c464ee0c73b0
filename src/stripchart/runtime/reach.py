"""Reach: devices wherever they are polled, in this process or in another."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stripchart.drivers.base import Writer
from stripchart.drivers.modbus.board import ModbusBoard
from stripchart.drivers.probe import Probe
from stripchart.drivers.report import LinkReport, TracedFrame
from stripchart.model.device import Device, LinkAddress
from stripchart.model.profile import Profile
from stripchart.model.read_plan import ReadPlan
from stripchart.model.sample import SampleBatch
from stripchart.peers.errors import NobodyError, NoWordError
from stripchart.runtime.drivers import DriverFactory
from stripchart.runtime.sharing import Sharing

if TYPE_CHECKING:
    from stripchart.peers.remote import Remote


class Reach:
    """Asks here what this process may use, and `remote` for the rest; without one everything is here."""

    def __init__(self, drivers: DriverFactory, sharing: Sharing, remote: "Remote | None") -> None:
        self._drivers, self._sharing, self._remote = drivers, sharing, remote
        self._board = ModbusBoard(drivers.links)

    async def probe(self, device: Device) -> Probe:
        """One value of the device. Raises SetupError."""
        return await (self._elsewhere(device.link) or self._drivers).probe(device)

    async def preview(self, device: Device, profile: Profile) -> list[Probe]:
        """What a device that is not saved says. Raises DriverError."""
        return await (self._elsewhere(device.link) or self._drivers).preview(device, profile)

    async def read_now(self, device: Device, keys: Sequence[str]) -> SampleBatch:
        """These points. Raises DriverError."""
        return await (self._elsewhere(device.link) or self._drivers).read_now(device, keys)

    async def open_writer(self, device: Device) -> Writer:
        """Raises SetupError."""
        return await (self._elsewhere(device.link) or self._drivers).open_writer(device)

    async def plan(self, device: Device, profile: Profile) -> ReadPlan:
        """How the device is read now; while nobody reads it, how it would be."""
        remote = self._elsewhere(device.link)
        if remote is not None:
            try:
                return await remote.plan(device)
            except (NobodyError, NoWordError):
                pass
        return self._drivers.plans.plan(device, profile)

    async def learn_again(self, device: Device) -> None:
        """Raises DriverError."""
        remote = self._elsewhere(device.link)
        if remote is None:
            self._drivers.plans.learn_again(device)
        else:
            await remote.learn_again(device)

    def own_reports(self, now_ms: int) -> list[LinkReport]:
        return self._board.own_reports(now_ms)

    async def reports(self, now_ms: int) -> list[LinkReport]:
        """All links, by address; of those of collectors that do not answer, none."""
        if self._remote is None:
            return self._board.own_reports(now_ms)
        found = {str(report.address): report for report in await self._remote.reports()}
        return [found[address] for address in sorted(found)]

    async def trace(self, address: LinkAddress, *, after_ns: int = 0, fault: int | None = None) -> list[TracedFrame]:
        return await (self._elsewhere(address) or self._board).trace(address, after_ns=after_ns, fault=fault)

    async def capture(self, address: LinkAddress, *, fault: int | None = None) -> bytes:
        return await (self._elsewhere(address) or self._board).capture(address, fault=fault)

    def _elsewhere(self, link: LinkAddress) -> "Remote | None":
        return None if self._sharing.may_use(link) else self._remote
