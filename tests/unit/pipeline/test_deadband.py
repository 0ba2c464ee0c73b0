"""What is kept of a point is what its record rule says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.point import RecordMode, RecordRule
from stripchart.model.quality import Quality
from stripchart.model.sample import SampleBatch
from stripchart.pipeline.deadband import Deadband


def column(values: list[float], step_ms: int = 1000, point: int = 7) -> list[SampleBatch]:
    return [
        SampleBatch(
            np.array([point], np.int32),
            np.array([10_000_000 + number * step_ms]),
            np.array([value]),
            np.array([Quality.BAD_COMM if np.isnan(value) else Quality.GOOD], np.uint8),
        )
        for number, value in enumerate(values)
    ]


def kept(rule: RecordRule, values: list[float], step_ms: int = 1000) -> list[int]:
    """Numbers of the samples that are kept."""
    deadband = Deadband()
    deadband.declare(np.array([7], np.int32), [rule])
    return [n for n, batch in enumerate(column(values, step_ms)) if len(deadband.kept(batch))]


def test_every_poll_is_kept_without_a_rule() -> None:
    assert [len(Deadband().kept(batch)) for batch in column([1.0, 1.0])] == [1, 1]
    assert kept(RecordRule(), [1.0, 1.0, 1.0]) == [0, 1, 2]


def test_on_change_keeps_changes_of_value_and_of_quality() -> None:
    nan = float("nan")
    assert kept(RecordRule(RecordMode.ON_CHANGE), [1.0, 1.0, 2.0, nan, nan, 2.0, 2.0]) == [0, 2, 3, 5]


def test_a_deadband_is_measured_from_the_last_kept_value() -> None:
    creeping = [10.0, 10.4, 10.8, 11.2, 11.6, 12.0, 12.3]
    assert kept(RecordRule(RecordMode.ON_CHANGE, deadband=1.0), creeping) == [0, 3, 6]


def test_a_heartbeat_is_kept_even_when_nothing_changes() -> None:
    rule = RecordRule(RecordMode.ON_CHANGE, heartbeat_s=3)
    assert kept(rule, [1.0] * 8) == [0, 3, 6]


def test_a_clock_that_is_set_back_does_not_hold_the_heartbeat_back() -> None:
    deadband = Deadband()
    deadband.declare(np.array([7], np.int32), [RecordRule(RecordMode.ON_CHANGE, heartbeat_s=3)])
    before, *after = column([1.0] * 5)
    before.at_ms[:] += 3_600_000
    assert [len(deadband.kept(batch)) for batch in (before, *after)] == [1, 1, 0, 0, 1]


def test_a_point_that_is_declared_again_is_kept_once_more() -> None:
    deadband, points = Deadband(), np.array([7], np.int32)
    on_change = RecordRule(RecordMode.ON_CHANGE)
    first, second, third = column([1.0, 2.0, 1.0])
    deadband.declare(points, [on_change])
    assert len(deadband.kept(first)) == 1
    deadband.declare(points, [RecordRule()])
    assert len(deadband.kept(second)) == 1
    deadband.declare(points, [on_change])
    assert len(deadband.kept(third)) == 1, "the last that was kept is 2, not 1"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=30), st.integers(1, 30))
def test_samples_are_kept_alike_however_they_are_batched(rows: list[tuple[int, int]], size: int) -> None:
    points = np.array([point for point, _ in rows], np.int32)
    values = np.array([value for _, value in rows], np.float64)
    at_ms = np.arange(len(rows)) * 1000 + 10_000_000
    batch = SampleBatch(points, at_ms, values, np.zeros(len(rows), np.uint8))
    rules = [RecordRule(), *[RecordRule(RecordMode.ON_CHANGE, deadband=d, heartbeat_s=9) for d in (0.0, 1.0, 2.0)]]

    def kept_in(step: int) -> list[tuple[int, int]]:
        deadband = Deadband()
        deadband.declare(np.arange(4, dtype=np.int32), rules)
        parts = [deadband.kept(batch.where(slice(i, i + step))) for i in range(0, len(rows), step)]
        joined = SampleBatch.joined(parts)
        return list(zip(joined.point_id.tolist(), joined.at_ms.tolist(), strict=True))

    assert kept_in(size) == kept_in(1)
