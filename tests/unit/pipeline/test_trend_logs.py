"""Trend logs record what is newest, on a grid, and keep so many."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stripchart.history.embedded.historian import open_historian
from stripchart.history.horizons import EVER_MS
from stripchart.history.options import HistoryOptions
from stripchart.model.device import Device, DeviceId, Framing, LinkAddress, SiteId
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.trend_log import TrendLog, TrendLogId
from stripchart.pipeline.latest import Latest
from stripchart.pipeline.retention import Retention
from stripchart.pipeline.trend_logs import Collection, Recording, TrendLogRecorder, kept_from_ms
from tests.contract.historians import Row, batch_of, points, rows_of

START_MS = 1_790_000_000_500
BOILER = Device(
    id=DeviceId(1),
    site_id=SiteId(1),
    name="boiler",
    link=LinkAddress(Framing.TCP, "127.0.0.1", 502),
    unit_id=1,
    profile="boiler",
    interval_s=10,
)


class TurnedClock:
    def __init__(self) -> None:
        self.ms = START_MS

    def now_ms(self) -> int:
        return self.ms

    def monotonic_ns(self) -> int:
        return self.ms * 1_000_000


def recording(interval_s: int = 10, max_samples: int = 5, log_id: int = 1) -> Recording:
    """Of the points 1 and 2, under 11 and 12."""
    log = TrendLog(
        id=TrendLogId(log_id),
        device_id=DeviceId(1),
        name="log",
        interval_s=interval_s,
        max_samples=max_samples,
        enabled=True,
        series={"a": PointId(11), "b": PointId(12)},
    )
    return Recording(log, BOILER, ["a", "b"], np.array([1, 2], np.int32), np.array([11, 12], np.int32))


class Bench:
    def __init__(self) -> None:
        self.clock, self.latest = TurnedClock(), Latest()
        self.recorded: list[SampleBatch] = []
        self.recorder = TrendLogRecorder(self.latest, self.recorded.append, None, self.clock)  # type: ignore[arg-type]
        self.latest.declare(np.array([1, 2], np.int32), np.full(2, 30_000))

    def at(self, ms: int) -> list[Row]:
        """What is recorded when it is so late."""
        self.clock.ms = ms
        self.recorded.clear()
        self.recorder.record(ms)
        return [row for batch in self.recorded for row in rows_of(batch)]


def test_the_newest_samples_are_recorded_at_whole_multiples_of_the_interval() -> None:
    bench = Bench()
    bench.recorder.declare([recording()])
    bench.latest.update(batch_of((1, START_MS, 1.5), (2, START_MS, None)))
    assert bench.at(START_MS + 9_000) == []
    assert bench.at(START_MS + 9_600) == [(11, 1_790_000_010_000, 1.5), (12, 1_790_000_010_000, None)]
    assert bench.at(START_MS + 9_700) == []
    assert [row[1] for row in bench.at(START_MS + 65_000)] == [1_790_000_060_000] * 2


def test_an_old_value_is_recorded_as_stale_and_one_that_never_was_as_no_data() -> None:
    bench = Bench()
    bench.recorder.declare([recording()])
    bench.latest.update(batch_of((1, START_MS - 60_000, 1.5)))
    bench.at(START_MS + 9_600)
    (batch,) = bench.recorded
    assert batch.quality.tolist() == [Quality.UNCERTAIN_STALE, Quality.BAD_NO_DATA]
    assert rows_of(batch) == [(11, 1_790_000_010_000, 1.5), (12, 1_790_000_010_000, None)]


def test_a_change_of_a_log_records_nothing_twice_and_a_new_interval_begins_with_its_grid() -> None:
    bench = Bench()
    bench.latest.update(batch_of((1, START_MS, 1.5), (2, START_MS, 2.5)))
    bench.recorder.declare([recording()])
    assert len(bench.at(START_MS + 9_600)) == 2
    bench.recorder.declare([recording(max_samples=7), recording(log_id=2)])
    assert bench.at(START_MS + 9_700) == []
    bench.recorder.declare([recording(interval_s=60)])
    assert bench.at(START_MS + 19_600) == []
    assert [row[1] for row in bench.at(1_790_000_040_001)] == [1_790_000_040_000] * 2


class Collected:
    """Reads points at once, when `works`: each then says 7."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.works = bench, True
        self.asked: list[Sequence[str]] = []
        bench.recorder = TrendLogRecorder(
            bench.latest,
            bench.recorded.append,
            None,  # type: ignore[arg-type]
            bench.clock,
            Collection(self.collect, new_enough_s=60, retry_s=300),
        )

    async def collect(self, device: Device, keys: Sequence[str]) -> bool:
        self.asked.append(keys)
        if self.works:
            now_ms = self.bench.clock.ms
            self.bench.latest.update(batch_of(*(({"a": 1, "b": 2}[key], now_ms, 7.0) for key in keys)))
        return self.works

    async def at(self, ms: int) -> list[Row]:
        """What is recorded when it is so late, and what was begun has ended."""
        self.bench.at(ms)
        for _ in range(5):
            await asyncio.sleep(0)
        return [row for batch in self.bench.recorded for row in rows_of(batch)]


