"""`WS /ws/metrics`: a snapshot, then what is new, to each client as fast as it takes it."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from stripchart.api.device_metrics import PATH
from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts
from stripchart.api.permissions import PERMISSIONS
from stripchart.api.turns import Turns
from stripchart.api.who import is_public, principal_for, token_of
from stripchart.auth.authenticator import Principal
from stripchart.auth.errors import AuthError
from stripchart.background import in_background
from stripchart.live.metrics import Metrics, together
from stripchart.model.device import DeviceId
from stripchart.model.time import to_iso

HEARTBEAT_S = 15.0
CLIENTS_MOST = 2000

_POLICY_VIOLATION, _TRY_AGAIN_LATER = 1008, 1013
_SENT_AT_ONCE = 16
_REASON_BYTES = 123
"""Of a close frame (RFC 6455, clause 5.5)."""

_GONE = (WebSocketDisconnect, RuntimeError)
"""What sending to somebody who left raises."""


class Mailbox:
    """What one client has still to be sent: of each device the newest alone.

    What is replaced before it could be sent is counted in `replaced`: the client is too slow for more.
    """

    def __init__(self, devices: frozenset[DeviceId]) -> None:
        """`devices`: only these; all when there are none."""
        self._devices = devices
        self._waiting: dict[DeviceId, str] = {}
        self._filled = asyncio.Event()
        self.replaced, self.was_slow = 0, False

    def put(self, news: Sequence[Metrics]) -> None:
        """Add news of devices, in place of older ones of the same."""
        before, added = len(self._waiting), 0
        for metrics in news:
            if not self._devices or metrics.device_id in self._devices:
                self._waiting[metrics.device_id] = metrics.text
                added += 1
        self.replaced += before + added - len(self._waiting)
        if self._waiting:
            self._filled.set()

    async def take(self, within_s: float) -> list[str]:
        """What waits, once there is something; nothing when nothing came in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._filled.wait()
        taken, self._waiting = list(self._waiting.values()), {}
        self._filled.clear()
        return taken


@dataclass(slots=True)
class SocketFigures:
    """Since the start: what was sent, what a newer one replaced because its client was slow, and how many
    clients were. `open`: clients now.
    """

    open: int = 0
    sent: int = 0
    replaced: int = 0
    slow_clients: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who follows, None where anybody may; and what: all when there are no `devices`."""

    who: Principal | None
    devices: frozenset[DeviceId]


@dataclass(slots=True)
class MetricsSockets:
    """Serves the clients of `/ws/metrics`. `origins`: pages of these may follow too, beside those of this server."""

    parts: Parts
    origins: frozenset[str] = frozenset()
    figures: SocketFigures = field(default_factory=SocketFigures)
    _turns: Turns = field(default_factory=Turns)

    async def serve(self, socket: WebSocket) -> None:
        """One client, until it leaves or the server closes."""
        await socket.accept()
        try:
            asked = self._let_in(socket)
        except (ApiError, AuthError) as error:
            reason = error.detail if isinstance(error, ApiError) else str(error)
            await socket.close(_POLICY_VIOLATION, _short(reason))
            return
        if self.figures.open >= CLIENTS_MOST:
            await socket.close(_TRY_AGAIN_LATER, f"there are {CLIENTS_MOST} clients already; come again later")
            return
        self.figures.open += 1
        mailbox = Mailbox(asked.devices)
        try:
            with self.parts.metrics.followed(mailbox.put):
                await self._both_ways(socket, mailbox, asked)
        finally:
            self.figures.open -= 1

    async def _both_ways(self, socket: WebSocket, mailbox: Mailbox, asked: _Asked) -> None:
        async with in_background({"metrics socket": self._send(socket, mailbox, asked)}):
            await _answer(socket)

    async def _send(self, socket: WebSocket, mailbox: Mailbox, asked: _Asked) -> None:
        now = await self.parts.metrics.now(lambda entry: not asked.devices or entry.device.id in asked.devices)
        with contextlib.suppress(*_GONE):
            await socket.send_text(f'{{"type":"snapshot","data":{together(now)}}}')
            while self._may_go_on(asked):
                await self._send_all(socket, await mailbox.take(HEARTBEAT_S) or [self._heartbeat()])
                self._count(mailbox)
            await socket.close(_POLICY_VIOLATION, "this session, or token, has ended; sign in again")

    async def _send_all(self, socket: WebSocket, texts: Sequence[str]) -> None:
        """A few at a time: sending to one who takes all at once would keep the loop from polling."""
        for start in range(0, len(texts), _SENT_AT_ONCE):
            await self._turns.mine()
            for text in texts[start : start + _SENT_AT_ONCE]:
                await socket.send_text(text)
                self.figures.sent += 1

    def _may_go_on(self, asked: _Asked) -> bool:
        who = asked.who
        return who is None or self.parts.doors.authenticator.is_signed_in(who)

    def _count(self, mailbox: Mailbox) -> None:
        """A client is slow when something newer overtook what it was not sent yet."""
        if mailbox.replaced:
            self.figures.replaced += mailbox.replaced
            self.figures.slow_clients += not mailbox.was_slow
            mailbox.replaced, mailbox.was_slow = 0, True

    def _heartbeat(self) -> str:
        return orjson.dumps({"type": "heartbeat", "at": to_iso(self.parts.clock.now_ms())}).decode()

    def _let_in(self, socket: WebSocket) -> _Asked:
        """What is wanted, and by whom. Raises ApiError and AuthError."""
        access = PERMISSIONS[f"GET {PATH}"]
        self._check_origin(socket)
        who = None
        if not is_public(self.parts.doors, access):
            who = principal_for(self.parts.doors, access, token_of(socket, access))
        return _Asked(who, _devices(socket.query_params.get("devices", ""), self.parts))

    def _check_origin(self, socket: WebSocket) -> None:
        """Browsers let any page open any socket, and say which page it is."""
        origin, host = socket.headers.get("origin"), socket.headers.get("host", "")
        if origin and origin.partition("://")[2] != host and origin not in self.origins:
            raise ApiError(403, "forbidden", f"pages of {origin} may not; STRIPCHART_CORS_ORIGINS may add them")


def _devices(given: str, parts: Parts) -> frozenset[DeviceId]:
    """Of ids with commas between. Raises ApiError naming the one that is none."""
    wanted = [each.strip() for each in given.split(",")] if given.strip() else []
    for each in wanted:
        if not (each.isascii() and each.isdigit() and len(each) <= 10):
            raise ApiError(422, "invalid_request", f"devices: {each!r} is no id; allowed are ids with commas between")
        if parts.roster.get(DeviceId(int(each))) is None:
            raise ApiError(404, "not_found", f"devices: there is no device {each}")
    return frozenset(DeviceId(int(each)) for each in wanted)


async def _answer(socket: WebSocket) -> None:
    """Answer `ping`, until the client leaves; anything else it says means nothing."""
    with contextlib.suppress(*_GONE):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("text") == "ping":
                await socket.send_text("pong")


def _short(reason: str) -> str:
    return reason.encode()[:_REASON_BYTES].decode(errors="ignore")
