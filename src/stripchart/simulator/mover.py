"""What makes a running simulator move: plant time, and faults that come and go."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.faults import ScheduledFault

STEP_S = 0.25
"""Real time between two movements."""

_LONGEST_STEP_S = 2.0
"""After the machine slept, plant time goes on where it was and does not catch up."""


@asynccontextmanager
async def moving(
    advance: Callable[[float], None],
    speed: float,
    *,
    devices: Mapping[int, SimulatedDevice] | None = None,
    faults: Iterable[ScheduledFault] = (),
) -> AsyncIterator[None]:
    """Call `advance(seconds of plant time)` while the body runs, `speed` times as fast as real time.

    `faults` come and go on `devices` (by unit id). A mistake in the physics is raised when the body ends, and told to
    the loop's exception handler at once.
    """
    tasks = [asyncio.create_task(_advance_for_ever(advance, speed), name="plant time")]
    for fault in faults:
        device = (devices or {})[fault.unit_id]
        tasks.append(asyncio.create_task(_come_and_go(device, fault), name=f"fault of unit {fault.unit_id}"))
    for task in tasks:
        task.add_done_callback(_tell)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _advance_for_ever(advance: Callable[[float], None], speed: float) -> None:
    loop = asyncio.get_running_loop()
    before = loop.time()
    while True:
        await asyncio.sleep(STEP_S)
        now = loop.time()
        advance(min(now - before, _LONGEST_STEP_S) * speed)
        before = now


async def _come_and_go(device: SimulatedDevice, fault: ScheduledFault) -> None:
    await asyncio.sleep(fault.start_s)
    device.fault = fault.fault
    if fault.duration_s is None:
        return
    await asyncio.sleep(fault.duration_s)
    if device.fault is fault.fault:
        device.fault = None


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (bug := task.exception()):
        task.get_loop().call_exception_handler(
            {"message": f"the simulator's {task.get_name()} has stopped", "exception": bug, "task": task}
        )
