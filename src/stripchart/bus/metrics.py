"""The newest of each device in Redis: a hash for everybody, a string for Stripchart itself, and two channels."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import orjson
from redis.asyncio import Redis

from stripchart.bus.base import Publication
from stripchart.bus.connection import Connection

UPDATES = "metrics:updates"
"""Channel: the JSON object of each device when it changes."""

SAMPLES = "metrics:samples"
"""Channel: the same for processes of Stripchart."""

Encodable: TypeAlias = "bytes | bytearray | memoryview[int] | str | int | float"
"""What the client library takes."""

_KEY = re.compile(rb"device:([0-9]{1,10}):metrics")
_SCANNED_AT_ONCE = 500


class RedisMetrics:
    """The store over the process's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def publish(self, news: Sequence[Publication], *, anew: bool) -> None:
        """Each device in one step, so that nobody sees half of it."""

        async def send(redis: Redis) -> None:
            async with redis.pipeline(transaction=anew) as commands:
                for each in news:
                    if anew:
                        commands.delete(_metrics(each.device_id))
                    commands.hset(_metrics(each.device_id), mapping=_texts(each.fields))
                    commands.set(_samples(each.device_id), each.samples)
                    commands.publish(UPDATES, each.text)
                    commands.publish(SAMPLES, each.samples)
                await commands.execute()

        await self._connection.ask(send)

    async def samples(self, devices: Sequence[int]) -> dict[int, bytes]:
        """What was kept of these devices last."""
        if not devices:
            return {}
        keys = [_samples(device) for device in devices]
        found = cast("list[bytes | None]", await self._connection.ask(lambda redis: redis.mget(keys)))
        return {device: kept for device, kept in zip(devices, found, strict=True) if kept is not None}

    async def devices(self) -> set[int]:
        """Those of which something is kept."""

        async def scan(redis: Redis) -> set[int]:
            keys = redis.scan_iter(match="device:*:metrics", count=_SCANNED_AT_ONCE)
            matches = [_KEY.fullmatch(key) async for key in keys]
            return {int(match[1]) for match in matches if match}

        return await self._connection.ask(scan)

    async def remove(self, devices: Sequence[int]) -> None:
        """Keep nothing of these any more."""
        keys = [key for device in devices for key in (_metrics(device), _samples(device))]
        if keys:
            await self._connection.ask(lambda redis: redis.delete(*keys))


def _metrics(device: int) -> str:
    return f"device:{device}:metrics"


def _samples(device: int) -> str:
    return f"device:{device}:samples"


def _texts(fields: Mapping[bytes, bytes]) -> dict[Encodable, Encodable]:
    """Fields of a hash: JSON, but texts as they are, without quotes."""
    return {name: _text(value) if value[:1] == b'"' else value for name, value in fields.items()}


def _text(quoted: bytes) -> bytes:
    text: str = orjson.loads(quoted)
    return text.encode()
