"""The read plans of all Modbus devices: each driver begins with what is remembered, and what it learns is kept."""

from collections.abc import Callable
from typing import Protocol

from stripchart.drivers.modbus.compiled import CompiledProfile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.read_plan import read_plan
from stripchart.model.device import Device, DeviceId
from stripchart.model.limits import Limits
from stripchart.model.profile import Profile
from stripchart.model.read_plan import ReadPlan


class Memory(Protocol):
    """Where limits are remembered."""

    def of(self, device: Device) -> Limits: ...

    def keep(self, device: Device, limits: Limits) -> None: ...

    def forget(self, device_id: DeviceId) -> None: ...


class ModbusPlans:
    """`compiled` gives the compiled form of a profile."""

    def __init__(self, memory: Memory, compiled: Callable[[Profile], CompiledProfile]) -> None:
        self._memory, self._compiled = memory, compiled
        self._drivers: dict[DeviceId, ModbusDriver] = {}

    def begin(self, device: Device, driver: ModbusDriver) -> None:
        """The driver is about to poll the device."""
        self._drivers[device.id] = driver
        self._start(device, driver, self._memory.of(device))

    def change(self, device: Device) -> None:
        """The device as it is configured now; learning takes part of its new interval."""
        driver = self._drivers.get(device.id)
        if driver is not None:
            driver.change_interval(device.interval_s)

    def end(self, device: Device) -> None:
        """Nobody polls the device any more."""
        self._drivers.pop(device.id, None)

    def plan(self, device: Device, profile: Profile) -> ReadPlan:
        """How the device is read now."""
        driver = self._drivers.get(device.id)
        if driver is None:
            return read_plan(self._compiled(profile), self._memory.of(device))
        return read_plan(driver.compiled, driver.limits, driver.round_trip)

    def written(self, device: Device) -> None:
        """Something of the device was changed."""
        driver = self._drivers.get(device.id)
        if driver is not None:
            driver.note_written()

    def learn_again(self, device: Device) -> None:
        """Forget what was learned of the device, and begin anew with its profile."""
        self._memory.forget(device.id)
        driver = self._drivers.get(device.id)
        if driver is not None:
            self._start(device, driver, Limits())

    def _start(self, device: Device, driver: ModbusDriver, limits: Limits) -> None:
        driver.begin_with(limits, lambda learned: self._memory.keep(device, learned), device.interval_s)
