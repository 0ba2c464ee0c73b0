"""Faults: what goes on the wire, and how they are written."""

import numpy as np
import pytest

from stripchart.simulator.faults import (
    Exchange,
    Fault,
    FaultError,
    FaultKind,
    Outcome,
    Place,
    ScheduledFault,
    parse_fault,
    parse_scheduled_fault,
    spoiled,
)


def build(unit_id: int, pdu: bytes) -> bytes:
    return bytes((unit_id,)) + pdu


EXCHANGE = Exchange(7, 3, b"\x03\x02\x00\x05", build, previous=b"before")
TRUE = b"\x07\x03\x02\x00\x05"


def outcome(fault: Fault | None) -> Outcome:
    return spoiled(fault, EXCHANGE, np.random.default_rng(1))


def test_without_a_fault_the_true_frame_is_sent() -> None:
    assert outcome(None) == Outcome(TRUE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mute", Outcome()),
        ("slow=2.5", Outcome(TRUE, delay_s=2.5)),
        ("exception=6", Outcome(b"\x07\x83\x06")),
        ("drop", Outcome(drop=True)),
        ("stale=before", Outcome(b"before" + TRUE)),
        ("stale=instead", Outcome(b"before")),
        ("wrong_unit", Outcome(b"\x08" + TRUE[1:])),
        ("wrong_unit=99", Outcome(b"\x63" + TRUE[1:])),
    ],
)
def test_each_fault_spoils_the_reply_in_its_own_way(text: str, expected: Outcome) -> None:
    assert outcome(parse_fault(text)) == expected


def test_garbage_comes_before_the_frame_or_instead_of_it() -> None:
    before = outcome(parse_fault("garbage=before")).data
    assert before.endswith(TRUE)
    assert len(before) > len(TRUE)
    instead = outcome(parse_fault("garbage=instead")).data
    assert instead
    assert not instead.endswith(TRUE)


def test_an_unlikely_fault_spoils_its_share_of_the_replies() -> None:
    random = np.random.default_rng(1)
    fault = Fault(FaultKind.MUTE, probability=0.25)
    silent = sum(spoiled(fault, EXCHANGE, random) == Outcome() for _ in range(1000))
    assert 200 < silent < 300


@pytest.mark.parametrize(
    "text", ["mute", "slow=2.5", "exception=2", "drop", "garbage=instead", "stale=before~0.5", "wrong_unit=3"]
)
def test_a_fault_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_fault(text)) == text


def test_a_scheduled_fault_names_unit_fault_start_and_duration() -> None:
    garbage = Fault(FaultKind.GARBAGE, place=Place.INSTEAD, probability=0.3)
    assert parse_scheduled_fault("2:garbage=instead~0.3@30+10") == ScheduledFault(2, garbage, 30, 10)
    assert parse_scheduled_fault("1:mute@5") == ScheduledFault(1, Fault(FaultKind.MUTE), 5, None)
    assert parse_scheduled_fault("1:mute") == ScheduledFault(1, Fault(FaultKind.MUTE))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mute", "UNIT:NAME"),
        ("x:mute", "unit id 'x': a number is allowed"),
        ("300:mute", "unit id '300': allowed are 1 to 255"),
        ("1:silent", "fault 'silent': allowed are mute, slow, exception, drop, garbage, stale, wrong_unit"),
        ("1:mute=3", "mute takes no argument"),
        ("1:slow=-1", "delay '-1': allowed are 0 to 86400 seconds"),
        ("1:slow=nan", "delay 'nan': allowed are 0 to 86400 seconds"),
        ("1:exception=0", "exception code '0': allowed are 1 to 255"),
        ("1:exception=2.5", "exception code '2.5': allowed are 1 to 255"),
        ("1:garbage=behind", "allowed are before, instead"),
        ("1:mute~2", "probability '2': allowed are numbers above 0 up to 1"),
        ("1:mute@x", "start 'x': a number is allowed"),
        ("1:mute@1+", "duration '': a number is allowed"),
    ],
)
def test_a_fault_that_cannot_be_read_is_told_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(FaultError, match=message):
        parse_scheduled_fault(text)
