"""Redis comes, goes, hangs and returns; who asks is told at once, and who listens goes on."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from stripchart.bus.base import BusError
from stripchart.bus.connection import Connection, open_connection
from stripchart.bus.options import BusOptions
from tests.servers.redis import RedisServer
from tests.servers.running import redis


@pytest.fixture
def server() -> Iterator[RedisServer]:
    server = redis()
    yield server
    server.stop()
    server.start()


@pytest.fixture
async def connection(server: RedisServer) -> AsyncIterator[Connection]:
    options = BusOptions(server.url, connect_s=0.5, answer_s=0.5, longest_wait_s=0.2, look_s=0.2)
    async with open_connection(options) as opened:
        yield opened


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - of several events
            await asyncio.sleep(0.01)


async def there(connection: Connection) -> None:
    async with asyncio.timeout(20):
        await connection.there()


async def until_away(connection: Connection) -> None:
    await until(lambda: not connection.is_there)


async def test_what_it_is_asked_is_done(connection: Connection) -> None:
    await there(connection)
    await connection.ask(lambda redis: redis.set("a", "1"))
    assert await connection.ask(lambda redis: redis.get("a")) == b"1"
    health = connection.health()
    assert health.problem is None
    assert health.failures == 0
    assert health.place.startswith("redis://127.0.0.1:")


async def test_a_redis_that_was_killed_is_noticed_by_itself_and_found_again(
    connection: Connection, server: RedisServer
) -> None:
    found: list[float] = []
    connection.on_return(lambda: found.append(time.monotonic()))
    await there(connection)
    server.stop(signal.SIGKILL)
    await until_away(connection)
    assert connection.health().problem
    with pytest.raises(BusError, match="is away"):
        await connection.ask(lambda redis: redis.ping())
    server.start()
    await there(connection)
    assert await connection.ask(lambda redis: redis.ping())
    health = connection.health()
    assert health.returns == 1
    assert health.failures >= 1
    assert len(found) == 2


async def test_a_redis_that_hangs_is_away_too(connection: Connection, server: RedisServer) -> None:
    await there(connection)
    server.hold()
    try:
        await until_away(connection)
        with pytest.raises(BusError):
            await connection.ask(lambda redis: redis.ping())
    finally:
        server.let_go()
    await there(connection)
    assert await connection.ask(lambda redis: redis.ping())


async def test_a_refusal_is_no_absence(connection: Connection) -> None:
    await there(connection)
    await connection.ask(lambda redis: redis.set("text", "x"))
    with pytest.raises(BusError, match="refused"):
        await connection.ask(lambda redis: redis.hset("text", "field", "1"))
    assert connection.is_there
    assert connection.health().failures == 1


async def test_channels_are_followed_over_a_restart(connection: Connection, server: RedisServer) -> None:
    heard: list[bytes] = []
    listening = asyncio.create_task(connection.listen({"news": heard.append, "reload": heard.append}))
    try:
        await _tell(connection, b"first", heard)
        server.stop()
        await until_away(connection)
        server.start()
        await _tell(connection, b"second", heard)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_a_silent_channel_is_not_taken_for_a_dead_one(connection: Connection) -> None:
    heard: list[bytes] = []
    listening = asyncio.create_task(connection.listen({"news": heard.append}))
    try:
        await _tell(connection, b"first", heard)
        await asyncio.sleep(5 * connection.options.look_s)
        assert connection.health().failures == 0
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _tell(connection: Connection, message: bytes, heard: list[bytes]) -> None:
    """Publish it until it was heard: a channel is followed a moment after Redis is there."""
    async with asyncio.timeout(20):
        while message not in heard:
            await there(connection)
            await connection.ask(lambda redis: redis.publish("news", message))
            await asyncio.sleep(0.02)


async def test_there_need_not_be_any_redis(server: RedisServer) -> None:
    server.stop()
    async with asyncio.timeout(20), open_connection(BusOptions(server.url)) as connection:
        with pytest.raises(BusError, match="is away"):
            await connection.ask(lambda redis: redis.ping())
        await until(lambda: connection.health().since_ms is not None)
        assert "redis://" in connection.health().place
