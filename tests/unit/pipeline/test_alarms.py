"""The pipeline judges what it shows."""

from pathlib import Path

import numpy as np

from stripchart.history.embedded.historian import open_historian
from stripchart.model.alarm import Thresholds
from stripchart.model.sample import SampleBatch
from stripchart.pipeline.pipeline import Pipeline, PipelineOptions

POINT = np.array([3], np.int32)


async def test_samples_of_one_point_that_come_together_are_judged_one_after_another(tmp_path: Path) -> None:
    """61 crosses the bound; 59.5 alone would be normal, but has not come back by the hysteresis."""
    points = np.array([3, 3], np.int32)
    batch = SampleBatch(points, np.array([1000, 2000]), np.array([61.0, 59.5]), np.zeros(2, np.uint8))
    async with open_historian(tmp_path) as historian:
        pipeline = Pipeline(historian, PipelineOptions(gather_s=0))
        pipeline.watch(POINT, [Thresholds(critical_upper=60, hysteresis=1)])
        async with pipeline.running():
            pipeline.accept(batch)
    assert pipeline.latest.newest_value_ms(POINT) == 2000
    assert pipeline.alarms.levels(POINT).tolist() == [2]


async def test_values_from_before_a_restart_are_judged(tmp_path: Path) -> None:
    batch = SampleBatch(POINT, np.array([1000]), np.array([61.0]), np.zeros(1, np.uint8))
    async with open_historian(tmp_path) as historian:
        await historian.append(batch)
        pipeline = Pipeline(historian, PipelineOptions())
        async with pipeline.running():
            pipeline.watch(POINT, [Thresholds(critical_upper=60)])
            assert pipeline.alarms.levels(POINT).tolist() == [2]
