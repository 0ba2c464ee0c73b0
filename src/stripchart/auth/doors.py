"""The ways in, put together."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from stripchart.auth.authenticator import Authenticator
from stripchart.auth.links import SignInLink
from stripchart.auth.secret import signing_secret
from stripchart.auth.set_up import SetUp
from stripchart.auth.store import AccountStore
from stripchart.auth.tokens import TokenSigner
from stripchart.model.time import Clock


@dataclass(frozen=True, slots=True)
class Doors:
    """`stream_is_public`: whether live values may be followed without signing in."""

    authenticator: Authenticator
    set_up: SetUp
    link: SignInLink
    stream_is_public: bool


async def open_doors(store: AccountStore, secret_file: Path, clock: Clock, *, stream_is_public: bool) -> Doors:
    """Ready to be knocked at. Raises ValueError and OSError when the signing secret cannot be had."""
    secret = await asyncio.to_thread(signing_secret, secret_file)
    authenticator = Authenticator(store, TokenSigner(secret), clock)
    await authenticator.load()
    return Doors(authenticator, SetUp(store, authenticator), SignInLink(authenticator), stream_is_public)
