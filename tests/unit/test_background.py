"""Work beside a context: done while it is open, ended when it is left."""

import asyncio

import pytest

from stripchart.background import in_background


async def test_work_goes_on_while_the_context_is_open_and_has_ended_when_it_is_left() -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    async def use() -> None:
        async with in_background({"work": work()}):
            await began.wait()
            assert "work" in {task.get_name() for task in asyncio.all_tasks()}
            raise ValueError("of the context")

    async with asyncio.timeout(5):
        with pytest.raises(ValueError, match="of the context"):
            await use()
    assert ended.is_set()


async def test_work_that_fails_ends_neither_the_context_nor_other_work() -> None:
    turns = asyncio.Queue[int](1)

    async def fail() -> None:
        raise ValueError("of the work")

    async def go_on() -> None:
        for turn in range(3):
            await turns.put(turn)

    async with asyncio.timeout(5), in_background({"fail": fail(), "go on": go_on()}):
        assert [await turns.get() for _ in range(3)] == [0, 1, 2]
