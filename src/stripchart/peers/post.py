"""The ports: how letters travel, and who holds what."""

from collections.abc import Callable, Mapping
from typing import Protocol

ASKS, ANSWERS = "stripchart:asks:", "stripchart:answers:"
"""Channels, each followed by the name of who listens there."""


class Post(Protocol):
    """Letters to whoever listens now; nobody keeps them."""

    async def send(self, channel: str, message: bytes) -> int:
        """How many heard it. Raises BusError."""

    async def listen(self, channels: Mapping[str, Callable[[bytes], None]]) -> None:
        """Follow these channels until cancelled."""


class Holders(Protocol):
    """Who holds what. Every method raises BusError."""

    async def collectors(self) -> dict[str, bytes]:
        """All that live, each with what it said of itself."""

    async def holder(self, name: str) -> tuple[str, int] | None:
        """Who has the lease, and its token; None when nobody does."""
