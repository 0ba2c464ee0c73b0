"""A lease store in memory, on the clock of a turned loop, and collectors that can be cut off from it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from stripchart.bus.base import BusError
from stripchart.polling.lease_store import CollectorInfo
from stripchart.polling.leases import Leases


class Shelf:
    """`given`: every token of every lease, in the order they were given."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self.leases: dict[str, tuple[str, int, float]] = {}
        self.alive: dict[str, tuple[bytes, float]] = {}
        self.given: dict[str, list[int]] = {}
        self._token = 0

    def meet(self, me: str, about: bytes, ttl_ms: int) -> dict[str, bytes]:
        self.alive[me] = (about, self._now_s() + ttl_ms / 1000)
        self.alive = {name: kept for name, kept in self.alive.items() if kept[1] > self._now_s()}
        return {name: about for name, (about, _) in self.alive.items()}

    def hold(self, me: str, wanted: Mapping[str, bool], ttl_ms: int) -> dict[str, int]:
        held = {}
        for name in wanted:
            holder, token, ends_s = self.leases.get(name, ("", 0, 0.0))
            if ends_s <= self._now_s():
                holder, self._token = me, self._token + 1
                token = self._token
                self.given.setdefault(name, []).append(token)
            if holder == me:
                self.leases[name] = (me, token, self._now_s() + ttl_ms / 1000)
                held[name] = token
        return held

    def give_back(self, me: str, names: Iterable[str]) -> None:
        for name in list(names):
            if self.leases.get(name, ("",))[0] == me:
                del self.leases[name]


class Way:
    """A collector's way to the shelf: each call takes a moment; while it is cut, calls fail."""

    def __init__(self, shelf: Shelf, takes_s: float = 0.01) -> None:
        self._shelf, self._takes_s = shelf, takes_s
        self.is_cut = False

    async def _go(self) -> None:
        if self.is_cut:
            raise BusError("cut off")
        await asyncio.sleep(self._takes_s)

    async def meet(self, me: str, about: bytes, ttl_ms: int) -> dict[str, bytes]:
        await self._go()
        return self._shelf.meet(me, about, ttl_ms)

    async def hold(self, me: str, wanted: Mapping[str, bool], ttl_ms: int) -> dict[str, int]:
        await self._go()
        held = self._shelf.hold(me, wanted, ttl_ms)
        await self._go()
        return held

    async def give_back(self, me: str, names: Iterable[str]) -> None:
        await self._go()
        self._shelf.give_back(me, names)

    async def leave(self, me: str) -> None:
        await self._go()
        self._shelf.alive.pop(me, None)


class Polling:
    """A collector: what it polls, with a clock that can be held still for a freeze, and reads that take a while."""

    def __init__(self, name: str, shelf: Shelf, now_ns: Callable[[], int], *, may_be_alone: bool) -> None:
        self.name, self.way = name, Way(shelf)
        self.polls: frozenset[str] = frozenset()
        self.read_takes_s = 0.0
        info = CollectorInfo(name, "here", "collector")
        self.leases = Leases(self.way, info, now_ns=now_ns, may_be_alone=may_be_alone)
        self._ended: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None

    async def apply(self, names: frozenset[str]) -> None:
        if self.polls - names:
            await asyncio.sleep(self.read_takes_s)
        self.polls = names

    def start(self, wanted: frozenset[str]) -> None:
        self.leases.want(wanted)
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async with self.leases.running(self.apply):
            self._ended = asyncio.Event()
            await self._ended.wait()

    async def stop(self) -> None:
        """In good order."""
        assert self._ended is not None
        assert self._task is not None
        self._ended.set()
        await self._task

    async def kill(self) -> None:
        """It is gone at once: nothing is given back."""
        assert self._task is not None
        self.way.is_cut = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.polls = frozenset()

    def sends(self) -> frozenset[str]:
        """What it may send something to now."""
        return frozenset(name for name in self.polls if self.leases.holds(name))
