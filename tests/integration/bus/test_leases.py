"""Leases in a real Redis: one holder at a time, tokens that only grow, and nothing given by a Redis that forgot."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from stripchart.bus.base import BusError
from stripchart.bus.connection import Connection, open_connection
from stripchart.bus.leases import RedisLeases
from stripchart.bus.options import BusOptions
from stripchart.polling.lease_store import CollectorInfo
from tests.servers.redis import RedisServer

SHORT_MS, LONG_MS, YOUNG_MS = 300, 60_000, 10**9
NEW = {"a": False}


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
async def connection(server: RedisServer) -> AsyncIterator[Connection]:
    async with open_connection(BusOptions(server.url)) as opened, asyncio.timeout(30):
        await opened.there()
        await opened.ask(lambda redis: redis.flushall())
        yield opened


@pytest.fixture
async def leases(connection: Connection) -> RedisLeases:
    store = RedisLeases(connection)
    async with asyncio.timeout(30):
        while not await store.hold("nobody", {"first": False}, SHORT_MS):  # noqa: ASYNC110 - Redis must be a second old
            await asyncio.sleep(0.05)
    return store


async def test_one_has_it_until_it_lets_go(leases: RedisLeases) -> None:
    token = (await leases.hold("one", NEW, 900))["a"]
    assert await leases.hold("two", NEW, 900) == {}
    renewed = await leases.hold("one", {"a": True, "b": False}, 900)
    assert renewed["a"] == token < renewed["b"]
    assert await leases.holder("a") == ("one", token)
    await leases.give_back("two", ["a"])
    assert await leases.holder("a") == ("one", token)
    await leases.give_back("one", ["a", "b"])
    assert await leases.holder("a") is None
    assert (await leases.hold("two", NEW, 900))["a"] > token


async def test_what_is_not_renewed_ends_by_itself(leases: RedisLeases) -> None:
    token = (await leases.hold("one", NEW, SHORT_MS))["a"]
    async with asyncio.timeout(20):
        while not (taken := await leases.hold("two", NEW, SHORT_MS)):  # noqa: ASYNC110 - it ends in Redis
            await asyncio.sleep(0.02)
    assert taken["a"] > token
    assert await leases.hold("one", {"a": True}, SHORT_MS) == {}


async def test_tokens_grow_also_when_redis_has_forgotten_those_it_gave(
    leases: RedisLeases, connection: Connection
) -> None:
    token = (await leases.hold("one", NEW, 900))["a"]
    await connection.ask(lambda redis: redis.flushall())
    assert (await leases.hold("two", NEW, 900))["a"] > token


async def test_a_redis_that_has_just_begun_gives_nothing_but_what_was_held(leases: RedisLeases) -> None:
    assert (await leases.hold("one", {"a": False, "b": True}, YOUNG_MS)).keys() == {"b"}
    assert await leases.holder("a") is None


async def test_those_who_live_are_met_and_those_who_go_or_fall_silent_are_not(leases: RedisLeases) -> None:
    one, two = CollectorInfo("one", "m", "collector", frozenset({"/dev/ttyS0"})), CollectorInfo("two", "m", "all")
    await leases.meet("one", one.told(), LONG_MS)
    met = await leases.meet("two", two.told(), SHORT_MS)
    assert {name: CollectorInfo.heard(told) for name, told in met.items()} == {"one": one, "two": two}
    async with asyncio.timeout(20):
        while "two" in await leases.collectors():  # noqa: ASYNC110 - it ends in Redis
            await asyncio.sleep(0.02)
    await leases.leave("one")
    assert await leases.collectors() == {}


async def test_hundreds_of_leases_are_one_step(leases: RedisLeases) -> None:
    names = {f"tcp:10.0.{number // 250}.{number % 250}:502": False for number in range(2000)}
    assert (await leases.hold("one", names, 900)).keys() == names.keys()


async def test_while_redis_is_away_everything_says_so(leases: RedisLeases, server: RedisServer) -> None:
    server.stop()
    try:
        with pytest.raises(BusError):
            await leases.hold("one", NEW, 900)
        with pytest.raises(BusError):
            await leases.meet("one", b"{}", 900)
    finally:
        server.start()


@pytest.mark.parametrize("told", [b"", b"[]", b'{"name": "a"}'])
def test_what_is_no_collector_is_not_taken_for_one(told: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of the parser too
        CollectorInfo.heard(told)
