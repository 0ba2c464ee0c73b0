"""What the API asks about read plans, whatever the protocol."""

from typing import Protocol

from stripchart.model.device import Device
from stripchart.model.profile import Profile
from stripchart.model.read_plan import ReadPlan


class PlanBoard(Protocol):
    """The read plans of all devices, polled or not."""

    async def plan(self, device: Device, profile: Profile) -> ReadPlan:
        """How the device is read now. Raises DriverError."""

    async def learn_again(self, device: Device) -> None:
        """Forget what was learned of the device, and begin anew with its profile. Raises DriverError."""
