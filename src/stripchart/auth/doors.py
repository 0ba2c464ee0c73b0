"""The ways in, put together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from stripchart.auth.authenticator import Authenticator
from stripchart.auth.links import SignInLink
from stripchart.auth.secret import signing_secret
from stripchart.auth.set_up import SetUp
from stripchart.auth.store import AccountStore
from stripchart.auth.tokens import ACCESS_S, TokenSigner
from stripchart.background import in_background
from stripchart.model.time import Clock

log = structlog.get_logger()

_LOOK_AT_STORE_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class DoorOptions:
    """`stream_is_public`: whether live values may be followed without signing in; `socket_is_public`: the same over
    WebSocket; `metrics_are_public`: the same of the figures for Prometheus.

    `host_names`: names the server answers to beside its addresses and its own name. `signing_secret`: signs tokens;
    None: the one of the data folder does. `access_s`: how long an access token is good.
    """

    stream_is_public: bool = True
    socket_is_public: bool = False
    metrics_are_public: bool = True
    host_names: tuple[str, ...] = ()
    signing_secret: bytes | None = field(default=None, repr=False)
    access_s: int = ACCESS_S


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways in, and who may go in without knocking."""

    authenticator: Authenticator
    set_up: SetUp
    link: SignInLink
    options: DoorOptions


@contextlib.asynccontextmanager
async def open_doors(
    store: AccountStore, secret_file: Path, clock: Clock, options: DoorOptions
) -> AsyncIterator[Doors]:
    """Ready to be knocked at. What another program changes in the store is in effect seconds later.

    Raises SecretError when the signing secret cannot be had.
    """
    secret = options.signing_secret
    if secret is None:
        secret = await asyncio.to_thread(signing_secret, secret_file)
    authenticator = Authenticator(store, TokenSigner(secret, options.access_s), clock)
    await authenticator.load()
    async with in_background({"follow accounts": _follow_store(authenticator)}):
        yield Doors(authenticator, SetUp(store, authenticator), SignInLink(authenticator), options)


async def _follow_store(authenticator: Authenticator) -> None:
    """A store that is away for long is told of once, and once more when it is back."""
    is_read = True
    while True:
        await asyncio.sleep(_LOOK_AT_STORE_EVERY_S)
        was_read = is_read
        is_read = await _load(authenticator, is_news=was_read)
        if is_read and not was_read:
            log.info("accounts.read_again")


async def _load(authenticator: Authenticator, *, is_news: bool) -> bool:
    try:
        await authenticator.load()
    except Exception:
        if is_news:
            log.exception("accounts.not_read")
        return False
    return True
