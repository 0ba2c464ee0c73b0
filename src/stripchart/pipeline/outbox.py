"""Samples on their way to the historian: bounded, and counted when the bound is reached."""

import asyncio
from collections import deque

from stripchart.model.sample import PointId, SampleBatch


class Outbox:
    """Batches waiting to be stored. Over `limit` samples the oldest batches go, and are counted in `dropped`.

    The limit is what a dead historian may cost in memory: 21 bytes a sample.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._batches: deque[SampleBatch] = deque()
        self._filled = asyncio.Event()
        self.waiting = 0
        self.dropped = 0

    def put(self, batch: SampleBatch) -> None:
        """Add behind all others."""
        self._batches.append(batch)
        self.waiting += len(batch)
        self._drop_oldest()
        self._filled.set()

    def put_back(self, batch: SampleBatch) -> None:
        """Return what could not be stored: it stays the oldest."""
        self._batches.appendleft(batch)
        self.waiting += len(batch)
        self._drop_oldest()
        self._filled.set()

    async def filled(self) -> None:
        """Wait until a batch waits."""
        await self._filled.wait()

    @property
    def batches(self) -> int:
        """How many batches wait."""
        return len(self._batches)

    def __bool__(self) -> bool:
        return bool(self._batches)

    def take(self, most: int) -> SampleBatch:
        """The oldest batches as one, up to about `most` samples; an empty one when nothing waits.

        A batch with another text of a point begins a new take, because one batch has room for one text of a point.
        """
        taken: list[SampleBatch] = []
        texts: dict[PointId, str] = {}
        count = 0
        while self._batches and (not taken or count + len(self._batches[0]) <= most):
            fresh = self._batches[0].texts
            if any(texts.get(point, text) != text for point, (_, text) in fresh.items()):
                break
            texts.update((point, text) for point, (_, text) in fresh.items())
            taken.append(self._batches.popleft())
            count += len(taken[-1])
        self.waiting -= count
        if not self._batches:
            self._filled.clear()
        return SampleBatch.joined(taken)

    def _drop_oldest(self) -> None:
        while self.waiting > self._limit and len(self._batches) > 1:
            dropped = len(self._batches.popleft())
            self.waiting -= dropped
            self.dropped += dropped
