"""What waits together is stored together, as long as none of it is lost by that."""

from dataclasses import replace

from stripchart.model.sample import PointId
from stripchart.pipeline.outbox import Outbox
from tests.unit.pipeline.test_pipeline import batch


def test_texts_that_wait_together_are_all_kept() -> None:
    outbox = Outbox(100)
    for at_ms, text in enumerate(["a", "a", "b", "a"]):
        outbox.put(replace(batch(1.0, at_ms), texts={PointId(8): (at_ms, text)}))
    taken = []
    while outbox:
        taken.append(outbox.take(100))
    assert [dict(each.texts) for each in taken] == [{8: (0, "a")}, {8: (2, "b")}, {8: (3, "a")}]
    assert [len(each) for each in taken] == [2, 1, 1]
