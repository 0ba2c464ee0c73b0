"""What a password must have, and that checking one never tells who exists."""

import bcrypt
import pytest

from stripchart.auth.errors import WeakPasswordError
from stripchart.auth.passwords import COST, NO_PASSWORD, NOBODY, check_password, hashed, matches


@pytest.mark.parametrize("password", ["Turbine7", "correct horse battery", "пароль Щит 9", "电力监控系统2026号"])
def test_a_good_password_passes(password: str) -> None:
    check_password(password, "anna")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Turb7", "5 characters; at least 8"),
        ("turbine77", "a capital letter"),
        ("TURBINE77", "a small letter"),
        ("Turbinenhaus", "a digit"),
        ("turbinenhaus", "a capital letter and a digit"),
        ("ANNA-2026-x", "must not hold the user name"),
        ("x" * 73, "more than 72 bytes"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPasswordError, match=reason):
        check_password(password, "anna")


async def test_only_the_same_password_matches_its_hash() -> None:
    kept = await hashed("Turbine7")
    assert kept.startswith(b"$2b$%d$" % COST)
    assert await matches("Turbine7", kept)
    assert not await matches("Turbine8", kept)


async def test_nothing_matches_for_a_user_that_is_not_there() -> None:
    assert not await matches("Turbine7", None)


async def test_nothing_matches_for_a_user_without_a_password() -> None:
    assert not await matches("*", NO_PASSWORD)


async def test_an_unknown_user_costs_a_hash_of_the_same_strength(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[bytes] = []

    def noting(_password: bytes, password_hash: bytes) -> bool:
        costs.append(password_hash[:7])
        return False

    monkeypatch.setattr(bcrypt, "checkpw", noting)
    await matches("Turbine7", None)
    await matches("Turbine7", b"$2b$12$known")
    assert costs == [b"$2b$12$", b"$2b$12$"]


async def test_what_follows_the_72nd_byte_is_not_ignored() -> None:
    assert not await matches("x" * 73, await hashed("x" * 72))


def test_checking_the_password_of_nobody_takes_as_long_as_of_somebody() -> None:
    assert NOBODY.startswith(b"$2b$%d$" % COST)
    assert len(NOBODY) == 60
