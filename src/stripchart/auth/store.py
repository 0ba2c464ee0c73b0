"""What signing in needs of whoever keeps the accounts."""

from typing import Protocol

from stripchart.model.account import ApiToken, NewToken, Role, Session, TokenId, User, UserId
from stripchart.model.audit import Deed


class AccountStore(Protocol):
    """Users, sessions and tokens on disk. A method that returns has done it for good."""

    async def credentials(self, username: str) -> tuple[User, bytes] | None:
        """The user of this name, capital letters making no difference, and the password's hash."""

    async def password_hash(self, user: UserId) -> bytes | None:
        """None when there is no such user."""

    async def has_owner(self) -> bool:
        """Whether somebody owns the plant."""

    async def users(self) -> list[User]:
        """All of them, in the order they were added."""

    async def add_user(self, username: str, password_hash: bytes, role: Role, language: str) -> User:
        """Raises the store's errors for a name that is taken or not allowed, and for a second owner."""

    async def set_password(self, user: UserId, password_hash: bytes, *, keep_session: str | None) -> None:
        """Change it, and end all sessions of the user but this one."""

    async def sessions(self) -> list[Session]:
        """Those that have not expired; the others are forgotten."""

    async def put_session(self, session: Session) -> None:
        """Add it, or replace the one of its id."""

    async def drop_session(self, session_id: str) -> None:
        """Forget it, if it is there."""

    async def tokens(self) -> list[tuple[bytes, ApiToken]]:
        """All tokens with the SHA-256 of each."""

    async def add_token(self, digest: bytes, token: NewToken) -> ApiToken:
        """Keep a new token."""

    async def drop_token(self, token: TokenId) -> None:
        """Forget it, if it is there."""

    async def note(self, deed: Deed) -> None:
        """Put into the audit what the store cannot see. What it does itself it puts there by itself."""
