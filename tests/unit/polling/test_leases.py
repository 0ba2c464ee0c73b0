"""Whatever comes, goes, freezes or is cut off: no link is polled by two, and none is left alone for long."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.polling.lease_store import CollectorInfo
from stripchart.polling.leases import Leases
from tests.unit.polling.lease_shelf import Polling, Shelf, Way
from tests.unit.polling.turned import TurnedLoop, turned_loop

LINKS = frozenset(f"tcp://10.0.0.{host}:502" for host in range(12))
TAKEN_OVER_WITHIN_S = 10.0


class Plant:
    """Collectors over the same links."""

    def __init__(self, loop: TurnedLoop) -> None:
        self.shelf = Shelf(loop.time)
        self._loop = loop
        self.collectors: list[Polling] = []

    def add(self, name: str, *, may_be_alone: bool = False) -> Polling:
        new = Polling(name, self.shelf, lambda: round(self._loop.time() * 1e9), may_be_alone=may_be_alone)
        new.start(LINKS)
        self.collectors.append(new)
        return new

    async def until_all_are_polled(self, within_s: float = TAKEN_OVER_WITHIN_S) -> float:
        """How long it took until each link was polled; checks all the time that none is polled by two."""
        began_s = self._loop.time()
        while frozenset().union(*(each.sends() for each in self.collectors)) != LINKS:
            self.check()
            assert self._loop.time() - began_s < within_s
            await asyncio.sleep(0.05)
        return self._loop.time() - began_s

    async def watch(self, seconds: float) -> None:
        ends_s = self._loop.time() + seconds
        while self._loop.time() < ends_s:
            self.check()
            await asyncio.sleep(0.05)

    def check(self) -> None:
        sent = [name for each in self.collectors for name in each.sends()]
        assert len(sent) == len(set(sent))

    async def end(self) -> None:
        for each in self.collectors:
            await each.kill()
        for tokens in self.shelf.given.values():
            assert tokens == sorted(set(tokens))


def played(scene: Callable[[Plant], Awaitable[None]]) -> None:
    """The scene, in a time of its own."""
    with turned_loop() as (loop, _):

        async def play() -> None:
            plant = Plant(loop)
            await scene(plant)
            await plant.end()

        loop.run_until_complete(play())


def test_a_killed_collectors_links_are_taken_over_within_ten_seconds() -> None:
    async def scene(plant: Plant) -> None:
        first, _ = plant.add("a"), plant.add("b")
        await plant.until_all_are_polled()
        await plant.watch(3)
        assert first.polls
        await first.kill()
        assert await plant.until_all_are_polled() > 1

    played(scene)


def test_a_new_collector_takes_its_share_and_no_link_is_left_alone_meanwhile() -> None:
    async def scene(plant: Plant) -> None:
        plant.add("a")
        await plant.until_all_are_polled()
        new = plant.add("b")
        for _ in range(100):
            missing = LINKS - frozenset().union(*(each.sends() for each in plant.collectors))
            assert not missing or await plant.until_all_are_polled(within_s=1.0) < 1.0
            await plant.watch(0.1)
        assert new.polls

    played(scene)


def test_a_link_goes_over_only_after_its_last_read_has_ended() -> None:
    async def scene(plant: Plant) -> None:
        slow = plant.add("a")
        slow.read_takes_s = 7.0
        await plant.until_all_are_polled()
        new = plant.add("b")
        await plant.watch(5)
        assert slow.polls == LINKS
        assert not new.polls
        await plant.watch(5)
        assert slow.polls < LINKS
        await plant.until_all_are_polled()

    played(scene)


def test_one_that_ends_in_good_order_is_followed_at_once() -> None:
    async def scene(plant: Plant) -> None:
        first, _ = plant.add("a"), plant.add("b")
        await plant.until_all_are_polled()
        await plant.watch(3)
        await first.stop()
        assert await plant.until_all_are_polled() < 2

    played(scene)


def test_one_that_is_cut_off_stops_before_others_begin_and_has_its_share_back_later() -> None:
    async def scene(plant: Plant) -> None:
        first, _ = plant.add("a"), plant.add("b")
        await plant.until_all_are_polled()
        await plant.watch(3)
        share, first.way.is_cut = first.polls, True
        await plant.watch(4.5)
        assert not first.polls
        await plant.until_all_are_polled()
        first.way.is_cut = False
        await plant.watch(5)
        assert first.polls == share

    played(scene)


def test_a_collector_alone_stops_without_the_store() -> None:
    async def scene(plant: Plant) -> None:
        only = plant.add("a")
        await plant.until_all_are_polled()
        only.way.is_cut = True
        await plant.watch(6)
        assert not only.polls

    played(scene)


def test_one_that_may_be_alone_goes_on_without_the_store_and_begins_without_it() -> None:
    async def scene(plant: Plant) -> None:
        only = plant.add("a", may_be_alone=True)
        only.way.is_cut = True
        await plant.until_all_are_polled()
        only.way.is_cut = False
        await plant.watch(3)
        tokens = {name: only.leases.token(name) for name in LINKS}
        assert all(tokens.values())
        only.way.is_cut = True
        await plant.watch(20)
        assert only.sends() == LINKS
        only.way.is_cut = False
        await plant.watch(3)
        assert only.sends() == LINKS

    played(scene)


def test_one_that_may_be_alone_and_is_not_stops_without_the_store() -> None:
    async def scene(plant: Plant) -> None:
        first, _ = plant.add("a", may_be_alone=True), plant.add("b", may_be_alone=True)
        await plant.until_all_are_polled()
        await plant.watch(3)
        first.way.is_cut = True
        await plant.watch(5)
        assert not first.polls
        await plant.until_all_are_polled()

    played(scene)


def test_one_that_wakes_from_a_freeze_may_send_nothing_before_it_has_asked() -> None:
    now_ns = 0
    with turned_loop() as (loop, _):

        async def scene() -> None:
            nonlocal now_ns
            way = Way(Shelf(loop.time))
            leases = Leases(way, CollectorInfo("a", "here", "collector"), now_ns=lambda: now_ns)
            leases.want(LINKS)

            polls = asyncio.Event()

            async def apply(names: frozenset[str]) -> None:
                if names == LINKS:
                    polls.set()

            async with leases.running(apply), asyncio.timeout(60):
                await polls.wait()
                assert all(leases.holds(name) for name in LINKS)
                now_ns += 4_000_000_000
                assert not any(leases.holds(name) for name in LINKS)
                assert leases.token(min(LINKS)) is None

        loop.run_until_complete(scene())


def test_what_nobody_is_to_poll_can_be_borrowed_and_is_given_back() -> None:
    async def scene(plant: Plant) -> None:
        first, second = plant.add("a"), plant.add("b")
        await plant.until_all_are_polled()
        async with first.leases.borrowed("tcp://10.9.9.9:502"):
            assert first.leases.holds("tcp://10.9.9.9:502")
            try:
                async with asyncio.timeout(3), second.leases.borrowed("tcp://10.9.9.9:502"):
                    raise AssertionError
            except TimeoutError:
                pass
        await plant.watch(2)
        assert "tcp://10.9.9.9:502" not in plant.shelf.leases

    played(scene)


def test_a_serial_line_is_polled_where_it_is() -> None:
    with turned_loop() as (loop, _):

        async def scene() -> None:
            shelf, line = Shelf(loop.time), "/dev/ttyUSB0"
            here: dict[str, frozenset[str]] = {"a": frozenset(), "b": frozenset({line}), "c": frozenset()}
            polled: dict[str, frozenset[str]] = {}
            leases = {
                name: Leases(
                    Way(shelf),
                    CollectorInfo(name, name, "collector"),
                    partial(_here, here, name),
                    now_ns=lambda: round(loop.time() * 1e9),
                )
                for name in here
            }

            async def poll(name: str) -> None:
                async def apply(names: frozenset[str]) -> None:
                    polled[name] = names

                leases[name].want(frozenset({line}), frozenset({line}))
                async with leases[name].running(apply):
                    await asyncio.sleep(30)
                    assert leases[name].health().held == ({line} if name == "c" else set())

            async def move() -> None:
                await asyncio.sleep(10)
                assert polled["b"] == {line}
                here["b"], here["c"] = frozenset(), frozenset({line})

            await asyncio.gather(*map(poll, here), move())

        loop.run_until_complete(scene())


def _here(here: dict[str, frozenset[str]], name: str, _: frozenset[str]) -> frozenset[str]:
    return here[name]


EVENTS = st.lists(
    st.tuples(st.sampled_from(["add", "kill", "stop", "cut", "mend", "slow"]), st.integers(0, 5), st.floats(0.1, 8)),
    max_size=10,
)


@settings(deadline=None, max_examples=25)
@given(EVENTS)
def test_in_no_sequence_of_events_is_a_link_polled_by_two(events: Sequence[tuple[str, int, float]]) -> None:
    async def scene(plant: Plant) -> None:
        plant.add("first")
        for number, (event, which, pause_s) in enumerate(events):
            living = [each for each in plant.collectors if each._task is not None and not each._task.done()]
            one = living[which % len(living)] if living else None
            if event == "add" or one is None:
                plant.add(f"new{number}")
            elif event == "kill":
                await one.kill()
            elif event == "stop" and one._ended is not None and not one.way.is_cut:
                await one.stop()
            elif event in {"cut", "mend"}:
                one.way.is_cut = event == "cut"
            elif event == "slow":
                one.read_takes_s = 3.0
            await plant.watch(pause_s)
        plant.add("last")
        await plant.until_all_are_polled(within_s=25)

    played(scene)
