"""Somebody who may do everything."""

from stripchart.api.parts import Parts
from stripchart.auth.authenticator import Caller
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.model.account import Role


async def owner_token(parts: Parts) -> str:
    """An access token of the owner, who is made without a password: hashing one would take its time."""
    owner = await parts.catalog.accounts.add_user("owner", NO_PASSWORD, Role.OWNER, "en")
    done = await parts.doors.authenticator.open_session(owner, Caller("127.0.0.1", "tests"))
    return done.access_token
