"""Discovery: who is there? Asks all T3 panels of a network at once, and gathers what they answer."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.system_cause import number_cause
from stripchart.wire import t3_discovery
from stripchart.wire.errors import BadFrameError
from stripchart.wire.t3_discovery import Announcement

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - panels answer to all, whatever the interface
_ASK_AGAIN_S = 1.0
_MOST = 10_000


class DiscoveryError(Exception):
    """Nobody could be asked; the message says why, and `cause` by code."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.words)
        self.cause = why.cause


@dataclass(frozen=True, slots=True)
class DiscoveryOptions:
    """`address`: whom to ask, a host or the broadcast address of a network. `wait_s`: how long answers may take."""

    address: str = "255.255.255.255"
    port: int = t3_discovery.QUERY_PORT
    wait_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Discovery:
    """The panels that answered, by serial number; `odd`: replies that did not come from a panel."""

    panels: list[Announcement] = field(default_factory=list)
    odd: int = 0


async def discover(options: DiscoveryOptions) -> Discovery:
    """Ask, once a second while there is time. Raises DiscoveryError."""
    loop = asyncio.get_running_loop()
    ears = await _ears()
    try:
        until_s = loop.time() + options.wait_s
        while (left_s := until_s - loop.time()) > 0:
            ears.ask(options)
            await asyncio.sleep(min(_ASK_AGAIN_S, left_s))
            if ears.error is not None:
                raise DiscoveryError(_why(options, ears.error))
    finally:
        ears.close()
    return Discovery([ears.heard[serial] for serial in sorted(ears.heard)], ears.odd)


class _Ears(asyncio.DatagramProtocol):
    """Hears the answers; what is no answer, and more panels than any site has, are counted and left."""

    def __init__(self) -> None:
        self.heard: dict[int, Announcement] = {}
        self.odd = 0
        self.error: OSError | None = None
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if data == t3_discovery.QUERY:
            return  # A broadcast comes back to who sent it.
        try:
            said = t3_discovery.parse_reply(data)
        except BadFrameError:
            self.odd += 1
            return
        if len(self.heard) < _MOST:
            self.heard[said.serial] = said

    def error_received(self, exc: Exception) -> None:
        self.error = exc if isinstance(exc, OSError) else OSError(None, str(exc))

    def ask(self, options: DiscoveryOptions) -> None:
        if self._transport is None:
            return
        try:
            self._transport.sendto(t3_discovery.QUERY, (options.address, options.port))
        except OSError as error:
            self.error = error

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def _ears() -> _Ears:
    """On the first port that is free of those to which panels answer."""
    loop = asyncio.get_running_loop()
    for port in t3_discovery.REPLY_PORTS:
        try:
            _, ears = await loop.create_datagram_endpoint(_Ears, local_addr=(_EVERYWHERE, port), allow_broadcast=True)
        except OSError:
            continue
        return ears
    low, high = t3_discovery.REPLY_PORTS.start, t3_discovery.REPLY_PORTS.stop - 1
    words = f"UDP ports {low} to {high} are all in use; one is needed for the answers"
    raise DiscoveryError(Why(words, Cause(CauseCode.PORTS_IN_USE, {"low": low, "high": high})))


def _why(options: DiscoveryOptions, error: OSError) -> Why:
    said = error.strerror or str(error)
    return Why(f"{options.address}: {said}", number_cause(error.errno, said))
