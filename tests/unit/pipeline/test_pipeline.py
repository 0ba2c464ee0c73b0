"""A value is shown when it is stored; a dead historian stops nothing, and what it costs is counted."""

import asyncio
from collections.abc import Callable

import numpy as np
import pytest

from stripchart.history.base import HistoryFullError
from stripchart.model.point import Counter, RecordMode, RecordRule
from stripchart.model.quality import Quality
from stripchart.model.sample import SampleBatch
from stripchart.pipeline.outbox import Outbox
from stripchart.pipeline.pipeline import Pipeline, PipelineOptions
from tests.unit.pipeline.points import a_point

POINT = np.array([7], np.int32)


def batch(value: float, at_ms: int = 1000, count: int = 1) -> SampleBatch:
    return SampleBatch(
        np.full(count, 7, np.int32), np.full(count, at_ms), np.full(count, value), np.zeros(count, np.uint8)
    )


class FlakyHistorian:
    """Keeps batches in a list; refuses while `full`, stumbles over `bug`, and is busy while `gate` is closed."""

    def __init__(self) -> None:
        self.kept: list[float] = []
        self.full = False
        self.bug: Exception | None = None
        self.appends = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.changed = asyncio.Event()

    async def append(self, samples: SampleBatch) -> None:
        self.appends += 1
        self.changed.set()
        await self.gate.wait()
        if self.bug:
            raise self.bug
        if self.full:
            raise HistoryFullError("no room on the disk")
        self.kept += samples.value.tolist()

    async def latest(self) -> SampleBatch:
        return batch(5.0)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self.changed.clear()
                await self.changed.wait()
                await asyncio.sleep(0)


def a_pipeline(historian: FlakyHistorian, **options: float) -> Pipeline:
    return Pipeline(historian, PipelineOptions(**{"retry_s": 0.01, **options}))  # type: ignore[arg-type]


def shown(pipeline: Pipeline) -> float:
    return float(pipeline.latest.values(POINT, 1000).value[0])


async def test_latest_starts_with_what_history_knows() -> None:
    pipeline = a_pipeline(FlakyHistorian())
    async with pipeline.running():
        assert shown(pipeline) == 5.0


async def test_what_was_accepted_is_stored_when_the_pipeline_ends() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian)
    async with pipeline.running():
        for value in range(100):
            pipeline.accept(batch(float(value)))
    assert historian.kept == [float(value) for value in range(100)]
    assert shown(pipeline) == 99.0
    assert pipeline.health().stored == 100


async def test_while_the_historian_refuses_the_page_goes_on_and_nothing_is_lost() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian)
    async with pipeline.running():
        historian.full = True
        pipeline.accept(batch(1.0))
        await historian.until(lambda: shown(pipeline) == 1.0)
        pipeline.accept(batch(2.0))
        await historian.until(lambda: shown(pipeline) == 2.0)
        assert pipeline.health().problem == "no room on the disk"
        assert pipeline.health().waiting == 2
        historian.full = False
        await historian.until(lambda: historian.kept == [1.0, 2.0])
        await historian.until(lambda: pipeline.health().problem is None)


async def test_who_brings_more_than_can_be_stored_waits_until_there_is_room() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian, waiting_samples=100)
    historian.gate.clear()
    async with pipeline.running():
        assert pipeline.accept(batch(1.0, count=20)) is None
        await historian.until(lambda: historian.appends == 1)
        rooms = [pipeline.accept(batch(float(number), at_ms=number, count=9)) for number in (2, 3, 4)]
        assert rooms[:2] == [None, None]
        assert rooms[2] is not None
        waiting = asyncio.ensure_future(rooms[2])
        await asyncio.sleep(0)
        assert not waiting.done()
        historian.gate.set()
        async with asyncio.timeout(5):
            await waiting
    assert len(historian.kept) == 47
    assert pipeline.health().dropped == 0


async def test_while_the_historian_refuses_nobody_waits_for_room() -> None:
    historian = FlakyHistorian()
    historian.full = True
    pipeline = a_pipeline(historian, waiting_samples=100, retry_s=60)
    async with pipeline.running():
        pipeline.accept(batch(1.0))
        await historian.until(lambda: pipeline.health().problem is not None)
        assert pipeline.accept(batch(2.0, at_ms=2000, count=90)) is None


async def test_a_bug_of_the_historian_stops_no_recording() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian)
    async with pipeline.running():
        historian.bug = OverflowError("too large")
        pipeline.accept(batch(1.0))
        await historian.until(lambda: shown(pipeline) == 1.0)
        assert pipeline.health().problem == "internal error: too large"
        historian.bug = None
        await historian.until(lambda: historian.kept == [1.0])
        pipeline.accept(batch(2.0))
        await historian.until(lambda: historian.kept == [1.0, 2.0] and shown(pipeline) == 2.0)
        assert pipeline.health().problem is None


async def test_a_historian_that_refused_is_left_alone_for_a_while() -> None:
    historian = FlakyHistorian()
    historian.full = True
    pipeline = a_pipeline(historian, retry_s=3600)
    async with pipeline.running():
        for value in range(50):
            pipeline.accept(batch(float(value)))
            async with asyncio.timeout(5):
                while shown(pipeline) != value:  # noqa: ASYNC110 - nobody announces it
                    await asyncio.sleep(0)
        assert historian.appends == 1
        historian.full = False
    assert historian.kept == [float(value) for value in range(50)], "at the end it is asked once more"


