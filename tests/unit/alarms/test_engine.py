"""What points were last, by their thresholds."""

import numpy as np

from stripchart.alarms.engine import AlarmEngine
from stripchart.model.alarm import Thresholds
from stripchart.model.quality import Quality
from stripchart.model.sample import PointIds, SampleBatch

HIGH = Thresholds(warning_upper=50, critical_upper=60, hysteresis=2)


def ids(*points: int) -> PointIds:
    return np.array(points, np.int32)


def samples(points: list[int], values: list[float]) -> SampleBatch:
    column = np.array(values)
    quality = np.where(np.isnan(column), Quality.BAD_COMM, Quality.GOOD).astype(np.uint8)
    return SampleBatch(ids(*points), np.full(len(points), 1000), column, quality)


def take(engine: AlarmEngine, points: list[int], values: list[float]) -> None:
    engine.judge(engine.concerned(samples(points, values)))


def test_points_without_thresholds_are_normal_and_are_not_looked_at() -> None:
    engine = AlarmEngine()
    engine.declare(ids(3), [HIGH], np.array([np.nan]))
    assert len(engine.concerned(samples([1, 2, 9], [1e9, 1e9, 1e9]))) == 0
    take(engine, [1, 3], [1e9, 61])
    assert engine.levels(ids(1, 3, 500)).tolist() == [0, 2, 0]


def test_a_sample_without_a_value_leaves_a_point_as_it_was() -> None:
    engine = AlarmEngine()
    engine.declare(ids(3), [HIGH], np.array([np.nan]))
    take(engine, [3], [51])
    take(engine, [3], [np.nan])
    take(engine, [3], [49])
    assert engine.levels(ids(3)).tolist() == [1], "49 is within the hysteresis"


def test_new_thresholds_judge_the_value_that_is_there() -> None:
    engine = AlarmEngine()
    engine.declare(ids(3, 4), [HIGH, None], np.array([55.0, 55.0]))
    assert engine.levels(ids(3, 4)).tolist() == [1, 0]
    engine.declare(ids(3, 4), [Thresholds(critical_upper=54), HIGH], np.array([55.0, 55.0]))
    assert engine.levels(ids(3, 4)).tolist() == [2, 1]
    engine.declare(ids(3, 4), [None, None], np.array([55.0, 55.0]))
    assert engine.levels(ids(3, 4)).tolist() == [0, 0]


def test_thresholds_that_are_told_again_change_nothing() -> None:
    engine = AlarmEngine()
    engine.declare(ids(3), [HIGH], np.array([51.0]))
    engine.declare(ids(3), [HIGH], np.array([49.0]))
    assert engine.levels(ids(3)).tolist() == [1]


def test_points_that_somebody_else_judges_are_what_they_are_there() -> None:
    engine = AlarmEngine()
    engine.declare(ids(3, 4), [HIGH, None], np.array([np.nan, np.nan]))
    engine.assume(ids(3, 4, 900), [2, 1, 1])
    assert engine.levels(ids(3, 4, 900)).tolist() == [2, 0, 0]
    take(engine, [3], [59])
    assert engine.levels(ids(3)).tolist() == [2]  # its hysteresis goes on from there
