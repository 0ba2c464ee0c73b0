"""Samples put into the history of a device that is not polled."""

from collections.abc import Sequence

import numpy as np

from stripchart.model.device import DeviceId
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from tests.integration.api.conftest import Server

START_MS = 1_767_225_600_000
"""2026-01-01T00:00Z."""


def points_of(server: Server, device_id: int) -> dict[str, PointId]:
    entry = server.parts.roster.get(DeviceId(device_id))
    assert entry is not None
    return {point.key: PointId(int(id_)) for point, id_ in zip(entry.points, entry.point_ids, strict=True)}


async def record(
    server: Server, point: PointId, at_ms: Sequence[int], values: Sequence[float | None], text: str | None = None
) -> None:
    """Samples of a point; None is a bad one. `text` comes into force with the first."""
    value = np.array([np.nan if each is None else each for each in values], np.float64)
    quality = np.where(np.isnan(value), int(Quality.BAD_COMM), 0).astype(np.uint8)
    texts = {} if text is None else {point: (at_ms[0], text)}
    ids = np.full(len(value), point, np.int32)
    await server.parts.historian.append(
        SampleBatch(ids, np.array(at_ms[: len(value)], np.int64), value, quality, texts)
    )
