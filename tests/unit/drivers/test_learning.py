"""Holes, seams and limits that nobody told of are found in a few cycles, and nothing readable is lost over them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.drivers.modbus.learning import Learner, Outcome
from stripchart.model.block import Block
from stripchart.model.cause import Why
from stripchart.model.limits import Limits
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from tests.unit.drivers.units import HiddenUnit, Rehearsal, a_profile, fewest_requests

CYCLES = 6

places = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([1, 1, 1, 2, 4])), min_size=1, max_size=120)


def laid_out(steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Gaps and sizes as addresses and sizes."""
    result, address = [], 0
    for gap, size in steps:
        address += gap if gap > 6 else 0
        result.append((address, size))
        address += size
    return result


def holding(start: int, end: int) -> Block:
    return Block(Table.HOLDING, start, end)


@settings(max_examples=150, deadline=None)
@given(places, st.sets(st.integers(0, 400), max_size=12), st.integers(4, 125), st.integers(0, 12))
def test_whatever_is_hidden_is_found_in_six_cycles(
    steps: list[tuple[int, int]], bad: set[int], longest: int, max_gap: int
) -> None:
    unit = HiddenUnit(bad=frozenset(bad), longest=longest)
    rehearsal = Rehearsal(a_profile(laid_out(steps), Pacing(max_gap=max_gap)), unit)
    for _ in range(CYCLES):
        read = rehearsal.cycle()
    spans = rehearsal.compiled.spans
    assert read == {span for span in spans if unit.reads(span)}
    assert len(rehearsal.plan) <= max(1, fewest_requests(spans, unit, max_gap)) or not read
    unit.asked.clear()
    rehearsal.cycle()
    assert not read or all(unit.reads(block) for block in unit.asked), "nothing is asked in vain any more"


@settings(max_examples=60, deadline=None)
@given(places, st.sets(st.integers(1, 300), max_size=5), st.sets(st.integers(0, 300), max_size=5))
def test_seams_that_no_read_may_cross_are_found(steps: list[tuple[int, int]], seams: set[int], bad: set[int]) -> None:
    unit = HiddenUnit(bad=frozenset(bad), seams=frozenset(seams))
    rehearsal = Rehearsal(a_profile(laid_out(steps), Pacing()), unit)
    for _ in range(CYCLES):
        read = rehearsal.cycle()
    assert read == {span for span in rehearsal.compiled.spans if unit.reads(span)}


@pytest.mark.parametrize("seed", range(8))
def test_a_large_device_is_learned_with_few_requests(seed: int) -> None:
    chance = np.random.default_rng(seed)
    places = [(address, 1) for address in range(1000) if chance.random() < 0.8]
    bad = frozenset(chance.choice(1000, 25, replace=False).tolist())
    unit = HiddenUnit(bad=bad, longest=int(chance.choice([16, 32, 50, 64, 100])))
    rehearsal = Rehearsal(a_profile(places, Pacing()), unit)
    counts = []
    for _ in range(CYCLES):
        read = rehearsal.cycle()
        counts.append(rehearsal.extra)
    assert max(counts) <= 64
    assert read == {span for span in rehearsal.compiled.spans if unit.reads(span)}
    assert len(rehearsal.plan) == fewest_requests(rehearsal.compiled.spans, unit, 10)


@settings(max_examples=60, deadline=None)
@given(places, st.sets(st.integers(0, 300), max_size=3))
def test_holes_that_are_met_with_silence_are_found_while_something_else_answers(
    steps: list[tuple[int, int]], bad: set[int]
) -> None:
    # The last point is far from the others, and shows that the unit is alive.
    unit = HiddenUnit(bad=frozenset(bad), outcome=Outcome.FAILED)
    rehearsal = Rehearsal(a_profile([*laid_out(steps), (5000, 1)], Pacing()), unit)
    for _ in range(3 * CYCLES):
        read = rehearsal.cycle()
    assert read == {span for span in rehearsal.compiled.spans if unit.reads(span)}


def test_a_unit_that_says_nothing_teaches_nothing() -> None:
    unit = HiddenUnit(bad=frozenset(range(6000)), outcome=Outcome.FAILED)
    rehearsal = Rehearsal(a_profile([(0, 1), (10, 2), (500, 1)], Pacing()), unit)
    for _ in range(20):
        rehearsal.cycle()
    assert (rehearsal.extra, rehearsal.learner.limits) == (0, Limits())


