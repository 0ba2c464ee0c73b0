"""Preview: a device that is not saved yet, looked at to see whether it is what it was taken for."""

import asyncio
from collections.abc import Sequence

from stripchart.drivers.base import DriverError
from stripchart.drivers.modbus.glance import OperatedUnit, look_at
from stripchart.drivers.modbus.probe import failed, heard, no_answer, telling_point
from stripchart.drivers.probe import Probe
from stripchart.model.profile import Profile

_MOST = 12


async def preview(unit: OperatedUnit, within_s: float) -> list[Probe]:
    """Read the points of the device's tile, each by itself. Failures are in what comes back, never raised.

    While the first does not answer the others are not asked: nobody is there. What is not read in time is left out.
    """
    seen: list[Probe] = []
    keys = previewed(unit.profile)
    try:
        async with asyncio.timeout(within_s):
            for key in keys:
                seen.append(await _look(unit, key))
                if len(seen) == 1 and seen[0].error is not None:
                    return seen
    except TimeoutError:
        if not seen:
            return [failed(keys[0], no_answer(within_s))]
    return seen


def previewed(profile: Profile) -> Sequence[str]:
    """Keys of the points that stand for the device, the one to ask first at the start."""
    first = telling_point(profile)
    keys = profile.overview or tuple(point.key for point in profile.points)
    return [first, *(key for key in keys if key != first)][:_MOST]


async def _look(unit: OperatedUnit, key: str) -> Probe:
    try:
        seen = await look_at(unit, [key])
    except DriverError as error:
        return failed(key, error)
    return heard(unit, key, seen)
