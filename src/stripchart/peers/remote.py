"""Remote: devices that another process polls, as if they were polled here."""

from collections.abc import Sequence
from typing import Any, cast

from stripchart.drivers.base import DriverError, SetupError, Writer
from stripchart.drivers.probe import Probe
from stripchart.drivers.report import LinkReport, TracedFrame, UnknownTraceError
from stripchart.model.device import Device, LinkAddress
from stripchart.model.facts import Facts
from stripchart.model.order import WriteResult, Written
from stripchart.model.profile import Profile
from stripchart.model.read_plan import ReadPlan
from stripchart.model.sample import SampleBatch
from stripchart.peers.asker import Asker
from stripchart.peers.errors import NobodyError, NoWordError
from stripchart.peers.letters import Ask

_READ_WITHIN_S = 20.0
_TOLD_WITHIN_S = 3.0
_WRITE_WITHIN_S = 600.0


class Remote:
    """Whatever is asked of a device or link goes to the collector that holds it."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    async def probe(self, device: Device) -> Probe:
        """One value of the device. Raises SetupError."""
        try:
            return cast("Probe", await self._asker.ask(_about("probe", device), _READ_WITHIN_S))
        except DriverError as error:
            raise SetupError(str(error), cause=error.cause) from error

    async def preview(self, device: Device, _profile: Profile) -> list[Probe]:
        """What a device that is not saved says. Raises DriverError."""
        return cast("list[Probe]", await self._asker.ask(_about("preview", device), _READ_WITHIN_S))

    async def read_now(self, device: Device, keys: Sequence[str]) -> SampleBatch:
        """These points. Raises DriverError."""
        ask = _about("read_now", device, keys=list(keys))
        return cast("SampleBatch", await self._asker.ask(ask, _READ_WITHIN_S))

    async def open_writer(self, device: Device) -> Writer:
        return RemoteWriter(self._asker, device)

    async def plan(self, device: Device) -> ReadPlan:
        """How the device is read now. Raises DriverError."""
        return cast("ReadPlan", await self._asker.ask(_about("plan", device), _TOLD_WITHIN_S))

    async def learn_again(self, device: Device) -> None:
        """Forget what was learned of the device. Raises DriverError."""
        await self._asker.ask(_about("learn_again", device), _TOLD_WITHIN_S)

    async def reports(self) -> list[LinkReport]:
        """Of the links of all collectors that answer."""
        told = await self._asker.everybody(Ask(0, "", "reports", "", None, None, {}), _TOLD_WITHIN_S)
        return [report for each in told for report in each]

    async def trace(self, address: LinkAddress, *, after_ns: int = 0, fault: int | None = None) -> list[TracedFrame]:
        """Raises UnknownTraceError."""
        return cast("list[TracedFrame]", await self._traced("trace", address, after_ns=after_ns, fault=fault))

    async def capture(self, address: LinkAddress, *, fault: int | None = None) -> bytes:
        """Raises UnknownTraceError."""
        return cast("bytes", await self._traced("capture", address, fault=fault))

    async def _traced(self, what: str, address: LinkAddress, **given: int | None) -> Any:
        ask = Ask(0, "", what, address.end, None, None, {"link": str(address), **given})
        try:
            return await self._asker.ask(ask, _TOLD_WITHIN_S)
        except DriverError as error:
            raise UnknownTraceError(str(error)) from error


class RemoteWriter:
    """A device that another process writes to."""

    def __init__(self, asker: Asker, device: Device) -> None:
        self._asker, self._device = asker, device

    async def write(self, key: str, value: float | str) -> Written:
        """Have it written, and read back."""
        return await self._done(_about("write", self._device, key=key, value=value))

    async def command(self, key: str) -> Written:
        """Have the command done."""
        return await self._done(_about("command", self._device, key=key))

    async def aclose(self) -> None:
        """There is nothing to give back."""

    async def _done(self, ask: Ask) -> Written:
        try:
            return cast("Written", await self._asker.ask(ask, _WRITE_WITHIN_S))
        except NoWordError as error:
            message = f"{error}: it may have been done all the same"
            return Written(WriteResult.FAILED, message=message, code="no_word", facts=_cause_of(error))
        except (NobodyError, SetupError) as error:
            message = f"nothing was sent: {error}"
            return Written(WriteResult.FAILED, message=message, code="nothing_sent", facts=_cause_of(error))
        except DriverError as error:
            return Written(WriteResult.FAILED, message=str(error), code="failed", facts=_cause_of(error))


def _cause_of(error: DriverError) -> Facts:
    return error.cause.told(str(error))


def _about(what: str, device: Device, **given: Any) -> Ask:
    return Ask(0, "", what, device.link.end, None, device, given)
