"""Reading one point of a device outside its polls, over the same link; nothing of it is stored."""

import asyncio

from stripchart.drivers.base import DriverError, NoAnswerError
from stripchart.drivers.modbus.glance import OperatedUnit, Seen, look_at
from stripchart.drivers.probe import Probe
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.point import DataType
from stripchart.model.profile import Profile
from stripchart.model.quality import Quality


async def probe(unit: OperatedUnit, within_s: float) -> Probe:
    """Read the first point of the device's tile. Failures of the device are in what comes back, never raised.

    A link or unit that is not asked right now, because it was silent, is waited for.
    """
    key, problem = telling_point(unit.profile), no_answer(within_s)
    try:
        async with asyncio.timeout(within_s):
            while True:
                try:
                    seen = await look_at(unit, [key])
                    break
                except DriverError as error:
                    if error.retry_in_s <= 0:
                        raise
                    problem = error
                    await asyncio.sleep(error.retry_in_s)
    except TimeoutError:
        return failed(key, problem)
    except DriverError as error:
        return failed(key, error)
    return heard(unit, key, seen)


def heard(unit: OperatedUnit, key: str, seen: Seen) -> Probe:
    """What the point said."""
    value = seen.values.get(key)
    if isinstance(value, str):
        return Probe(key, None, value, Quality.GOOD, None)
    own = seen.samples.point_id == unit.point_ids[unit.place(key)]
    return Probe(key, value, None, Quality(int(seen.samples.quality[own][0])), None)


def failed(key: str, error: DriverError) -> Probe:
    """Why the point could not be read."""
    return Probe(key, None, None, None, str(error), error.cause)


def no_answer(within_s: float) -> DriverError:
    """Nothing came in that time."""
    return NoAnswerError(f"no answer within {within_s:g} s", cause=Cause(CauseCode.NO_ANSWER, {"limit_s": within_s}))


def telling_point(profile: Profile) -> str:
    """Key of the point that stands for the device: the first of its tile, else its first number."""
    numbers = [point.key for point in profile.points if point.type is not DataType.STRING]
    tile = [key for key in profile.overview if key in numbers]
    return (tile or numbers or [point.key for point in profile.points])[0]
