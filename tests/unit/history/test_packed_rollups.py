"""Roll-ups of which nothing else is left: packed, and the same again."""

import numpy as np
import pytest

from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.rollup import TIERS_MS, packed, rolled_up_anyway, spans_of, unpacked
from stripchart.model.quality import Quality
from stripchart.model.sample import SampleBatch


def samples(count: int, every_ms: int) -> SampleBatch:
    random = np.random.default_rng(7)
    value = np.round(400 + np.cumsum(random.normal(0, 0.05, count)) + random.normal(0, 0.3, count), 1)
    quality = np.where(random.random(count) < 0.1, Quality.BAD_COMM, Quality.GOOD).astype(np.uint8)
    value[quality == Quality.BAD_COMM] = np.nan
    at_ms = 1_700_000_000_000 + np.arange(count) * every_ms
    return SampleBatch(np.full(count, 3, np.int32), at_ms, value, quality)


@pytest.mark.parametrize("every_ms", [1000, 10_000, 60_000, 86_400_000])
@pytest.mark.parametrize("tier_ms", TIERS_MS)
def test_a_packed_roll_up_comes_back_bit_by_bit(every_ms: int, tier_ms: int) -> None:
    rollup = rolled_up_anyway(samples(5000, every_ms), tier_ms)
    assert unpacked(packed(rollup)) == rollup
    assert spans_of([3], [rollup]).samples.sum() == 5000


def test_a_roll_up_of_single_samples_takes_the_room_of_one_column() -> None:
    rollup = rolled_up_anyway(samples(5000, 60_000), 60_000)
    assert len(packed(rollup)) < len(rollup) / 10


@pytest.mark.parametrize("cut", [0, 3, 50, -1])
def test_a_torn_roll_up_is_told(cut: int) -> None:
    body = packed(rolled_up_anyway(samples(5000, 1000), 60_000))
    with pytest.raises(BrokenPieceError):
        unpacked(body[:cut])
