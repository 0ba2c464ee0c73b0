"""Trend log: which points of a device are recorded, how often, and how many of their samples are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType

from stripchart.model.device import DeviceId
from stripchart.model.sample import PointId

TrendLogId = NewType("TrendLogId", int)

DEFAULT_INTERVAL_S = 900
DEFAULT_MAX_SAMPLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLog:
    """A recording rule. `series`: by the key of each point, the id under which the log's own samples of it are kept.

    At each whole multiple of `interval_s` in UTC the newest sample of each point is recorded; of each point the
    newest `max_samples` are kept. `created_ms`, `updated_ms`: UTC milliseconds.
    """

    id: TrendLogId
    device_id: DeviceId
    name: str
    interval_s: int
    max_samples: int
    enabled: bool
    series: Mapping[str, PointId]
    created_ms: int = field(default=0, compare=False)
    updated_ms: int = field(default=0, compare=False)

    def slot_ms(self, now_ms: int) -> int:
        """The newest time of its grid that is not after now."""
        interval_ms = self.interval_s * 1000
        return now_ms // interval_ms * interval_ms