def test_a_unit_that_dies_in_the_middle_of_the_search_teaches_nothing() -> None:
    learner = Learner([holding(0, 1), holding(1, 2), holding(500, 501)], Pacing(), Limits())
    for _ in range(2):
        learner.note(holding(0, 2), Outcome.FAILED, Why("no answer"), 0)
        learner.note(holding(500, 501), Outcome.ANSWERED, Why(""), 0)
    assert learner.probe() == holding(0, 1)
    learner.note(holding(0, 1), Outcome.FAILED, Why("no answer"), 0)
    assert learner.probe() == holding(500, 501), "is it alive?"
    learner.note(holding(500, 501), Outcome.FAILED, Why("no answer"), 0)
    assert (learner.probe(), learner.limits) == (None, Limits())


def test_a_block_that_was_lost_by_chance_teaches_nothing() -> None:
    unit = HiddenUnit()
    rehearsal = Rehearsal(a_profile([(0, 1), (1, 1), (2, 2), (500, 1)], Pacing()), unit)
    for _ in range(2):
        rehearsal.learner.note(holding(0, 4), Outcome.FAILED, Why("no answer"), 0)
        rehearsal.learner.note(holding(500, 501), Outcome.ANSWERED, Why(""), 0)
    assert rehearsal.learner.is_suspect(holding(0, 4))
    read = rehearsal.cycle()
    assert (len(read), rehearsal.learner.limits) == (4, Limits())


def test_what_says_nothing_of_registers_teaches_nothing() -> None:
    learner = Learner([holding(0, 1), holding(500, 501)], Pacing(), Limits())
    for _ in range(5):
        learner.note(holding(0, 1), Outcome.UNKNOWN, Why("busy"), 0)
        learner.note(holding(500, 501), Outcome.ANSWERED, Why(""), 0)
    assert not learner.is_busy


def test_a_hole_is_tried_again_ever_more_seldom_and_comes_back_by_itself() -> None:
    unit = HiddenUnit(bad=frozenset({3}))
    rehearsal = Rehearsal(a_profile([(1, 1), (3, 1), (4, 1)], Pacing()), unit)
    rehearsal.cycle()
    learner = rehearsal.learner
    (hole,) = learner.limits.holes
    assert (hole.block, hole.why) == (holding(3, 4), "exception 2 (illegal data address)")
    waits, now_ms = [], hole.at_ms
    for _ in range(8):
        due_ms = learner.limits.holes[0].retry_ms
        assert learner.due(due_ms - 1) is None
        retry = learner.due(due_ms)
        assert retry is not None
        waits.append((due_ms - now_ms) // 60_000)
        learner.note_retry(retry, Outcome.REFUSED, due_ms)
        now_ms = due_ms
    assert waits == [1, 4, 16, 64, 256, 1024, 1440, 1440]
    unit.bad = frozenset()
    retry = learner.due(learner.limits.holes[0].retry_ms)
    assert retry is not None
    learner.note_retry(retry, Outcome.ANSWERED, 0)
    assert learner.limits == Limits()
    assert len(rehearsal.cycle()) == 3


def test_a_limit_of_length_is_tried_again_too() -> None:
    unit = HiddenUnit(longest=10)
    rehearsal = Rehearsal(a_profile([(address, 1) for address in range(40)], Pacing()), unit)
    rehearsal.cycle()
    lesson = rehearsal.learner.limits.max_registers
    assert lesson is not None
    assert lesson.value == 10
    retry = rehearsal.learner.due(lesson.retry_ms)
    assert retry is not None
    assert retry.block == holding(0, 40)
    rehearsal.learner.note_retry(retry, Outcome.ANSWERED, 0)
    assert rehearsal.learner.limits == Limits()


def test_an_answer_disproves_what_was_held_to_be_a_hole() -> None:
    unit = HiddenUnit(bad=frozenset({3}))
    rehearsal = Rehearsal(a_profile([(1, 1), (3, 1), (4, 1)], Pacing()), unit)
    rehearsal.cycle()
    rehearsal.learner.note(holding(1, 5), Outcome.ANSWERED, Why(""), 0)
    assert rehearsal.learner.limits == Limits()
