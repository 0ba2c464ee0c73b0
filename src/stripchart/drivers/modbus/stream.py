"""Streams: connections over TCP and TLS, with keep-alive.

TLS checks the server's certificate and name against the authorities in the file the link names, or those in the file
that the environment variable SSL_CERT_FILE names, or the system's.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any

from stripchart.drivers.base import LinkDownError
from stripchart.drivers.modbus.system_error import link_down
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.link import LinkOptions

_KEEP_ALIVE_PROBES = 3
_KEEP_ALIVE_EVERY_S = 5
_LOOK_LIMIT_S = 2.0


async def open_stream(
    place: LinkAddress, options: LinkOptions, protocol: Callable[[], asyncio.Protocol], timeout_s: float
) -> None:
    """Connect. Raises LinkDownError with the reason of the system, the resolver or TLS."""
    try:
        context = tls_context(options.ca) if place.framing is Framing.TLS else None
        async with asyncio.timeout(timeout_s):
            transport, _ = await asyncio.get_running_loop().create_connection(
                protocol, place.host, place.port, ssl=context
            )
    except TimeoutError:
        cause = Cause(CauseCode.CONNECT_TIMEOUT, {"limit_s": timeout_s})
        raise LinkDownError(f"{place}: no connection within {timeout_s:g} s", cause=cause) from None
    except OSError as error:
        raise link_down(place, error) from error
    _keep_alive(transport.get_extra_info("socket"), options.keep_alive_s)


async def is_reachable(place: LinkAddress) -> bool:
    """Whether somebody accepts connections there. The connection is closed before the answer is given."""
    try:
        async with asyncio.timeout(_LOOK_LIMIT_S):
            _, writer = await asyncio.open_connection(place.host, place.port)
            writer.close()
            await writer.wait_closed()
    except OSError:
        return False
    return True


@cache
def tls_context(ca: str = "") -> ssl.SSLContext:
    """What TLS links trust; read from the files once. Raises OSError when the file cannot be read."""
    return ssl.create_default_context(cafile=ca or None)


def _keep_alive(connected: Any, idle_s: float) -> None:
    """Have the system probe an idle connection, so that a peer that was switched off is noticed."""
    if not idle_s or connected is None:
        return
    # uvloop hands out a stand-in that cannot set options.
    with socket.socket(fileno=os.dup(connected.fileno())) as real:
        real.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_KEEPIDLE"):
            real.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, max(1, round(idle_s)))
            real.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEP_ALIVE_EVERY_S)
            real.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEP_ALIVE_PROBES)