async def test_a_value_that_changed_and_changed_back_while_the_historian_was_busy_is_recorded() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian)
    pipeline.declare(POINT, [a_point(record=RecordRule(RecordMode.ON_CHANGE))], [10.0])
    async with pipeline.running():
        historian.gate.clear()
        for at_ms, value in enumerate([0.0, 0.0, 1.0, 1.0, 0.0, 0.0]):
            pipeline.accept(batch(value, at_ms))
            await asyncio.sleep(0)
        historian.gate.set()
    assert historian.kept == [0.0, 1.0, 0.0]


async def test_an_impossible_step_of_a_counter_is_shown_and_stored_as_uncertain() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian)
    pipeline.declare(POINT, [a_point(counter=Counter(max_per_hour=60))], [10.0])
    async with pipeline.running():
        pipeline.accept(batch(6.0, 2000))
        pipeline.accept(batch(900.0, 3000))
        await historian.until(lambda: shown(pipeline) == 900.0)
        assert pipeline.latest.values(POINT, 3000).quality.tolist() == [Quality.UNCERTAIN_STEP]
        pipeline.accept(batch(6.5, 4000))
        await historian.until(lambda: shown(pipeline) == 6.5)
        assert pipeline.latest.values(POINT, 4000).quality.tolist() == [Quality.GOOD]
    assert historian.kept == [6.0, 900.0, 6.5]


def test_a_full_outbox_drops_the_oldest_and_counts_them() -> None:
    outbox = Outbox(limit=10)
    for value in range(4):
        outbox.put(batch(float(value), count=4))
    assert (outbox.waiting, outbox.dropped) == (8, 8)
    assert set(outbox.take(most=100).value.tolist()) == {2.0, 3.0}


def test_an_outbox_gives_whole_batches_in_order() -> None:
    outbox = Outbox(limit=100)
    for value in range(4):
        outbox.put(batch(float(value), count=4))
    assert outbox.take(most=9).value.tolist() == [0.0] * 4 + [1.0] * 4
    outbox.put_back(batch(1.0))
    assert outbox.take(most=2).value.tolist() == [1.0]
    assert outbox.waiting == 8


async def test_one_who_waits_is_told_when_a_batch_is_stored_and_shown() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian, gather_s=0)
    async with asyncio.timeout(5), pipeline.running():
        historian.gate.clear()
        showing = asyncio.create_task(pipeline.show(batch(6.0, at_ms=2000)))
        await historian.until(lambda: historian.appends == 1)
        assert not showing.done()
        historian.gate.set()
        await showing
        assert pipeline.latest.values(POINT, 2000).value.tolist() == historian.kept == [6.0]
        historian.full = True
        await pipeline.show(batch(7.0, at_ms=3000))
        assert pipeline.latest.values(POINT, 3000).value.tolist() == [7.0]
        historian.full = False


async def test_samples_of_others_are_kept_before_they_are_shown_and_only_what_is_newer_is() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian)
    async with asyncio.timeout(5), pipeline.running():
        await pipeline.keep(
            SampleBatch.joined([batch(6.0, at_ms=3000), batch(7.0, at_ms=2000), batch(8.0, at_ms=500)])
        )
        assert historian.kept == [6.0, 7.0, 8.0]
        assert pipeline.latest.values(POINT, 3000).value.tolist() == [6.0]
        historian.full = True
        with pytest.raises(HistoryFullError):
            await pipeline.keep(batch(9.0, at_ms=4000))
        assert pipeline.latest.values(POINT, 4000).value.tolist() == [6.0]
        historian.full = False


async def test_a_point_that_somebody_else_has_read_is_kept_whatever_was_kept_here_before() -> None:
    historian = FlakyHistorian()
    pipeline, point = a_pipeline(historian), a_point(record=RecordRule(RecordMode.ON_CHANGE, heartbeat_s=10_000))
    pipeline.declare(POINT, [point], [10.0])
    async with pipeline.running():
        await pipeline.show(batch(1.0, at_ms=2000))
        await pipeline.show(batch(1.0, at_ms=3000))
        pipeline.go_on_from(POINT, [point], batch(7.0, at_ms=4000))
        assert shown(pipeline) == 7.0
        await pipeline.show(batch(1.0, at_ms=5000))
    assert historian.kept == [1.0, 1.0]


async def test_a_counter_that_somebody_else_has_read_is_judged_by_what_they_saw_last() -> None:
    pipeline, point = a_pipeline(FlakyHistorian()), a_point(counter=Counter(max_per_hour=60.0))
    pipeline.declare(POINT, [point], [10.0])
    async with pipeline.running():
        await pipeline.show(batch(5.0, at_ms=2000))
        pipeline.go_on_from(POINT, [point], batch(1000.0, at_ms=3000))
        await pipeline.show(batch(1000.5, at_ms=4000))
        assert pipeline.latest.values(POINT, 4000).quality.tolist() == [Quality.GOOD]


async def test_what_others_take_is_shown_and_not_stored() -> None:
    historian = FlakyHistorian()
    pipeline = a_pipeline(historian)
    async with pipeline.running():
        pipeline.mirror(batch(9.0, at_ms=2000), SampleBatch.empty())
        pipeline.mirror(batch(8.0, at_ms=1500), SampleBatch.empty())
        assert shown(pipeline) == 9.0
    assert historian.kept == []
