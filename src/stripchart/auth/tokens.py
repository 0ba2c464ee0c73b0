"""JSON Web Tokens (RFC 7519), HS256: an access token opens the API for half an hour, a refresh token renews it."""

from dataclasses import dataclass
from typing import Any

import jwt

from stripchart.auth.errors import InvalidTokenError
from stripchart.model.account import Role, User, UserId

ACCESS_S = 30 * 60
REFRESH_S = 7 * 24 * 3600

_ALGORITHM = "HS256"
_ACCESS, _REFRESH = "access", "refresh"
_EXPIRED = "the session has expired; sign in again"
_INVALID = "the token is not valid; sign in again"


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says, until `expires_s` (Unix seconds)."""

    user_id: UserId
    username: str
    role: Role
    session_id: str
    expires_s: int


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """Which session a refresh token renews, and which of its tokens it is."""

    session_id: str
    refresh_id: str


class TokenSigner:
    """Makes and reads tokens with one secret. The two kinds say what they are and cannot stand in for each other.

    `access_s`: an access token is good for so long at the most.
    """

    def __init__(self, secret: bytes, access_s: int = ACCESS_S) -> None:
        self._secret, self._access_s = secret, access_s

    def access(self, user: User, session_id: str, now_ms: int, lasts_s: int = REFRESH_S) -> str:
        """Good for `lasts_s`, or for less."""
        return self._sign(
            _ACCESS,
            now_ms,
            min(lasts_s, self._access_s),
            {"sub": user.username, "user_id": user.id, "role": user.role.value, "sid": session_id},
        )

    def refresh(self, claims: RefreshClaims, now_ms: int, lasts_s: int = REFRESH_S) -> str:
        return self._sign(_REFRESH, now_ms, lasts_s, {"sid": claims.session_id, "jti": claims.refresh_id})

    def read_access(self, token: str, now_ms: int) -> AccessClaims:
        """Raises InvalidTokenError."""
        claims = self._read(token, _ACCESS, now_ms)
        try:
            return AccessClaims(
                UserId(int(claims["user_id"])), claims["sub"], Role(claims["role"]), claims["sid"], claims["exp"]
            )
        except (KeyError, ValueError) as error:
            raise InvalidTokenError(_INVALID) from error

    def read_refresh(self, token: str, now_ms: int) -> RefreshClaims:
        """Raises InvalidTokenError."""
        claims = self._read(token, _REFRESH, now_ms)
        try:
            return RefreshClaims(claims["sid"], claims["jti"])
        except KeyError as error:
            raise InvalidTokenError(_INVALID) from error

    def _sign(self, kind: str, now_ms: int, lasts_s: int, claims: dict[str, Any]) -> str:
        now_s = now_ms // 1000
        return jwt.encode({**claims, "typ": kind, "iat": now_s, "exp": now_s + lasts_s}, self._secret, _ALGORITHM)

    def _read(self, token: str, kind: str, now_ms: int) -> dict[str, Any]:
        # The library would ask the machine's clock; ours may be another.
        options: Any = {"require": ["exp", "iat"], "verify_exp": False, "verify_iat": False}
        try:
            claims: dict[str, Any] = jwt.decode(token, self._secret, [_ALGORITHM], options=options)
            expires_s = int(claims["exp"])
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise InvalidTokenError(_INVALID) from error
        if claims.get("typ") != kind:
            raise InvalidTokenError(f"this needs an {_ACCESS} token" if kind == _ACCESS else _INVALID)
        if expires_s * 1000 <= now_ms:
            raise InvalidTokenError(_EXPIRED)
        return claims
