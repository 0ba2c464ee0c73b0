"""Links that sign somebody in without a password: for a demo on this machine."""

import hmac
import secrets

from stripchart.auth.authenticator import Authenticator, Caller, SignedIn
from stripchart.auth.errors import SetUpError
from stripchart.model.account import User


class SignInLink:
    """Good for one user, and until the program ends. Nobody has it before `open_for` makes one."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator
        self._user: User | None = None
        self._secret = secrets.token_urlsafe(24)

    def open_for(self, user: User) -> str:
        """The secret that goes into the link."""
        self._user = user
        self._authenticator.know_user(user)
        return self._secret

    async def redeem(self, secret: str, caller: Caller) -> SignedIn:
        """Raises SetUpError."""
        if self._user is None or not hmac.compare_digest(self._secret.encode(), secret.encode()):
            raise SetUpError("the sign-in link is not good any more; the program prints the good one when it starts")
        return await self._authenticator.open_session(self._user, caller)
