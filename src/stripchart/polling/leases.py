"""Leases: what this collector may poll, for how long it may still, and when it takes or lets go."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import structlog

from stripchart.background import in_background
from stripchart.bus.base import BusError
from stripchart.model.cause import Cause, CauseCode
from stripchart.polling.lease_store import CollectorInfo, LeaseStore
from stripchart.polling.share import chosen

log = structlog.get_logger()

Apply = Callable[[frozenset[str]], Awaitable[None]]
"""Polls exactly what has these names from now on; returns when the reads of all others have ended."""

CHORES = "chores"
"""The name of what has to be done once for the whole plant, by whoever holds this lease."""

_AWAY = (BusError, TimeoutError)


@dataclass(frozen=True, slots=True)
class LeaseOptions:
    """`ttl_s`: how long a lease lasts; `margin_s`: so long before its end it is no longer used.

    A round, in which leases are renewed and taken, is made every `round_s`, and every `waiting_s` while something is
    still with others. `answer_s`: how long the store may take. What a killed collector had is free after `ttl_s`, and
    taken up `waiting_s` later at the latest; the clocks of two machines may differ in speed by a fifth of that.
    """

    ttl_s: float = 5.0
    margin_s: float = 1.0
    round_s: float = 1.0
    waiting_s: float = 0.2
    answer_s: float = 1.5

    @property
    def ttl_ms(self) -> int:
        return round(1000 * self.ttl_s)

    @property
    def used_ns(self) -> int:
        """For how long a lease may be used, from when it was asked for."""
        return round(1e9 * (self.ttl_s - self.margin_s))


@dataclass(frozen=True, slots=True)
class LeaseHealth:
    """Who takes part, what this collector holds of its share, since when it holds the oldest, and what is wrong.

    `cause` says what is wrong by code. `me` is None of a process that polls nothing.
    """

    me: CollectorInfo | None
    collectors: tuple[CollectorInfo, ...]
    held: frozenset[str]
    share: frozenset[str]
    oldest_s: float | None
    problem: str | None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class _Lease:
    token: int
    since_ns: int
    until_ns: int


def boot_ns() -> int:
    """Nanoseconds of a clock that never steps and goes on while the machine sleeps, where there is one."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Leases:
    """`here`: which of these names, of what not every machine can reach, this machine can reach now.

    With `may_be_alone` a collector that has seen no other goes on without the store: there is nobody to take over.
    """

    def __init__(
        self,
        store: LeaseStore,
        me: CollectorInfo,
        here: Callable[[frozenset[str]], frozenset[str]] = lambda names: names,
        *,
        may_be_alone: bool = False,
        options: LeaseOptions | None = None,
        now_ns: Callable[[], int] = boot_ns,
    ) -> None:
        self.me, self._store, self._here = me, store, here
        self._options, self._now_ns = options or LeaseOptions(), now_ns
        self._may_be_alone, self._began_ns = may_be_alone, now_ns()
        self._wanted: frozenset[str] = frozenset()
        self._of_a_machine: frozenset[str] = frozenset()
        self._borrowed: Counter[str] = Counter()
        self._alive: tuple[CollectorInfo, ...] | None = None
        self._share: frozenset[str] = frozenset()
        self._held: dict[str, _Lease] = {}
        self._applied: frozenset[str] = frozenset()
        self._problem: str | None = None
        self._cause: Cause | None = None
        self._due, self._changed = asyncio.Event(), asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def want(self, names: frozenset[str], of_a_machine: frozenset[str] = frozenset()) -> None:
        """What is to be polled by somebody; `of_a_machine`: of these, those that not every machine can reach."""
        if (names, of_a_machine) != (self._wanted, self._of_a_machine):
            self._wanted, self._of_a_machine = names, of_a_machine
            self._due.set()

    def holds(self, name: str) -> bool:
        """Whether this collector may send something now. Looked at before every request."""
        lease = self._held.get(name)
        return lease is not None and self._now_ns() < lease.until_ns

    def token(self, name: str) -> int | None:
        """The token of a lease that may be used now; whoever gets it later has a greater one."""
        return self._held[name].token if self.holds(name) else None

    @property
    def in_effect(self) -> frozenset[str]:
        """What is polled here now."""
        return self._applied

    def health(self) -> LeaseHealth:
        now_ns = self._now_ns()
        held = self._usable()
        oldest_ns = min((self._held[name].since_ns for name in held), default=None)
        oldest_s = None if oldest_ns is None else (now_ns - oldest_ns) / 1e9
        return LeaseHealth(self.me, self._alive or (), held, self._share, oldest_s, self._problem, self._cause)

    @contextlib.asynccontextmanager
    async def borrowed(self, name: str) -> AsyncIterator[None]:
        """Hold what nobody is to poll, while this is open. Wait with a time limit: somebody else may have it."""
        self._borrowed[name] += 1
        try:
            while not self.holds(name):
                self._due.set()
                await asyncio.sleep(self._options.waiting_s / 4)
            yield
        finally:
            self._borrowed[name] -= 1
            self._borrowed += Counter()  # without those that nobody borrows any more
            self._due.set()

    @contextlib.asynccontextmanager
    async def running(self, apply: Apply) -> AsyncIterator[None]:
        """Take and renew; `apply` puts into effect what is held. At the end all is given back, its reads ended."""
        try:
            async with in_background({"keep leases": self._keep(), "follow leases": self._follow(apply)}):
                yield
        finally:
            await apply(frozenset())
            with contextlib.suppress(*_AWAY):
                async with asyncio.timeout(self._options.answer_s):
                    await self._store.leave(self.me.name)
                    await self._store.give_back(self.me.name, self._held)

    async def _keep(self) -> None:
        while True:
            self._due.clear()
            try:
                await self._round()
                self._note_problem(None)
            except _AWAY as error:
                limit_s = self._options.answer_s
                slow = Cause(CauseCode.NO_REPLY, {"limit_s": limit_s})
                cause = error.cause if isinstance(error, BusError) else slow
                self._note_problem(str(error) or f"no answer within {limit_s:g} s", cause)
                self._go_on_alone()
            except Exception:
                log.exception("leases.bug")
            waits = self._problem is not None or not self._share <= self._held.keys()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._options.waiting_s if waits else self._options.round_s):
                    await self._due.wait()

    async def _round(self) -> None:
        """Say that we live, hear who else does, renew what is held, and take what is ours and free."""
        options = self._options
        self.me = replace(self.me, here=self._here(self._of_a_machine))
        async with asyncio.timeout(options.answer_s):
            told = await self._store.meet(self.me.name, self.me.told(), options.ttl_ms)
        self._alive = tuple(CollectorInfo.heard(told[name]) for name in sorted(told))
        self._share = self._share_among(self._alive)
        async with self._one_at_a_time:
            began_ns = self._now_ns()
            names = self._share | self._held.keys()
            async with asyncio.timeout(options.answer_s):
                tokens = await self._store.hold(
                    self.me.name, {name: self.holds(name) for name in names}, options.ttl_ms
                )
            self._note_held(tokens, began_ns)

    def _share_among(self, alive: tuple[CollectorInfo, ...]) -> frozenset[str]:
        mine = (name for name in self._wanted if chosen(name, self._able(name, alive)) == self.me.name)
        return frozenset({*self._borrowed, *mine})

    def _able(self, name: str, alive: tuple[CollectorInfo, ...]) -> list[str]:
        """Those who can reach it; when none can, any of them is to say so."""
        able = [info.name for info in alive if name not in self._of_a_machine or name in info.here]
        return able or [info.name for info in alive]

    def _note_held(self, tokens: Mapping[str, int], began_ns: int) -> None:
        until_ns = began_ns + self._options.used_ns
        self._held = {
            name: _Lease(token, self._held[name].since_ns if self.holds(name) else began_ns, until_ns)
            for name, token in tokens.items()
        }
        self._look_whether_changed()

    def _go_on_alone(self) -> None:
        """Without the store: hold on to everything when nobody else was there, or nothing was ever heard of it."""
        if not self._may_be_alone:
            return
        now_ns = self._now_ns()
        if self._alive is None and now_ns - self._began_ns < self._options.used_ns:
            return
        if self._alive is not None and {info.name for info in self._alive} != {self.me.name}:
            return
        self._share = frozenset({*self._borrowed, *self._wanted})
        self._note_held({name: self.token(name) or 0 for name in self._share}, now_ns)

    def _usable(self) -> frozenset[str]:
        return frozenset(name for name in self._share if self.holds(name))

    def _look_whether_changed(self) -> None:
        if self._usable() != self._applied or not self._held.keys() <= self._share:
            self._changed.set()

    async def _follow(self, apply: Apply) -> None:
        while True:
            await self._until_something_changes()
            usable = self._usable()
            try:
                if usable != self._applied:
                    await apply(usable)
                    self._applied = usable
            except Exception:
                log.exception("leases.not_in_effect")
                await asyncio.sleep(self._options.waiting_s)
            else:
                await self._give_back()
            self._look_whether_changed()

    async def _until_something_changes(self) -> None:
        """Until something came or is to go, or a lease in use has ended."""
        ends_ns = min((lease.until_ns for name, lease in self._held.items() if name in self._applied), default=None)
        wait_s = None if ends_ns is None else max(0.0, (ends_ns - self._now_ns()) / 1e9)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._changed.wait()
        self._changed.clear()

    async def _give_back(self) -> None:
        """What is not ours any more, now that its reads have ended."""
        async with self._one_at_a_time:
            names = self._held.keys() - self._share - self._applied
            for name in names:
                del self._held[name]
            if not names:
                return
            try:
                async with asyncio.timeout(self._options.answer_s):
                    await self._store.give_back(self.me.name, names)
            except _AWAY as error:
                log.warning("leases.not_given_back", leases=len(names), reason=str(error))

    def _note_problem(self, problem: str | None, cause: Cause | None = None) -> None:
        if (problem is None) != (self._problem is None):
            if problem is None:
                log.info("leases.kept_again")
            else:
                log.warning("leases.not_kept", reason=problem)
        self._problem, self._cause = problem, cause
