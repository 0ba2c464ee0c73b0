"""A command presses keys and lets them go, whatever happens; what it did is seen, not assumed."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

import pytest

from stripchart.drivers.base import DriverError, NoAnswerError, RefusedError
from stripchart.model.block import Block
from stripchart.model.command import Command, Expected, Step
from stripchart.model.encode import Value
from stripchart.model.order import WriteResult
from stripchart.model.point import DataType, Needed, Point, Table
from stripchart.simulator.behaviours.base import Behaviour
from tests.unit.drivers.desk import Desk

MODE = Point(key="mode", name={"en": "Mode"}, table=Table.HOLDING, address=1, type=DataType.UINT16)
LOST = NoAnswerError("unit 1: no reply within 0.1 s")
OFF, ON = "00 00", "ff 00"


class Panel:
    """A device with keys: each key that is pressed is the mode from then on."""

    extra: Sequence[Block] = (Block(Table.COIL, 0, 20),)

    def __init__(self) -> None:
        self.mode = 0.0

    def pass_time(self, seconds: float) -> None:
        return

    def advance(self, seconds: float) -> Mapping[str, Value]:
        return {"mode": self.mode}

    def written(self, table: Table, start: int, values: Sequence[int]) -> None:
        if values[0]:
            self.mode = float(start)

    def told(self, key: str, value: Value) -> None:
        return


def pulse(coil: int, hold_s: float = 0.0) -> tuple[Step, ...]:
    return (
        Step(Table.COIL, coil, 0),
        Step(Table.COIL, coil, 1, hold_s),
        Step(Table.COIL, coil, 0, ends_pulse=True),
    )


def a_command(*steps: Step, needs: Needed | None = None, expected: Expected | None = None) -> Command:
    return Command(key="go", name={"en": "Go"}, steps=steps, needs=needs, expected=expected)


class LivingDesk(Desk):
    """The panel shows at once what its keys did."""

    def __init__(self, command: Command, behaviour: Behaviour | None = None) -> None:
        super().__init__(MODE, commands=(command,), behaviour=behaviour or Panel())
        self.link.before_answer = self._live

    async def _live(self, _request: bytes) -> DriverError | None:
        asyncio.get_running_loop().call_soon(self.device.advance, 0.0)
        return None


def coils(desk: Desk) -> list[tuple[int, str]]:
    """Each coil that was written, and whether it was switched on or off."""
    return [(int(request[3:8].replace(" ", ""), 16), request[9:14]) for request in desk.link.written]


async def test_a_key_is_pressed_and_let_go_and_the_effect_is_seen() -> None:
    desk = LivingDesk(a_command(*pulse(4), expected=Expected("mode", (4,), within_s=5)))
    written = await desk.writer.command("go")
    assert (written.result, written.old, written.new) == (WriteResult.VERIFIED, 0.0, 4.0)
    assert coils(desk) == [(4, OFF), (4, ON), (4, OFF)]
    assert written.samples.value.tolist() == [4.0]


async def test_a_change_is_enough_where_the_key_switches_over() -> None:
    desk = LivingDesk(a_command(*pulse(5), expected=Expected("mode", within_s=5)))
    assert (await desk.writer.command("go")).result is WriteResult.VERIFIED


async def test_firmware_that_confirms_and_ignores_keys_is_found_out() -> None:
    desk = LivingDesk(a_command(*pulse(4), expected=Expected("mode", (4,), within_s=0)))
    desk.link.does = lambda request: False
    written = await desk.writer.command("go")
    assert (written.result, written.new) == (WriteResult.NOT_VERIFIED, 0.0)


async def test_without_anything_that_shows_it_a_command_is_not_verified() -> None:
    written = await LivingDesk(a_command(*pulse(12))).writer.command("go")
    assert written.result is WriteResult.NOT_VERIFIED
    assert "none of its points would show it" in written.message


async def test_a_command_that_would_not_be_obeyed_is_not_sent() -> None:
    desk = LivingDesk(a_command(*pulse(0), needs=Needed("mode", 3)))
    written = await desk.writer.command("go")
    assert written.result is WriteResult.REFUSED
    assert written.message == "not written: 'mode' must be 3 first, and it is 0"
    assert desk.link.written == []


async def test_a_refused_key_ends_the_command() -> None:
    desk = LivingDesk(a_command(*pulse(12), *pulse(4), expected=Expected("mode", (4,), within_s=0)))

    async def refuse(_request: bytes) -> DriverError | None:
        return RefusedError(1, Block(Table.COIL, 12, 13), 2)

    desk.link.before_answer = refuse
    written = await desk.writer.command("go")
    assert written.result is WriteResult.REFUSED
    assert "illegal data address" in written.message
    assert coils(desk) == [(12, OFF)]


async def test_a_key_whose_press_was_lost_is_let_go_all_the_same() -> None:
    desk = LivingDesk(a_command(*pulse(4), *pulse(7), expected=Expected("mode", (7,), within_s=0)))

    async def lose_the_press(request: bytes) -> DriverError | None:
        desk.device.advance(0)
        return LOST if request[3] else None

    desk.link.before_answer = lose_the_press
    written = await desk.writer.command("go")
    assert coils(desk) == [(4, OFF), (4, ON), (4, OFF)]
    assert written.result is WriteResult.FAILED
    assert "no reply within 0.1 s; it still shows" in written.message


async def test_letting_go_is_tried_again_when_it_is_lost() -> None:
    desk = LivingDesk(a_command(*pulse(4), expected=Expected("mode", (4,), within_s=5)))
    lost = [False, False, True, True, False]

    async def lose(_request: bytes) -> DriverError | None:
        asyncio.get_running_loop().call_soon(desk.device.advance, 0.0)
        return LOST if lost.pop(0) else None

    desk.link.before_answer = lose
    assert (await desk.writer.command("go")).result is WriteResult.VERIFIED
    assert coils(desk) == [(4, OFF), (4, ON), (4, OFF), (4, OFF), (4, OFF)]


async def test_an_operator_who_leaves_leaves_no_key_pressed() -> None:
    desk = LivingDesk(a_command(*pulse(4, hold_s=30)))
    pressed = asyncio.Event()

    async def note(request: bytes) -> DriverError | None:
        if request[3]:
            pressed.set()
        return None

    desk.link.before_answer = note
    doing = asyncio.ensure_future(desk.writer.command("go"))
    async with asyncio.timeout(5):
        await pressed.wait()
        doing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await doing
    assert coils(desk)[-1] == (4, OFF)


async def test_registers_and_coils_are_set_in_their_order() -> None:
    command = a_command(Step(Table.HOLDING, 1, 318), Step(Table.COIL, 5, 1))
    desk = LivingDesk(command)
    await desk.writer.command("go")
    assert desk.link.written == ["06 00 01 01 3e", "05 00 05 ff 00"]


async def test_an_unknown_command_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        await LivingDesk(a_command(*pulse(1))).writer.command("come")
