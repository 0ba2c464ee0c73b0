"""The connection to Redis: there or away, looked for in the background, never waited for by who has other work."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from stripchart.background import in_background
from stripchart.bus.base import BusError, BusHealth
from stripchart.bus.options import BusOptions
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.system_cause import server_cause

log = structlog.get_logger()

_T = TypeVar("_T")

_CONNECTIONS_MOST = 32
_AWAY = (RedisConnectionError, RedisTimeoutError, TimeoutError, OSError)

Told = Callable[[bytes], None]
"""Takes a message. Must be quick, and must not raise."""


class Connection:
    """One for the whole process. Use `open_connection`."""

    def __init__(self, options: BusOptions) -> None:
        self.options = options
        self._redis = Redis.from_url(
            options.url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=options.connect_s,
            socket_timeout=options.answer_s,
            max_connections=_CONNECTIONS_MOST,
        )
        self._there = asyncio.Event()
        self._look_now = asyncio.Event()
        self._problem: str | None = "not reached yet"
        self._cause: Cause | None = Cause(CauseCode.NOT_CONNECTED)
        self._since_ms: int | None = None
        self._failures = self._returns = 0
        self._returned: list[Callable[[], None]] = []

    def health(self) -> BusHealth:
        return BusHealth(
            self.options.place, self._problem, self._since_ms, self._failures, self._returns, self._cause
        )

    @property
    def is_there(self) -> bool:
        """Whether Redis answered last time."""
        return self._there.is_set()

    async def there(self) -> None:
        """Wait until Redis is there."""
        await self._there.wait()

    def on_return(self, told: Callable[[], None]) -> None:
        """From now on this is called whenever Redis is found, the first time too; it must be quick and not raise."""
        self._returned.append(told)

    async def ask(self, what: Callable[[Redis], Awaitable[_T]]) -> _T:
        """Have Redis do something, within `answer_s`. Raises BusError, while it is away at once.

        What failed half-way may have been done.
        """
        if not self.is_there:
            raise BusError(f"{self.options.place} is away: {self._problem}", self._cause)
        return await self._ask(what)

    async def listen(self, channels: Mapping[str, Told]) -> None:
        """Follow these channels until cancelled, also over times when Redis is away: what is sent then is missed."""
        while True:
            await self.there()
            try:
                async with self._redis.pubsub() as heard:
                    await heard.subscribe(*channels)
                    await self._hear(heard, channels)
            except _AWAY:
                # Of an old connection it may come late: whether Redis is away is for `keep` to see.
                self._failures += 1
                self._look_now.set()
                await asyncio.sleep(self.options.first_wait_s)
            except RedisError as error:
                self._failures += 1
                log.warning("bus.not_followed", place=self.options.place, reason=_reason(error))
                await asyncio.sleep(self.options.longest_wait_s)

    async def _hear(self, heard: PubSub, channels: Mapping[str, Told]) -> None:
        """Take messages; a Redis that is silent for long is asked whether it is still there."""
        silent = False
        while True:
            message = await heard.get_message(timeout=self.options.look_s)
            if message is None and silent:
                raise TimeoutError(f"no answer within {self.options.look_s:g} s")
            silent = message is None
            if message is None:
                await heard.ping()
            elif message["type"] == "message":
                channels[message["channel"].decode()](message["data"])

    async def _ask(self, what: Callable[[Redis], Awaitable[_T]]) -> _T:
        patience_s = self.options.connect_s + self.options.answer_s
        try:
            async with asyncio.timeout(patience_s):
                return await what(self._redis)
        except _AWAY as error:
            self._lose(error)
            raise BusError(f"{self.options.place} is away: {self._problem}", self._cause) from error
        except RedisError as error:
            self._failures += 1
            raise BusError(f"{self.options.place} refused: {_reason(error)}") from error

    async def keep(self) -> None:
        """Look for Redis until cancelled: now and then while it is there, less and less often while it is not."""
        wait_s = self.options.first_wait_s
        while True:
            with contextlib.suppress(BusError):
                await self._ask(self._look)
                self._find()
            if self.is_there:
                wait_s = self.options.first_wait_s
                await self._until_looked_for(self.options.look_s)
            else:
                # Not all processes of a plant at once.
                await asyncio.sleep(wait_s * random.uniform(0.5, 1.0))  # noqa: S311
                wait_s = min(2 * wait_s, self.options.longest_wait_s)

    async def _look(self, redis: Redis) -> None:
        if not self.is_there:
            # Those from before are dead, and who asks next should not find out.
            await redis.connection_pool.disconnect(inuse_connections=False)
        await redis.ping()

    async def _until_looked_for(self, most_s: float) -> None:
        self._look_now.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                await self._look_now.wait()

    def _find(self) -> None:
        if self.is_there:
            return
        now_ms = time.time_ns() // 1_000_000
        if self._since_ms is not None:
            log.info("bus.back", place=self.options.place, away_s=round((now_ms - self._since_ms) / 1000, 1))
            self._returns += 1
        self._problem, self._cause, self._since_ms = None, None, now_ms
        self._there.set()
        for told in self._returned:
            told()

    def _lose(self, error: Exception) -> None:
        self._failures += 1
        was_there = self.is_there
        if was_there or self._since_ms is None:
            self._since_ms = time.time_ns() // 1_000_000
            log.warning("bus.away", place=self.options.place, reason=_reason(error))
        self._problem, self._cause = _reason(error), server_cause(error)
        self._there.clear()
        self._look_now.set()

    async def aclose(self) -> None:
        with contextlib.suppress(*_AWAY, RedisError):
            await self._redis.aclose()


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


@contextlib.asynccontextmanager
async def open_connection(options: BusOptions) -> AsyncIterator[Connection]:
    """The connection, kept up until the context ends. It opens at once, whether Redis is there or not."""
    connection = Connection(options)
    try:
        async with in_background({"keep redis": connection.keep()}):
            yield connection
    finally:
        await connection.aclose()
