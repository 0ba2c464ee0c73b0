"""Signing in and out against a real catalog."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import bcrypt
import pytest

from stripchart.auth.authenticator import Authenticator, Caller, Principal, SignedIn
from stripchart.auth.errors import (
    InvalidTokenError,
    SetUpError,
    TooManyAttemptsError,
    WeakPasswordError,
    WrongPasswordError,
)
from stripchart.auth.passwords import hashed
from stripchart.auth.set_up import SetUp
from stripchart.auth.tokens import TokenSigner
from stripchart.catalog.accounts import Accounts
from stripchart.catalog.database import url_of
from stripchart.catalog.errors import DuplicateError, InUseError, InvalidValueError
from stripchart.catalog.repository import open_catalog
from stripchart.model.account import Role, TokenKind

PASSWORD = "Turbine7"
HERE = Caller("127.0.0.1", "a browser")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at_ms = 1_750_000_000_000

    def now_ms(self) -> int:
        return self.at_ms

    def monotonic_ns(self) -> int:
        return self.at_ms * 1_000_000


class Door:
    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self.accounts, self.clock = accounts, clock
        self.authenticator = Authenticator(accounts, TokenSigner(b"s" * 32), clock)

    async def sign_in(self, username: str = "anna", password: str = PASSWORD) -> SignedIn:
        return await self.authenticator.sign_in(username, password, HERE)

    def who(self, signed_in: SignedIn) -> Principal:
        return self.authenticator.principal(signed_in.access_token)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of the least strength: the real one would take a quarter of a second each."""
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr(bcrypt, "gensalt", lambda *_: salt)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    clock = Clock()
    async with open_catalog(url_of(tmp_path / "catalog.db"), clock) as catalog:
        door = Door(catalog.accounts, clock)
        for name, role in (("olga", Role.OWNER), ("anna", Role.ADMIN)):
            await door.accounts.add_user(name, await hashed(PASSWORD), role, "en")
        await door.authenticator.load()
        yield door


async def test_who_signs_in_is_known_by_the_access_token(door: Door) -> None:
    who = door.who(await door.sign_in("ANNA"))
    assert (who.username, who.role) == ("anna", Role.ADMIN)


@pytest.mark.parametrize(("username", "password"), [("anna", "Turbine8"), ("nobody", PASSWORD), ("", "")])
async def test_unknown_user_and_wrong_password_are_one_answer(door: Door, username: str, password: str) -> None:
    with pytest.raises(WrongPasswordError, match=r"^the user name or the password is wrong$"):
        await door.sign_in(username, password)


async def test_guessing_is_stopped_even_with_the_right_password_in_the_end(door: Door) -> None:
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            await door.sign_in(password="Guess123")
    with pytest.raises(TooManyAttemptsError):
        await door.sign_in()
    door.clock.at_ms += 15 * 60_000
    await door.sign_in()


async def test_signing_out_ends_the_session_at_once_and_no_other(door: Door) -> None:
    first, second = await door.sign_in(), await door.sign_in()
    await door.authenticator.end_session(door.who(first).session_id)
    with pytest.raises(InvalidTokenError, match="ended"):
        door.who(first)
    with pytest.raises(InvalidTokenError, match="ended"):
        await door.authenticator.refresh(first.refresh_token)
    door.who(second)


async def test_a_deleted_user_is_out_at_once(door: Door) -> None:
    signed_in = await door.sign_in()
    who = door.who(signed_in)
    text, _ = await door.authenticator.make_token(who, "grafana", TokenKind.API, Role.READ_ONLY, None)
    await door.accounts.delete_user(who.user_id)
    door.authenticator.forget_user(who.user_id)
    for token in (signed_in.access_token, text):
        with pytest.raises(InvalidTokenError):
            door.authenticator.principal(token)


