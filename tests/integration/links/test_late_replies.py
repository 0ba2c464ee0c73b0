"""Lines without transaction numbers, on which replies come late: after any time, none is taken for another's."""

import asyncio

import pytest

from stripchart.drivers.base import NoAnswerError
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.model.device import Framing
from stripchart.model.profile import Pacing
from stripchart.wire.pdu import Request
from tests.integration.links.peers import HASTY, PATIENT, Line, linked, registers, rtu_words, station

FRAMING = Framing.RTU_OVER_TCP


class SlowUnits:
    """Units that answer each with its own address and how many requests came before; when, the test says.

    As units on a line do, they answer in the order in which they were asked. Requests in `lost` never come; `deaf`:
    nor do those that come while one waits for its answer.
    """

    def __init__(self, *, lost: tuple[int, ...] = (), deaf: bool = False) -> None:
        self.asked: list[tuple[int, Request]] = []
        self.answering, self.all_answered = asyncio.Event(), asyncio.Event()
        self._lost, self._deaf = lost, deaf
        self._waiting: asyncio.Queue[tuple[int, int, Request]] = asyncio.Queue()
        self._busy = 0

    async def __call__(self, line: Line) -> None:
        answers = asyncio.create_task(self._answer(line))
        try:
            while True:
                unit, request = await line.rtu_request()
                number = len(self.asked)
                self.asked.append((unit, request))
                if number not in self._lost and not (self._deaf and self._busy):
                    self._busy += 1
                    self._waiting.put_nowait((number, unit, request))
        finally:
            answers.cancel()

    async def _answer(self, line: Line) -> None:
        while True:
            number, unit, request = await self._waiting.get()
            await self.answering.wait()
            addresses = range(request.start, request.start + request.count)
            self._busy -= 1
            await line.send(rtu_words(unit, *(address + 1000 * number for address in addresses)))

    @property
    def sizes(self) -> list[int]:
        return [request.count for _, request in self.asked]


async def _silence(link: ModbusLink, start: int = 0, unit: int = 1) -> None:
    with pytest.raises(NoAnswerError):
        await link.read(unit, registers(start, 4), HASTY)


async def test_a_late_reply_is_not_taken_for_other_registers_however_late_it_is() -> None:
    units = SlowUnits()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        await asyncio.sleep(3 * HASTY.timeout_s)
        second = asyncio.create_task(link.read(1, registers(50, 4), PATIENT))
        while len(units.asked) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        units.answering.set()
        assert (await second).tolist() == [2050, 2051, 2052, 2053]
        assert units.sizes[0] == units.sizes[2] != units.sizes[1]
        assert link.counters.late == 1


async def test_while_the_unit_is_silent_nothing_is_asked_that_a_late_reply_could_pass_for() -> None:
    units = SlowUnits()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        with pytest.raises(
            NoAnswerError, match=r"holding 50\.\.53: not sent, a late reply could be mistaken"
        ) as failed:
            await link.read(1, registers(50, 4), HASTY)
        assert failed.value.cause.code == "late_reply"
        assert {request.start for _, request in units.asked} == {0, 50}
        assert not any(request == Request(3, 50, 4) for _, request in units.asked)
        units.answering.set()
        assert (await link.read(1, registers(50, 4), PATIENT)).tolist()[1] % 1000 == 51


async def test_a_request_that_got_lost_costs_one_short_read_and_no_waiting() -> None:
    units = SlowUnits(lost=(1,))
    units.answering.set()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await link.read(1, registers(90, 1), PATIENT)
        await _silence(link)
        assert (await link.read(1, registers(50, 4), PATIENT)).tolist() == [3050, 3051, 3052, 3053]
        assert (await link.read(1, registers(60, 4), PATIENT)).tolist() == [4060, 4061, 4062, 4063]
        assert units.sizes == [1, 4, 1, 4, 4]


async def test_a_reply_of_another_length_settles_the_matter() -> None:
    units = SlowUnits(lost=(0,))
    units.answering.set()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        await link.read(1, registers(90, 2), PATIENT)
        await link.read(1, registers(50, 4), PATIENT)
        assert units.sizes == [4, 2, 4]


async def test_the_reply_to_the_first_request_may_answer_a_retry_but_the_retrys_own_answers_nothing_else() -> None:
    units = SlowUnits()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        retry = asyncio.create_task(link.read(1, registers(0, 4), Pacing(timeout_s=5.0)))
        while len(units.asked) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        units.answering.set()
        assert (await retry).tolist() == [0, 1, 2, 3]
        values = (await link.read(1, registers(50, 4), PATIENT)).tolist()
        assert [value % 1000 for value in values] == [50, 51, 52, 53]


async def test_the_same_registers_asked_for_long_ago_are_not_shown_as_of_now() -> None:
    units = SlowUnits()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        await asyncio.sleep(3 * HASTY.timeout_s)
        units.answering.set()
        values = (await link.read(1, registers(0, 4), HASTY)).tolist()
        assert values[0] >= 1000


async def test_a_unit_that_hears_nothing_while_it_is_busy_is_asked_as_soon_as_its_late_reply_came() -> None:
    units = SlowUnits(deaf=True)
    pacing = Pacing(timeout_s=0.3, retries=100)
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        second = asyncio.create_task(link.read(1, registers(50, 4), pacing))
        while len(units.asked) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        units.answering.set()
        assert (await second).tolist() == [2050, 2051, 2052, 2053]


async def test_a_late_reply_of_one_unit_is_no_matter_for_another() -> None:
    units = SlowUnits(lost=(0,))
    units.answering.set()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        assert (await link.read(2, registers(50, 4), PATIENT)).tolist() == [1050, 1051, 1052, 1053]
        assert units.sizes == [4, 4]


async def test_a_late_reply_that_came_meanwhile_leaves_nothing_to_ask_about() -> None:
    units = SlowUnits()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        units.answering.set()
        await link.read(2, registers(0, 1), PATIENT)
        assert (await link.read(1, registers(50, 4), PATIENT)).tolist() == [2050, 2051, 2052, 2053]
        assert units.sizes == [4, 1, 4]
        assert link.counters.late == 1


async def test_a_new_connection_does_not_make_a_late_reply_forgotten() -> None:
    """Some converters hand what the line says to whoever is connected."""
    units = SlowUnits(lost=(0,))
    units.answering.set()
    async with station(units) as far, linked(FRAMING, far.port) as link:
        await _silence(link)
        link.connection.drop()
        assert (await link.read(1, registers(50, 4), PATIENT)).tolist() == [2050, 2051, 2052, 2053]
        assert units.sizes[1] != 4
