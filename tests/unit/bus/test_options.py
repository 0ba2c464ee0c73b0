"""The address of Redis: what is one, and what of it may be told."""

import pytest

from stripchart.bus.options import BusOptions, check_url
from stripchart.settings import Settings


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://localhost:6379/0",
        "rediss://:secret@redis.plant:6380/2",
        "unix:///run/redis.sock?db=1",
    ],
)
def test_an_address_of_redis_is_taken(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["localhost:6379", "http://localhost", "redis://", "redis://localhost/x", "redis://localhost?retry=9", "unix://"],
)
def test_what_is_none_is_refused_with_what_is_allowed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPCHART_REDIS_URL", url)
    with pytest.raises(ValueError, match="allowed is redis://"):
        Settings()


def test_the_name_that_other_programs_use_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://redis:6379/0")
    assert Settings().redis_url == "redis://redis:6379/0"


def test_a_password_is_never_told() -> None:
    assert BusOptions("redis://user:secret@redis.plant:6379/1").place == "redis://redis.plant:6379/1"
