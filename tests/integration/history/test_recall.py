"""What points said before they fell silent is found again, whenever that was."""

from pathlib import Path

import numpy as np
import pytest

from stripchart.history.embedded.historian import open_historian
from stripchart.model.sample import SampleBatch
from stripchart.pipeline.recall import last_values

NOW_MS = 1_780_000_123_456
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


def good(points: list[int], at_ms: int, value: float) -> SampleBatch:
    count = len(points)
    ids = np.array(points, np.int32)
    return SampleBatch(ids, np.full(count, at_ms), np.full(count, value), np.zeros(count, np.uint8))


@pytest.mark.parametrize("ago_ms", [0, 777, 59 * MINUTE, HOUR + 1, 23 * HOUR, 17 * DAY + 1234, 300 * DAY + 7])
async def test_the_last_value_and_its_very_time_are_found(tmp_path: Path, ago_ms: int) -> None:
    async with open_historian(tmp_path) as historian:
        at_ms = NOW_MS - ago_ms
        await historian.append(good([1, 2], at_ms - 10 * SECOND, 20.0))
        await historian.append(good([1, 2], at_ms, 21.5))
        for later_ms in (1, SECOND, MINUTE, HOUR, DAY):
            await historian.append(SampleBatch.all_bad(np.array([1, 2, 3], np.int32), at_ms + later_ms))
        found = await last_values(historian, np.array([1, 2, 3, 4], np.int32), NOW_MS)
    rows = zip(found.point_id.tolist(), found.at_ms.tolist(), found.value.tolist(), strict=True)
    assert sorted(rows) == [(1, at_ms, 21.5), (2, at_ms, 21.5)]


async def test_points_that_fell_silent_at_other_times_are_each_found_at_their_own(tmp_path: Path) -> None:
    times = {number: NOW_MS - number * 7 * MINUTE - number for number in range(1, 40)}
    async with open_historian(tmp_path) as historian:
        for number, at_ms in times.items():
            await historian.append(good([number], at_ms, float(number)))
        found = await last_values(historian, np.array(list(times), np.int32), NOW_MS)
    assert dict(zip(found.point_id.tolist(), found.at_ms.tolist(), strict=True)) == times
    assert found.value.tolist() == found.point_id.tolist()


async def test_no_points_and_no_values_are_nothing(tmp_path: Path) -> None:
    async with open_historian(tmp_path) as historian:
        assert len(await last_values(historian, np.empty(0, np.int32), NOW_MS)) == 0
        assert len(await last_values(historian, np.array([1], np.int32), NOW_MS)) == 0
