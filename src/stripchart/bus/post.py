"""Post: messages from one process to another over Redis, which keeps none of them."""

from collections.abc import Mapping
from typing import cast

from stripchart.bus.connection import Connection, Told


class RedisPost:
    """The post over the process's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def send(self, channel: str, message: bytes) -> int:
        """How many heard it. Raises BusError."""
        return cast("int", await self._connection.ask(lambda redis: redis.publish(channel, message)))

    async def listen(self, channels: Mapping[str, Told]) -> None:
        """Follow these channels until cancelled; what is sent while Redis is away is missed."""
        await self._connection.listen(channels)
