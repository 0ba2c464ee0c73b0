"""However many want to send, others have their turn in between."""

import asyncio

from stripchart.api.turns import Turns


async def test_between_any_two_turns_everybody_else_has_one() -> None:
    turns, log = Turns(), list[str]()

    async def sender(name: str) -> None:
        for _ in range(3):
            await turns.mine()
            log.append(name)

    async def poller() -> None:
        while True:
            log.append("poll")
            await asyncio.sleep(0)

    polling = asyncio.create_task(poller())
    async with asyncio.timeout(10):
        await asyncio.gather(*(sender(str(number)) for number in range(20)))
    polling.cancel()
    sent = [each for each in log if each != "poll"]
    assert sent == [str(number) for _ in range(3) for number in range(20)], "in the order in which they came"
    between = "".join("p" if each == "poll" else "s" for each in log)
    assert "ss" not in between


async def test_who_leaves_while_waiting_keeps_nobody_up() -> None:
    turns = Turns()
    waiting = [asyncio.create_task(turns.mine()) for _ in range(5)]
    await asyncio.sleep(0)
    for task in waiting[:4]:
        task.cancel()
    async with asyncio.timeout(10):
        await asyncio.gather(*waiting, return_exceptions=True)
        await turns.mine()
    assert waiting[4].exception() is None
