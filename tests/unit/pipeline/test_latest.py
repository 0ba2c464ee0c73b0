"""A number never lies: its age and quality travel with it."""

from dataclasses import replace

import numpy as np

from stripchart.model.quality import Quality, Reason
from stripchart.model.sample import PointId, SampleBatch
from stripchart.pipeline.latest import NEVER_MS, Latest, LatestText


def ids(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(numbers, np.int32)


def batch(point: int, at_ms: int, value: float, quality: Quality = Quality.GOOD) -> SampleBatch:
    return SampleBatch(ids(point), np.array([at_ms]), np.array([value]), np.array([quality], np.uint8))


def test_a_point_without_samples_has_no_data() -> None:
    values = Latest().values(ids(3), now_ms=10)
    assert values.quality.tolist() == [Quality.BAD_NO_DATA]
    assert values.at_ms.tolist() == [NEVER_MS]
    assert np.isnan(values.value).all()


def test_a_value_that_is_too_old_is_stale_but_keeps_its_number() -> None:
    latest = Latest()
    latest.declare(ids(3), np.array([5000]))
    latest.update(batch(3, 1000, 21.5))
    assert latest.values(ids(3), now_ms=6000).quality.tolist() == [Quality.GOOD]
    old = latest.values(ids(3), now_ms=6001)
    assert old.quality.tolist() == [Quality.UNCERTAIN_STALE]
    assert old.value.tolist() == [21.5]


def test_after_a_failed_read_the_last_good_value_stays_known() -> None:
    latest = Latest()
    latest.update(batch(3, 1000, 21.5))
    latest.update(batch(3, 2000, np.nan, Quality.BAD_COMM))
    values = latest.values(ids(3), now_ms=2000)
    assert values.quality.tolist() == [Quality.BAD_COMM]
    assert np.isnan(values.value).all()
    assert (values.good_value.tolist(), values.good_at_ms.tolist()) == ([21.5], [1000])


def test_of_several_samples_of_a_point_the_last_row_counts() -> None:
    latest = Latest()
    latest.update(SampleBatch.joined([batch(3, 1000, 1.0), batch(3, 2000, 2.0)]))
    assert latest.values(ids(3), now_ms=2000).value.tolist() == [2.0]


def test_texts_are_kept_with_their_time() -> None:
    latest = Latest()
    empty = SampleBatch.empty()
    latest.update(
        SampleBatch(empty.point_id, empty.at_ms, empty.value, empty.quality, {PointId(4): (1000, "SDM630")})
    )
    assert latest.text(PointId(4), now_ms=2000) == LatestText(1000, "SDM630", Quality.GOOD)
    assert latest.text(PointId(5), now_ms=2000) is None


def test_a_text_that_is_too_old_is_stale() -> None:
    latest, empty = Latest(), SampleBatch.empty()
    latest.declare(ids(4), np.array([5000]))
    latest.update(
        SampleBatch(empty.point_id, empty.at_ms, empty.value, empty.quality, {PointId(4): (1000, "SDM630")})
    )
    assert latest.text(PointId(4), now_ms=6000) == LatestText(1000, "SDM630", Quality.GOOD)
    assert latest.text(PointId(4), now_ms=6001) == LatestText(1000, "SDM630", Quality.UNCERTAIN_STALE)


def test_a_value_from_a_future_that_the_clock_took_back_is_stale() -> None:
    latest = Latest()
    latest.declare(ids(3), np.array([5000]))
    latest.update(batch(3, 3_600_000, 21.5))
    assert latest.values(ids(3), now_ms=1000).quality.tolist() == [Quality.UNCERTAIN_STALE]
    assert latest.values(ids(3), now_ms=3_599_000).quality.tolist() == [Quality.GOOD], "a small step is no matter"


def test_what_a_point_said_before_the_program_started_is_its_last_good_value() -> None:
    latest = Latest()
    latest.update(SampleBatch.joined([batch(3, 9000, np.nan, Quality.BAD_COMM), batch(4, 9000, 1.0)]))
    assert latest.silent().tolist() == [3]
    latest.recall(batch(3, 1000, 21.5))
    values = latest.values(ids(3), now_ms=9000)
    assert (values.good_value.tolist(), values.good_at_ms.tolist()) == ([21.5], [1000])
    assert values.quality.tolist() == [Quality.BAD_COMM]
    latest.update(batch(3, 10_000, 22.0))
    latest.recall(batch(3, 1000, 21.5))
    assert latest.values(ids(3), now_ms=10_000).good_value.tolist() == [22.0], "what is newer stays"


def test_points_without_a_value_are_counted_by_reason_but_not_those_that_were_never_read() -> None:
    latest = Latest()
    latest.update(SampleBatch.all_bad(ids(1, 2), 1000))
    latest.update(SampleBatch.all_bad(ids(3), 1000, Quality.BAD_OUT_OF_RANGE))
    latest.update(batch(4, 1000, 1.0))
    assert latest.bad_by_reason(ids(1, 2, 3, 4, 5)) == {Reason.COMM: 2, Reason.OUT_OF_RANGE: 1}
    assert latest.newest_value_ms(ids(1, 2)) is None
    assert latest.newest_value_ms(ids(1, 4)) == 1000


def test_only_what_is_newer_than_what_is_known_is_news_oldest_first() -> None:
    latest = Latest()
    latest.update(batch(3, 2000, 21.5))
    at_ms = np.array([3000, 2000, 1000, 2500, 500])
    given = SampleBatch(ids(3, 3, 3, 3, 4), at_ms, np.arange(5.0), np.zeros(5, np.uint8))
    news = latest.news(given)
    assert list(zip(news.point_id.tolist(), news.at_ms.tolist(), strict=True)) == [(4, 500), (3, 2500), (3, 3000)]


def test_a_point_that_is_forgotten_was_never_there() -> None:
    latest = Latest()
    latest.update(SampleBatch(ids(3, 4), np.array([1, 2]), np.array([1.0, 2.0]), np.zeros(2, np.uint8)))
    latest.update(SampleBatch(ids(), ids(), ids(), ids(), {PointId(4): (2, "B-1")}))  # type: ignore[arg-type]
    assert latest.seen().tolist() == [3, 4]
    latest.forget(ids(4))
    assert latest.seen().tolist() == [3]
    assert latest.text(PointId(4), 3) is None
    assert latest.values(ids(4), 3).quality.tolist() == [Quality.BAD_NO_DATA]
    assert latest.newest_ms(ids(4)) is None


def test_a_hundred_thousand_points_take_a_few_megabytes() -> None:
    latest = Latest()
    points = np.arange(100_000, dtype=np.int32)
    latest.update(SampleBatch(points, np.ones(100_000, np.int64), np.ones(100_000), np.zeros(100_000, np.uint8)))
    assert 3_000_000 < latest.size_bytes < 10_000_000


def test_what_was_touched_behind_a_revision_can_be_asked_for() -> None:
    latest = Latest()
    latest.update(batch(3, 1000, 21.5))
    revision = latest.revision
    assert latest.touched_since(revision).tolist() == []
    latest.update(batch(5, 1000, 1.0))
    latest.update(replace(SampleBatch.empty(), texts={PointId(9): (1000, "text")}))
    assert latest.touched_since(revision).tolist() == [5, 9]
    assert latest.touched_since(0).tolist() == [3, 5, 9]
    revision = latest.revision
    latest.forget(ids(3))
    assert latest.touched_since(revision).tolist() == [3]


def test_which_values_are_stale_is_told_of_all_points_at_once() -> None:
    latest = Latest()
    latest.declare(ids(1, 2, 3), np.array([5000, 5000, 5000]))
    latest.update(batch(1, 1000, 1.0))
    latest.update(batch(2, 4000, 2.0))
    latest.update(batch(3, 1000, np.nan, Quality.BAD_COMM))
    assert np.flatnonzero(latest.stale(6000)).tolist() == []
    assert np.flatnonzero(latest.stale(6001)).tolist() == [1]
