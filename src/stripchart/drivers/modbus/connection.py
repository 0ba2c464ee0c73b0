"""Connection: makes, keeps and gives up the one connection of a link, to its address or its backup."""

import asyncio
from collections import deque

from stripchart.drivers.base import DriverError, LinkDownError
from stripchart.drivers.modbus.health import LinkHealth
from stripchart.drivers.modbus.places import Places
from stripchart.drivers.modbus.stream import is_reachable
from stripchart.drivers.modbus.transport import Question, Transport
from stripchart.model.cause import Cause
from stripchart.model.device import LinkAddress
from stripchart.model.link import LinkOptions

_ROUND_TRIPS = 128


class Connection:
    """The transport of a link, with what decides when it connects. Only the link's owner asks.

    `round_trips_s`: how long the last exchanges took. `just_failed`: trouble has begun with the last failure.
    """

    def __init__(self, transport: Transport) -> None:
        context = transport.context
        self.round_trips_s: deque[float] = deque(maxlen=_ROUND_TRIPS)
        self.just_failed = False
        self.since_s = 0.0
        self._transport, self._context = transport, context
        self._health = LinkHealth(context.options)
        self._places = Places(context.address)
        self._places.configure(context.options.backup_of(context.address))
        self._asked_since_connected = 0
        self._is_outdated = False
        self._look: asyncio.Task[None] | None = None
        self._ended_s = 0.0
        self._gateway_pause_s = 0.0
        self._loop = asyncio.get_running_loop()

    @property
    def is_up(self) -> bool:
        return self._transport.connected

    @property
    def trouble(self) -> str:
        return self._health.trouble

    @property
    def cause(self) -> Cause:
        """The same by code."""
        return self._health.cause

    @property
    def place(self) -> LinkAddress:
        """Where it is, or was last, connected to."""
        return self._places.current

    def wait_s(self, now_s: float) -> float:
        """How long until a connection may be made, when there is none; 0 when there is one."""
        if not self._health.trouble or self._transport.connected:
            return 0.0
        return self._health.wait_s(now_s)

    def is_ready_for(self, question: Question) -> bool:
        """Whether the question can be sent as it is now, and dropped by who asks without harm to the next."""
        transport = self._transport
        if not (transport.can_be_left and transport.connected):
            return False
        return not self._pause_s(question) and not self._is_worn()

    def configure(self, was: LinkOptions) -> None:
        """The options have changed; the next request makes a new connection when it is about that."""
        options = self._context.options
        is_new = not options.connects_like(was)
        self._health.configure(options, self._loop.time(), retry=is_new)
        if is_new:
            self._places.configure(options.backup_of(self._context.address))
            self._is_outdated = True

    async def get_ready(self, question: Question) -> None:
        """Keep the pause between requests, and see to it that there is a connection. Raises LinkDownError."""
        pause_s = self._pause_s(question)
        if pause_s and (rest_s := self._ended_s + pause_s - self._loop.time()) > 0:
            await asyncio.sleep(rest_s)
        if not self._transport.connected:
            await self._connect(question.pacing.timeout_s)
        elif self._is_worn():
            self._transport.drop()
            await self._connect(question.pacing.timeout_s)

    def _pause_s(self, question: Question) -> float:
        """What the unit needs; whoever is behind a gateway, what that needs at least."""
        if question.pacing.is_gateway:
            self._gateway_pause_s = question.pacing.pause_between_s
        return max(question.pacing.pause_between_s, self._gateway_pause_s)

    async def exchange(self, question: Question) -> bytes:
        """See `Transport.exchange`."""
        self._asked_since_connected += 1
        started_s = self._loop.time()
        try:
            reply = await self._transport.exchange(question)
        finally:
            self._ended_s = self._loop.time()
        self.round_trips_s.append(self._ended_s - started_s)
        return reply

    def replied(self) -> bool:
        """A unit answered. True when that ends a time of trouble."""
        recovered = self._health.replied(self._ended_s)
        if recovered:
            self.since_s = self._ended_s
        return recovered

    def silent(self) -> None:
        """A request was in vain: perhaps the connection only looks alive."""
        if self._health.silent(self._loop.time()):
            self._places.was_useless()
            self._transport.drop()

    def lost(self, error: DriverError) -> bool:
        """The connection is gone. True when it never brought a reply: that is as good as none made."""
        self._transport.drop()
        had_trouble = bool(self._health.trouble)
        if not self._health.lost(str(error), error.cause, self._loop.time()):
            return False
        self._places.was_useless()
        self._note_failure(had_trouble)
        return True

    def drop(self) -> None:
        self._transport.drop()

    async def aclose(self) -> None:
        self._transport.drop()
        if self._look is not None:
            self._look.cancel()
            await asyncio.wait({self._look})

    def _is_worn(self) -> bool:
        """Whether it is time for a new connection."""
        limit = self._context.options.reconnect_after
        if self._is_outdated or (limit and self._asked_since_connected >= limit):
            return True
        if self._places.at_backup and self._places.look_is_due(self._loop.time()):
            self._look = asyncio.create_task(self._look_at_own_address(), name=f"look at {self._context.address}")
        return False

    async def _look_at_own_address(self) -> None:
        if await is_reachable(self._context.address):
            self._places.returned()
            self._is_outdated = True

    async def _connect(self, timeout_s: float) -> None:
        errors: list[LinkDownError] = []
        for place in self._places.to_try():
            try:
                await self._transport.connect(place, timeout_s)
            except LinkDownError as error:
                errors.append(error)
                continue
            self._note_connected(place)
            return
        had_trouble = bool(self._health.trouble)
        now_s, cause = self._loop.time(), errors[0].cause
        if len(errors) > 1:
            cause = cause.with_facts(backup=str(self._context.options.backup_of(self._context.address)))
        self._health.failed("; ".join(map(str, errors)), cause, now_s)
        self._note_failure(had_trouble)
        raise LinkDownError(self._health.trouble, self._health.wait_s(now_s), cause=cause)

    def _note_connected(self, place: LinkAddress) -> None:
        now_s = self._loop.time()
        self._asked_since_connected, self._is_outdated = 0, False
        self._context.counters.connects += 1
        self._places.connected(place, now_s)
        self._context.counters.backups += self._places.at_backup
        self._health.connected(now_s)
        if not self._health.trouble:
            self.since_s = now_s

    def _note_failure(self, had_trouble: bool) -> None:
        self.just_failed = not had_trouble
        if self.just_failed:
            self.since_s = self._loop.time()
