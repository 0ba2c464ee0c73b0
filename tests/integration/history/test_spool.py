"""What waits on the disk for a server: in order, bounded and counted, and there after whatever happens."""

import os
import time
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from stripchart.history.base import HistoryFullError
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.spool.spool import Spool
from stripchart.model.sample import SampleBatch
from tests.contract.historians import batch_of, batch_of_texts, rows_of


def batch(number: int, samples: int = 100) -> SampleBatch:
    """Samples of as many points, with the number as their time and value."""
    at_ms, value = np.full(samples, number), np.full(samples, float(number))
    return SampleBatch(np.arange(samples, dtype=np.int32), at_ms, value, np.zeros(samples, np.uint8))


def drained(spool: Spool, most: int = 250) -> list[int]:
    """The numbers of the batches, in the order they come."""
    numbers: list[int] = []
    while (taken := spool.take(most)) is not None:
        numbers += taken.batch.at_ms[::100].tolist()
        spool.done(taken.sequence)
    return numbers


def test_what_was_put_comes_out_once_in_its_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions())
    for number in range(50):
        spool.put(batch(number))
    assert (spool.samples, spool.is_empty) == (5000, False)
    assert drained(spool) == list(range(50))
    assert (spool.samples, spool.bytes, spool.is_empty, spool.since_ms) == (0, 0, True, None)
    assert list((tmp_path / "waiting").iterdir()) == []
    spool.put(batch(50))
    assert drained(spool) == [50]


def test_what_is_put_while_some_is_taken_waits_behind_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions())
    for number in range(5):
        spool.put(batch(number))
    taken = spool.take(250)
    assert taken is not None
    spool.put(batch(5))
    spool.done(taken.sequence)
    assert spool.samples == 400
    assert drained(spool) == [2, 3, 4, 5]


def test_after_a_restart_it_goes_on_where_it_was_done(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions())
    for number in range(10):
        spool.put(batch(number))
    taken = spool.take(300)
    assert taken is not None
    spool.done(taken.sequence)
    assert spool.take(300) is not None
    again = Spool(tmp_path, SpoolOptions())
    assert again.samples == 700
    again.put(batch(10))
    assert drained(again) == list(range(3, 11))
    third = Spool(tmp_path, SpoolOptions())
    assert third.is_empty
    third.put(batch(11))
    assert drained(third) == [11]


def test_a_torn_end_costs_nothing_before_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions())
    for number in range(3):
        spool.put(batch(number))
    (file,) = (tmp_path / "waiting").iterdir()
    os.truncate(file, file.stat().st_size - 5)
    assert drained(Spool(tmp_path, SpoolOptions())) == [0, 1]


def test_a_position_that_cannot_be_read_has_all_of_it_forwarded_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions())
    for number in range(4):
        spool.put(batch(number))
    taken = spool.take(200)
    assert taken is not None
    spool.done(taken.sequence)
    (tmp_path / "position").write_text("")
    assert drained(Spool(tmp_path, SpoolOptions())) == [0, 1, 2, 3]


def test_texts_of_one_point_are_taken_one_at_a_time(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions())
    for at_ms, text in ((1, "on"), (2, "on"), (3, "off"), (4, "on")):
        spool.put(batch_of_texts(p7=(at_ms, text)))
    spool.put(batch_of((1, 5, 1.0)))
    found = []
    while (taken := spool.take(1000)) is not None:
        found.append((dict(taken.batch.texts), rows_of(taken.batch)))
        spool.done(taken.sequence)
    assert found == [({7: (1, "on")}, []), ({7: (3, "off")}, []), ({7: (4, "on")}, [(1, 5, 1.0)])]


def test_more_bytes_than_are_allowed_let_the_oldest_go_and_are_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions(max_bytes=1_000_000))
    for number in range(1000):
        spool.put(batch(number))
    assert spool.bytes <= 1_000_000
    assert spool.dropped > 0
    assert spool.samples + spool.dropped == 100_000
    left = drained(spool)
    assert left == list(range(spool.dropped // 100, 1000))
    with pytest.raises(HistoryFullError, match="more than may wait"):
        spool.put(batch(0, samples=100_000))


def test_what_waits_too_long_goes_and_is_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolOptions(hours=2))
    now_ns = time.time_ns()
    for hour in range(5):
        with mock.patch("time.time_ns", return_value=now_ns + hour * 3_600_000_000_000):
            spool.put(batch(hour))
    assert spool.dropped == 200
    assert spool.since_ms == now_ns // 1_000_000 + 2 * 3_600_000
    assert drained(spool) == [2, 3, 4]


@pytest.mark.parametrize(("name", "value"), [("hours", 0), ("hours", float("nan")), ("max_bytes", 10)])
def test_a_bound_that_cannot_work_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        SpoolOptions(**{name: value})  # type: ignore[arg-type]