async def test_points_that_polls_did_not_bring_in_time_are_read_before_they_are_recorded() -> None:
    bench = Bench()
    collected = Collected(bench)
    bench.recorder.declare([recording(interval_s=900)])
    slot_ms = 1_790_001_000_000 // 900_000 * 900_000
    bench.latest.update(batch_of((1, slot_ms - 1000, 1.5), (2, slot_ms - 901_000, 2.5)))
    assert await collected.at(slot_ms) == [(11, slot_ms, 1.5), (12, slot_ms, 7.0)]
    assert collected.asked == [["b"]]


async def test_a_log_that_is_quicker_than_polls_does_not_have_them_read_all_the_time() -> None:
    bench = Bench()
    collected = Collected(bench)
    bench.recorder.declare([recording(interval_s=10)])
    bench.latest.update(batch_of((1, START_MS, 1.5), (2, START_MS, 2.5)))
    assert len(await collected.at(START_MS + 50_000)) == 2
    assert collected.asked == []


async def test_after_a_collection_in_vain_what_there_is_is_recorded_and_it_is_tried_again_later() -> None:
    bench = Bench()
    collected = Collected(bench)
    collected.works = False
    bench.recorder.declare([recording(interval_s=900)])
    slot_ms = 1_790_001_000_000 // 900_000 * 900_000
    assert await collected.at(slot_ms) == [(11, slot_ms, None), (12, slot_ms, None)]
    assert await collected.at(slot_ms + 299_000) == []
    collected.works = True
    assert await collected.at(slot_ms + 300_000) == [(11, slot_ms + 300_000, 7.0), (12, slot_ms + 300_000, 7.0)]
    assert collected.asked == [["a", "b"]] * 2
    assert await collected.at(slot_ms + 700_000) == []


async def test_what_is_more_than_a_log_keeps_is_let_go(tmp_path: Path) -> None:
    clock = TurnedClock()
    async with open_historian(tmp_path) as historian:
        retention = Retention(historian, HistoryOptions(), clock)
        recorder = TrendLogRecorder(Latest(), lambda batch: None, historian, clock)
        recorder.declare([recording()])
        await historian.append(batch_of(*((point, 1000 * n, float(n)) for n in range(4) for point in (11, 12))))
        assert await kept_from_ms(historian, points(11, 12), 5) == EVER_MS
        await recorder.trim(retention)
        await retention.apply()
        assert await historian.count(points(11, 12), 0, 10**15) == 8
        await historian.append(batch_of(*((point, 1000 * n, float(n)) for n in range(4, 9) for point in (11, 12))))
        assert await kept_from_ms(historian, points(11, 12), 5) == 4000
        recorder.declare([])
        recorder.declare([recording()])
        await recorder.trim(retention)
        await retention.apply()
        left = await historian.read(points(11, 12), 0, 10**15, limit=100)
        assert sorted(set(left.at_ms.tolist())) == [4000, 5000, 6000, 7000, 8000]
        assert await historian.count(points(11, 12), 0, 10**15) == 10
