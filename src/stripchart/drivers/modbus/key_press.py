"""Key presses: the steps of a command. A key that was pressed is let go, whatever happens."""

import asyncio
from collections.abc import Sequence

from stripchart.drivers.base import DriverError
from stripchart.drivers.modbus.glance import OperatedUnit
from stripchart.drivers.modbus.write_request import step_request
from stripchart.model.command import Step

_RELEASE_ATTEMPTS = 3
"""To switch off a coil that is off does nothing, so this may be sent again; a stuck key is worse."""


async def press(unit: OperatedUnit, steps: Sequence[Step]) -> DriverError | None:
    """Send the steps. After a failure, only what lets go of a key is sent. Returns the first failure."""
    failure: DriverError | None = None
    pressed: dict[int, Step] = {}
    try:
        for step, end in zip(steps, _ends(steps), strict=True):
            if failure is not None:
                break
            if step.ends_pulse and step.address in pressed:
                failure = await _let_go(unit, pressed.pop(step.address))
            else:
                if end is not None:
                    pressed[step.address] = end
                failure = await _send(unit, step)
            await asyncio.sleep(step.wait_s if failure is None or end is not None else 0)
    finally:
        stuck = [await _let_go(unit, end) for end in pressed.values()]
    return failure or next((each for each in stuck if each is not None), None)


def _ends(steps: Sequence[Step]) -> list[Step | None]:
    """For each step, the one that lets go of the key that it presses."""
    found: list[Step | None] = []
    for number, step in enumerate(steps):
        following = steps[number + 1] if number + 1 < len(steps) else None
        is_pressed = following is not None and following.ends_pulse and following.address == step.address
        found.append(following if is_pressed and step.value else None)
    return found


async def _let_go(unit: OperatedUnit, step: Step) -> DriverError | None:
    failure = None
    for _ in range(_RELEASE_ATTEMPTS):
        failure = await _send(unit, step)
        if failure is None:
            return None
    return failure


async def _send(unit: OperatedUnit, step: Step) -> DriverError | None:
    block, request = step_request(step)
    try:
        await unit.link.write(unit.unit_id, block, unit.profile.pacing, request)
    except DriverError as error:
        return error
    return None