async def test_a_refresh_token_is_replaced_when_it_is_used(door: Door) -> None:
    first = await door.sign_in()
    second = await door.authenticator.refresh(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    third = await door.authenticator.refresh(second.refresh_token)
    assert door.who(third).username == "anna"


async def test_a_refresh_token_used_again_ends_the_session(door: Door) -> None:
    first = await door.sign_in()
    second = await door.authenticator.refresh(first.refresh_token)
    door.clock.at_ms += 60_000
    with pytest.raises(InvalidTokenError, match="used before"):
        await door.authenticator.refresh(first.refresh_token)
    for attempt in (second.access_token,):
        with pytest.raises(InvalidTokenError, match="ended"):
            door.authenticator.principal(attempt)
    with pytest.raises(InvalidTokenError, match="ended"):
        await door.authenticator.refresh(second.refresh_token)


async def test_a_session_ends_after_so_long_without_use_as_the_owner_says_also_one_that_is_open(door: Door) -> None:
    first = await door.sign_in()
    door.authenticator.limit(session_s=600, attempts=5)
    door.clock.at_ms += 599_000
    second = await door.authenticator.refresh(first.refresh_token)
    assert second.lasts_s == 600
    door.clock.at_ms += 599_000
    assert door.who(second).username == "anna"
    door.clock.at_ms += 1_000
    with pytest.raises(InvalidTokenError):
        await door.authenticator.refresh(second.refresh_token)
    with pytest.raises(InvalidTokenError, match="expired"):
        door.who(second)


async def test_an_open_session_is_too_old_as_soon_as_the_owner_says_so(door: Door) -> None:
    first = await door.sign_in()
    door.clock.at_ms += 3_600_000
    door.authenticator.limit(session_s=1800, attempts=5)
    with pytest.raises(InvalidTokenError, match="ended"):
        await door.authenticator.refresh(first.refresh_token)


async def test_two_tabs_may_renew_at_the_same_moment(door: Door) -> None:
    first = await door.sign_in()
    one, other = (
        await door.authenticator.refresh(first.refresh_token),
        await door.authenticator.refresh(first.refresh_token),
    )
    assert one.refresh_token == other.refresh_token


async def test_sessions_outlive_a_restart_and_end_after_a_week(door: Door) -> None:
    signed_in = await door.sign_in()
    again = Authenticator(door.accounts, TokenSigner(b"s" * 32), door.clock)
    await again.load()
    assert again.principal(signed_in.access_token).username == "anna"
    door.clock.at_ms += 7 * 24 * 3600 * 1000
    await again.load()
    with pytest.raises(InvalidTokenError):
        await again.refresh(signed_in.refresh_token)
    assert await door.accounts.sessions() == []


async def test_a_new_password_ends_the_other_sessions(door: Door) -> None:
    kept, other = await door.sign_in(), await door.sign_in()
    await door.authenticator.change_password(door.who(kept), PASSWORD, "Generator8", HERE)
    assert door.who(kept).username == "anna"
    with pytest.raises(InvalidTokenError):
        door.who(other)
    await door.sign_in(password="Generator8")


async def test_a_password_is_changed_only_with_the_old_one_and_to_a_good_one(door: Door) -> None:
    who = door.who(await door.sign_in())
    with pytest.raises(WrongPasswordError):
        await door.authenticator.change_password(who, "Turbine8", "Generator8", HERE)
    with pytest.raises(WeakPasswordError):
        await door.authenticator.change_password(who, PASSWORD, "short", HERE)
    await door.sign_in()


async def test_a_token_is_its_makers_and_may_do_no_more_than_asked(door: Door) -> None:
    who = door.who(await door.sign_in())
    text, token = await door.authenticator.make_token(who, "grafana", TokenKind.API, Role.READ_ONLY, None)
    assert door.authenticator.principal(text).role is Role.READ_ONLY
    assert (text.startswith(token.hint), token.hint in repr(token)) == (True, True)
    assert door.authenticator.tokens_of(who.user_id) == [token]


async def test_a_token_never_does_more_than_its_maker(door: Door) -> None:
    who = door.who(await door.sign_in())
    text, _ = await door.authenticator.make_token(who, "script", TokenKind.API, Role.OWNER, None)
    assert door.authenticator.principal(text).role is Role.ADMIN


async def test_a_display_token_only_shows(door: Door) -> None:
    who = door.who(await door.sign_in("olga"))
    text, _ = await door.authenticator.make_token(who, "wall", TokenKind.DISPLAY, Role.OWNER, None)
    shown = door.authenticator.principal(text)
    assert (shown.role, shown.kind) == (Role.READ_ONLY, TokenKind.DISPLAY)


async def test_a_token_ends_when_it_expires_or_is_deleted(door: Door) -> None:
    who = door.who(await door.sign_in())
    expires_ms = door.clock.at_ms + 1000
    text, _ = await door.authenticator.make_token(who, "short", TokenKind.API, Role.READ_ONLY, expires_ms)
    other, token = await door.authenticator.make_token(who, "long", TokenKind.API, Role.READ_ONLY, None)
    door.clock.at_ms = expires_ms
    with pytest.raises(InvalidTokenError, match="expired"):
        door.authenticator.principal(text)
    await door.authenticator.drop_token(token)
    with pytest.raises(InvalidTokenError, match="deleted"):
        door.authenticator.principal(other)


async def test_tokens_are_kept_as_hashes(door: Door, tmp_path: Path) -> None:
    who = door.who(await door.sign_in())
    text, _ = await door.authenticator.make_token(who, "grafana", TokenKind.API, Role.READ_ONLY, None)
    kept = await asyncio.to_thread(lambda: b"".join(file.read_bytes() for file in tmp_path.glob("catalog.db*")))
    assert text.encode() not in kept
    assert PASSWORD.encode() not in kept


async def test_the_set_up_link_makes_one_owner_and_no_other(tmp_path: Path) -> None:
    clock = Clock()
    async with open_catalog(url_of(tmp_path / "new.db"), clock) as catalog:
        authenticator = Authenticator(catalog.accounts, TokenSigner(b"s" * 32), clock)
        set_up = SetUp(catalog.accounts, authenticator)
        secret = await set_up.secret()
        assert secret
        with pytest.raises(SetUpError):
            await set_up.make_owner("wrong", "olga", PASSWORD, "en", HERE)
        signed_in = await set_up.make_owner(secret, "olga", PASSWORD, "ru", HERE)
        assert (signed_in.user.role, signed_in.user.language) == (Role.OWNER, "ru")
        assert authenticator.principal(signed_in.access_token).username == "olga"
        assert await set_up.secret() is None
        with pytest.raises(SetUpError):
            await set_up.make_owner(secret, "oleg", PASSWORD, "en", HERE)


async def test_users_have_names_of_their_own_and_one_owner(door: Door) -> None:
    with pytest.raises(DuplicateError, match="username"):
        await door.accounts.add_user("Anna", b"", Role.READ_ONLY, "en")
    with pytest.raises(InUseError, match="exactly one"):
        await door.accounts.add_user("oleg", b"", Role.OWNER, "en")
    for name in ("ab", "x" * 51, "two words", "semi;colon"):
        with pytest.raises(InvalidValueError, match="username"):
            await door.accounts.add_user(name, b"", Role.READ_ONLY, "en")
    owner, admin = await door.accounts.users()
    with pytest.raises(InUseError, match="owner"):
        await door.accounts.delete_user(owner.id)
    assert (await door.accounts.change_user(admin.id, zone="Europe/Berlin")).zone == "Europe/Berlin"
    with pytest.raises(InvalidValueError, match="IANA"):
        await door.accounts.change_user(admin.id, zone="Mars/Olympus")
