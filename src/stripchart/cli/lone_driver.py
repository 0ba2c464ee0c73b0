"""A driver of a device that no catalog knows, over a link of its own."""

import numpy as np

from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.links import Links
from stripchart.model.device import LinkAddress
from stripchart.model.profile import Profile
from stripchart.model.time import SystemClock


def lone_driver(address: LinkAddress, unit_id: int, profile: Profile) -> ModbusDriver:
    """Its points have the ids 0, 1, 2... in the order of the profile; closing it closes the link."""
    links = Links()
    return ModbusDriver(
        links.acquire(address),
        unit_id,
        compile_profile(profile),
        np.arange(len(profile.points), dtype=np.int32),
        clock=SystemClock(),
        release=lambda: links.release(address),
    )
