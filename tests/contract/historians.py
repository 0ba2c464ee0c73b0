"""Every adapter of the historian port, and the batches their tests are made of."""

import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import numpy as np

from stripchart.history.base import Historian
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.servers import on_given_timescale, on_postgres, on_timescale
from tests.servers.running import GIVEN_TIMESCALE

OpenHistorian = Callable[[Path], AbstractAsyncContextManager[Historian]]

ADAPTERS: dict[str, OpenHistorian] = {
    "embedded": open_historian,
    "embedded, sealing all the time": partial(open_historian, options=EmbeddedOptions(head_bytes=2000)),
    "postgresql": on_postgres,
    "timescale": on_timescale,
    **({"timescale that was given": on_given_timescale} if GIVEN_TIMESCALE in os.environ else {}),
}

_SLOW = {"timescale": 10}
"""The TimescaleDB of the tests is WebAssembly, and takes twenty thousand samples a second."""


def many(adapter: str, count: int) -> int:
    """So many samples, or as many as the adapter takes in good time."""
    return count // _SLOW.get(adapter, 1)


Row = tuple[int, int, float | None]
"""Point, time in milliseconds, value; None is a bad sample."""


def batch_of(*rows: Row) -> SampleBatch:
    """A batch of the rows; values are good, and a missing one is bad for want of communication."""
    return SampleBatch(
        np.array([point for point, _, _ in rows], np.int32),
        np.array([at_ms for _, at_ms, _ in rows], np.int64),
        np.array([np.nan if value is None else value for _, _, value in rows], np.float64),
        np.array([Quality.BAD_COMM if value is None else Quality.GOOD for _, _, value in rows], np.uint8),
    )


def batch_of_texts(**texts: tuple[int, str]) -> SampleBatch:
    """A batch of texts alone: `p7=(at_ms, text)`."""
    empty = SampleBatch.empty()
    by_point = {PointId(int(name[1:])): text for name, text in texts.items()}
    return SampleBatch(empty.point_id, empty.at_ms, empty.value, empty.quality, by_point)


def rows_of(batch: SampleBatch) -> list[Row]:
    """The rows of a batch, in its order."""
    values = [None if bad else value for value, bad in zip(batch.value.tolist(), ~batch.has_value, strict=True)]
    return list(zip(batch.point_id.tolist(), batch.at_ms.tolist(), values, strict=True))


def points(*ids: int) -> list[PointId]:
    return [PointId(number) for number in ids]
