"""Batches are joined without losing when something began."""

from stripchart.model.sample import PointId, SampleBatch


def a_text(at_ms: int, text: str) -> SampleBatch:
    empty = SampleBatch.empty()
    return SampleBatch(empty.point_id, empty.at_ms, empty.value, empty.quality, {PointId(7): (at_ms, text)})


def test_of_joined_texts_the_last_stays_with_the_time_it_came_into_force() -> None:
    texts = [a_text(1, "A"), a_text(2, "B"), a_text(3, "B"), a_text(4, "B")]
    assert SampleBatch.joined(texts).texts == {7: (2, "B")}
    assert SampleBatch.joined([*texts, a_text(5, "A"), a_text(6, "A")]).texts == {7: (5, "A")}
