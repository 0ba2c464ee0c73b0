"""The first start: a link, good once, with which somebody becomes the owner."""

import hmac
import secrets

from stripchart.auth.authenticator import Authenticator, Caller, SignedIn
from stripchart.auth.errors import SetUpError
from stripchart.auth.passwords import check_password, hashed
from stripchart.auth.store import AccountStore
from stripchart.model.account import Role


class SetUp:
    """Its secret lives in memory alone: a restart makes another, and an owner makes it void."""

    def __init__(self, store: AccountStore, authenticator: Authenticator) -> None:
        self._store, self._authenticator = store, authenticator
        self._secret = secrets.token_urlsafe(24)

    async def secret(self) -> str | None:
        """What goes into the link; None once there is an owner."""
        return None if await self._store.has_owner() else self._secret

    async def make_owner(self, secret: str, username: str, password: str, language: str, caller: Caller) -> SignedIn:
        """Raises SetUpError, WeakPasswordError, and the store's errors for the name."""
        expected = await self.secret()
        if expected is None or not hmac.compare_digest(expected.encode(), secret.encode()):
            raise SetUpError("the set-up link is used up or wrong; the server prints the good one when it starts")
        check_password(password, username)
        user = await self._store.add_user(username, await hashed(password), Role.OWNER, language)
        return await self._authenticator.open_session(user, caller)
