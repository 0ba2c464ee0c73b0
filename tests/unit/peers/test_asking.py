"""A collector is asked for what it holds; whoever asks has an answer, or is told why there is none."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace

import pytest

from stripchart.bus.base import BusError
from stripchart.drivers.base import LinkDownError, NoAnswerError, NotHeldError
from stripchart.drivers.probe import Probe
from stripchart.model.device import Device, DeviceId, SiteId, parse_link
from stripchart.model.order import WriteResult, Written
from stripchart.peers.asker import Asker
from stripchart.peers.desk import Deed, Desk
from stripchart.peers.errors import NobodyError, NoWordError
from stripchart.peers.letters import Ask
from stripchart.peers.remote import Remote
from stripchart.polling.lease_store import CollectorInfo
from stripchart.polling.leases import Leases
from tests.unit.polling.lease_shelf import Shelf, Way

LINK = parse_link("tcp://10.0.0.1:502")
DEVICE = Device(id=DeviceId(1), site_id=SiteId(1), name="D", link=LINK, unit_id=1, profile="p", interval_s=1)
SEEN = Probe("speed", 1.5, None, None, None)
LIMIT_S = 20.0


class Office:
    """Post and holders in memory."""

    def __init__(self) -> None:
        self.boxes: dict[str, Callable[[bytes], None]] = {}
        self.shelf = Shelf(lambda: asyncio.get_running_loop().time())
        self.is_away = False

    async def send(self, channel: str, message: bytes) -> int:
        if self.is_away:
            raise BusError("away")
        heard = self.boxes.get(channel)
        if heard is not None:
            heard(message)
        return int(heard is not None)

    async def listen(self, channels: Mapping[str, Callable[[bytes], None]]) -> None:
        self.boxes.update(channels)
        await asyncio.Event().wait()

    async def collectors(self) -> dict[str, bytes]:
        if self.is_away:
            raise BusError("away")
        return {name: about for name, (about, _) in self.shelf.alive.items()}

    async def holder(self, name: str) -> tuple[str, int] | None:
        held = self.shelf.leases.get(name)
        return None if held is None else held[:2]


class Collector:
    """One that lives, and does what it is asked as the test says."""

    def __init__(self, office: Office, name: str) -> None:
        self.office = office
        self.leases = Leases(Way(office.shelf, 0.0), CollectorInfo(name, "here", "collector"))
        self.asked: list[Ask] = []
        self.deed: Deed = self.tell

    async def tell(self, ask: Ask) -> object:
        return SEEN

    async def do(self, ask: Ask) -> object:
        self.asked.append(ask)
        return await self.deed(ask)

    @contextlib.asynccontextmanager
    async def running(self, *wanted: str) -> AsyncIterator["Collector"]:
        polls = asyncio.Event()

        async def apply(names: frozenset[str]) -> None:
            if names == set(wanted):
                polls.set()

        self.leases.want(frozenset(wanted))
        deeds = dict.fromkeys(("probe", "write", "read_now", "plan", "reports"), self.do)
        async with self.leases.running(apply), Desk(self.leases, self.office, deeds).running():
            if wanted:
                await polls.wait()
            while self.leases.me.name not in self.office.shelf.alive:  # noqa: ASYNC110 - it lives a moment later
                await asyncio.sleep(0.01)
            yield self


@contextlib.asynccontextmanager
async def asking(office: Office) -> AsyncIterator[Asker]:
    asker = Asker("me", office, office)
    async with asyncio.timeout(LIMIT_S), asker.running():
        await asyncio.sleep(0)
        yield asker


async def test_the_collector_that_holds_the_link_is_asked_with_the_token_it_has() -> None:
    office = Office()
    async with Collector(office, "a").running(LINK.end) as one, asking(office) as asker:
        assert await Remote(asker).probe(DEVICE) == SEEN
        assert [(ask.device, ask.token) for ask in one.asked] == [(DEVICE, one.leases.token(LINK.end))]


async def test_a_link_that_nobody_polls_is_borrowed_for_it() -> None:
    office = Office()
    async with Collector(office, "a").running() as one, asking(office) as asker:
        held = []

        async def look(_: Ask) -> object:
            held.append(one.leases.holds(LINK.end))
            return SEEN

        one.deed = look
        assert await Remote(asker).probe(DEVICE) == SEEN
        assert held == [True]
        while LINK.end in office.shelf.leases:  # noqa: ASYNC110 - it is given back in a round of its own
            await asyncio.sleep(0.01)


async def test_an_order_under_an_old_token_is_not_carried_out() -> None:
    office = Office()
    async with Collector(office, "a").running(LINK.end) as one, asking(office) as asker:
        ask = Ask(0, "", "write", LINK.end, (one.leases.token(LINK.end) or 0) - 1, DEVICE, {"key": "k", "value": 1.0})
        with pytest.raises(NotHeldError, match="nothing was sent"):
            await asker.ask_of("a", ask, 5)
        assert not one.asked


async def test_failures_over_there_rise_here() -> None:
    office = Office()
    async with Collector(office, "a").running(LINK.end) as one, asking(office) as asker:

        async def fail(_: Ask) -> object:
            raise NoAnswerError("silent for 3 s", 2.0)

        one.deed = fail
        with pytest.raises(NoAnswerError, match="silent for 3 s") as raised:
            await Remote(asker).read_now(DEVICE, ["speed"])
        assert raised.value.retry_in_s == 2.0


async def test_without_collectors_it_is_said_that_nothing_was_done() -> None:
    office = Office()
    async with asking(office) as asker:
        with pytest.raises(NobodyError, match="no collector runs"):
            await Remote(asker).read_now(DEVICE, ["speed"])
        writer = await Remote(asker).open_writer(DEVICE)
        written = await writer.write("speed", 1.0)
        assert written.result is WriteResult.FAILED
        assert "nothing was sent: no collector runs" in written.message
        office.is_away = True
        with pytest.raises(NobodyError, match="no collector can be asked"):
            await Remote(asker).read_now(DEVICE, ["speed"])


async def test_a_collector_that_says_nothing_is_not_waited_for_for_ever() -> None:
    office = Office()
    async with Collector(office, "a").running(LINK.end) as one, asking(office) as asker:

        async def hang(_: Ask) -> object:
            return await asyncio.Event().wait()

        one.deed = hang
        ask = Ask(0, "", "plan", LINK.end, None, DEVICE, {})
        with pytest.raises(NoWordError, match=r"did not answer within 0\.1 s"):
            await asker.ask(ask, 0.1)


async def test_one_that_loses_the_link_before_it_answers_may_have_done_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripchart.peers.asker._LOOK_EVERY_S", 0.05)
    office = Office()
    async with Collector(office, "a").running(LINK.end) as one, asking(office) as asker:

        async def lose(_: Ask) -> object:
            office.shelf.leases[LINK.end] = ("b", 10**9, asyncio.get_running_loop().time() + 60)
            return await asyncio.Event().wait()

        one.deed = lose
        written: Written = await (await Remote(asker).open_writer(DEVICE)).write("speed", 1.0)
        assert written.result is WriteResult.FAILED
        assert "may have been done all the same" in written.message


async def test_all_collectors_are_asked_and_those_that_fail_left_out() -> None:
    office = Office()
    async with (
        Collector(office, "a").running() as one,
        Collector(office, "b").running() as other,
        asking(office) as asker,
    ):

        async def none(_: Ask) -> object:
            return []

        async def fail(_: Ask) -> object:
            raise LinkDownError("gone")

        one.deed, other.deed = none, fail
        ask = Ask(0, "", "reports", "", None, None, {})
        assert await asker.everybody(ask, 5) == [[]]
        other.deed = none
        assert await asker.everybody(replace(ask, what="reports"), 5) == [[], []]
