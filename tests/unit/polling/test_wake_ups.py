"""Many wait for one slot, and each of them by itself."""

import asyncio

from stripchart.polling.wake_ups import WakeUps, wake
from tests.unit.polling.turned import TurnedClock, turned_loop


def test_all_who_wait_for_a_slot_are_woken_when_it_comes_and_others_later() -> None:
    with turned_loop() as (loop, clock):

        async def scenario() -> list[tuple[str, int]]:
            wake_ups, now_ns = WakeUps(clock), clock.monotonic_ns()
            woken: list[tuple[str, int]] = []
            waits = {"early": 50, "also early": 50, "late": 80, "past": -5}
            waiting = [wait(wake_ups, now_ns, name, ms, woken) for name, ms in waits.items()]
            await asyncio.gather(*waiting)
            return woken

        async def wait(wake_ups: WakeUps, now_ns: int, name: str, ms: int, woken: list[tuple[str, int]]) -> None:
            await wake_ups.at(now_ns + ms * 1_000_000)
            woken.append((name, (clock.monotonic_ns() - now_ns) // 1_000_000))

        assert loop.run_until_complete(scenario()) == [("past", 0), ("early", 50), ("also early", 50), ("late", 80)]


def test_who_gives_up_or_is_woken_before_keeps_nobody_else_from_waking() -> None:
    with turned_loop() as (loop, clock):
        assert loop.run_until_complete(_woken_one_by_one(clock))


async def _woken_one_by_one(clock: TurnedClock) -> bool:
    wake_ups, slot_ns = WakeUps(clock), clock.monotonic_ns() + 50_000_000
    given_up, woken_before, waiting = (wake_ups.at(slot_ns) for _ in range(3))
    given_up.cancel()
    wake(woken_before)
    await woken_before
    assert clock.monotonic_ns() < slot_ns
    assert not waiting.done()
    await waiting
    return clock.monotonic_ns() >= slot_ns
