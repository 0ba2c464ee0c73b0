"""The ways in, put together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from stripchart.auth.authenticator import Authenticator
from stripchart.auth.links import SignInLink
from stripchart.auth.secret import signing_secret
from stripchart.auth.set_up import SetUp
from stripchart.auth.store import AccountStore
from stripchart.auth.tokens import TokenSigner
from stripchart.model.time import Clock

log = structlog.get_logger()

_LOOK_AT_STORE_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Doors:
    """`stream_is_public`: whether live values may be followed without signing in; `metrics_are_public`: the same
    of the figures for Prometheus.

    `host_names`: names the server answers to beside its addresses and its own name.
    """

    authenticator: Authenticator
    set_up: SetUp
    link: SignInLink
    stream_is_public: bool = True
    metrics_are_public: bool = True
    host_names: tuple[str, ...] = ()


@contextlib.asynccontextmanager
async def open_doors(
    store: AccountStore,
    secret_file: Path,
    clock: Clock,
    *,
    stream_is_public: bool,
    metrics_are_public: bool,
    host_names: tuple[str, ...],
) -> AsyncIterator[Doors]:
    """Ready to be knocked at. What another program changes in the store is in effect seconds later.

    Raises SecretError when the signing secret cannot be had.
    """
    secret = await asyncio.to_thread(signing_secret, secret_file)
    authenticator = Authenticator(store, TokenSigner(secret), clock)
    await authenticator.load()
    following = asyncio.create_task(_follow_store(authenticator), name="follow accounts")
    try:
        yield Doors(
            authenticator,
            SetUp(store, authenticator),
            SignInLink(authenticator),
            stream_is_public,
            metrics_are_public,
            host_names,
        )
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _follow_store(authenticator: Authenticator) -> None:
    while True:
        await asyncio.sleep(_LOOK_AT_STORE_EVERY_S)
        try:
            await authenticator.load()
        except Exception:
            log.exception("accounts.not_read")
