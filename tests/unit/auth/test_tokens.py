"""Tokens are what they say, for as long as they say."""

import jwt
import pytest

from stripchart.auth.errors import InvalidTokenError
from stripchart.auth.tokens import ACCESS_S, REFRESH_S, RefreshClaims, TokenSigner
from stripchart.model.account import Role, User, UserId

NOW_MS = 1_750_000_000_000
SECRET = b"s" * 32
SIGNER = TokenSigner(SECRET)
ANNA = User(id=UserId(7), username="anna", role=Role.ADMIN, language="en", zone="UTC", created_ms=0, updated_ms=0)


def test_an_access_token_says_who_and_for_half_an_hour() -> None:
    token = SIGNER.access(ANNA, "session", NOW_MS)
    claims = SIGNER.read_access(token, NOW_MS + ACCESS_S * 1000 - 1)
    assert (claims.user_id, claims.username, claims.role, claims.session_id) == (7, "anna", Role.ADMIN, "session")
    with pytest.raises(InvalidTokenError, match="expired"):
        SIGNER.read_access(token, NOW_MS + ACCESS_S * 1000)


def test_a_refresh_token_lasts_a_week() -> None:
    token = SIGNER.refresh(RefreshClaims("session", "one"), NOW_MS)
    assert SIGNER.read_refresh(token, NOW_MS + REFRESH_S * 1000 - 1) == RefreshClaims("session", "one")
    with pytest.raises(InvalidTokenError, match="expired"):
        SIGNER.read_refresh(token, NOW_MS + REFRESH_S * 1000)


def test_the_two_kinds_cannot_stand_in_for_each_other() -> None:
    with pytest.raises(InvalidTokenError):
        SIGNER.read_access(SIGNER.refresh(RefreshClaims("session", "one"), NOW_MS), NOW_MS)
    with pytest.raises(InvalidTokenError):
        SIGNER.read_refresh(SIGNER.access(ANNA, "session", NOW_MS), NOW_MS)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        TokenSigner(b"t" * 32).access(ANNA, "session", NOW_MS),
        jwt.encode(
            {"typ": "access", "exp": 9e9, "iat": 0, "user_id": 7, "sub": "anna", "role": "owner"}, None, "none"
        ),
        jwt.encode({"typ": "access", "exp": 9e9, "iat": 0, "user_id": 7, "sub": "anna", "role": "god"}, SECRET),
        jwt.encode({"typ": "access", "user_id": 7, "sub": "anna", "role": "owner", "sid": "s"}, SECRET),
    ],
    ids=["empty", "nonsense", "another secret", "unsigned", "unknown role", "for ever"],
)
def test_anything_else_is_no_token(token: str) -> None:
    with pytest.raises(InvalidTokenError):
        SIGNER.read_access(token, NOW_MS)


def test_an_access_token_lasts_as_long_as_the_signer_says_and_never_longer_than_its_session() -> None:
    quick = TokenSigner(bytes(32), access_s=60)
    assert quick.read_access(quick.access(ANNA, "s1", NOW_MS), NOW_MS).expires_s == NOW_MS // 1000 + 60
    assert quick.read_access(quick.access(ANNA, "s1", NOW_MS, 30), NOW_MS).expires_s == NOW_MS // 1000 + 30
