"""Accounts: who may use the program, and as what."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

UserId = NewType("UserId", int)
TokenId = NewType("TokenId", int)


class Role(StrEnum):
    """What a user may do. Exactly one user is the owner."""

    OWNER = "owner"
    ADMIN = "admin"
    READ_ONLY = "read_only"

    def reaches(self, needed: "Role") -> bool:
        """Whether this role may do all that the needed one may."""
        return _RANK[self] >= _RANK[needed]


_RANK = {Role.READ_ONLY: 0, Role.ADMIN: 1, Role.OWNER: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with a password. `language` is one of the page's; times are UTC ms.

    `zone`: the IANA time zone on whose clocks to tell times; empty for that of each site.
    """

    id: UserId
    username: str
    role: Role
    language: str
    zone: str
    created_ms: int
    updated_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser, from signing in until signing out. Its refresh token is replaced each time it is used.

    `refresh_id` names the refresh token that is good now, `previous_id` the one before it, replaced at `rotated_ms`.
    """

    id: str
    user_id: UserId
    refresh_id: str
    previous_id: str
    rotated_ms: int
    created_ms: int
    expires_ms: int
    address: str
    agent: str


class TokenKind(StrEnum):
    """`api`: for programs of a user. `display`: for a screen on a wall, that shows and never changes anything."""

    API = "api"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be."""

    user_id: UserId
    name: str
    kind: TokenKind
    role: Role
    hint: str
    expires_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token a user made. Only its hash is kept; `hint` is its beginning, to tell one from another.

    It may never do more than `role`, nor more than its maker. `expires_ms` None: it is good until it is deleted.
    """

    id: TokenId
    user_id: UserId
    name: str
    kind: TokenKind
    role: Role
    hint: str
    created_ms: int
    expires_ms: int | None
