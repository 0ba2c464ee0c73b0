"""What goes over the bus comes out as it went in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.drivers.base import (
    BadReplyError,
    DriverError,
    LinkDownError,
    NoAnswerError,
    NotHeldError,
    RefusedError,
    SetupError,
)
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.read_plan import read_plan
from stripchart.drivers.probe import Probe
from stripchart.drivers.report import FaultReport, LinkReport, TracedFrame, UnitReport, UnknownTraceError
from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device, DeviceId, SiteId, parse_link
from stripchart.model.limits import Limits
from stripchart.model.link import LinkOptions
from stripchart.model.order import WriteResult, Written
from stripchart.model.own_point import OwnPoint
from stripchart.model.point import DataType, Table
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from stripchart.peers.columns import packed, unpacked
from stripchart.peers.letters import (
    KINDS,
    Answer,
    Ask,
    LetterError,
    answer_bytes,
    answer_of,
    ask_bytes,
    ask_of,
    error_fields,
    error_of,
)
from stripchart.profiles.library import ProfileLibrary

REFUSED = Cause(CauseCode.CONNECTION_REFUSED, {"wait_s": 2.5})
LINK = parse_link("rtu:///dev/ttyUSB0?baudrate=19200")
DEVICE = Device(
    id=DeviceId(3),
    site_id=SiteId(1),
    name="насос",
    link=LINK,
    unit_id=7,
    profile="",
    interval_s=1.5,
    own=OwnPoint(10, DataType.FLOAT32, "bar"),
)
SAMPLES = SampleBatch(
    np.array([4, 5], np.int32),
    np.array([10**12, 2]),
    np.array([np.nan, 1.5]),
    np.array([Quality.BAD_COMM, Quality.GOOD], np.uint8),
    {PointId(9): (77, "ОК")},
)
REPORT = LinkReport(
    address=LINK,
    state="connected",
    since_ms=None,
    trouble="",
    place=str(LINK),
    waiting=1,
    options=LinkOptions(),
    counters={"requests": 5},
    round_trip_s=(0.1, 0.2, 0.3),
    units=[UnitReport(7, "closed", 0.0, 0.0, 1, 1, 0, 0, 0, 0.1, 0.2)],
    faults=[FaultReport(1, 5, "timeout", 7, "no answer", 3, REFUSED)],
    cause=REFUSED,
)


def same(one: SampleBatch, other: SampleBatch) -> bool:
    columns = ("point_id", "at_ms", "value", "quality")
    return one.texts == other.texts and all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name == "value") for name in columns
    )


def over(what: str, result: object) -> object:
    kind = KINDS[what]
    return kind.of_json(answer_of(answer_bytes(Answer(1, kind.to_json(result)))).result)


def test_a_question_comes_as_it_was_asked() -> None:
    ask = Ask(5, "me", "write", LINK.end, 2**53, DEVICE, {"key": "speed", "value": 1.5})
    assert ask_of(ask_bytes(ask)) == ask


@pytest.mark.parametrize(
    ("what", "result"),
    [
        ("probe", Probe("speed", None, None, None, "no answer", REFUSED)),
        ("preview", [Probe("speed", 1.5, None, Quality.GOOD, None)]),
        ("plan", read_plan(compile_profile(ProfileLibrary.shipped().get("smartgen-hgm9520n")), Limits())),
        ("learn_again", None),
        ("reports", [REPORT]),
        ("trace", [TracedFrame(2**60 + 1, True, b"\x00\xff", "read")]),
        ("capture", b"\x00\xff\xd4"),
    ],
)
def test_an_answer_comes_as_it_was_given(what: str, result: object) -> None:
    assert over(what, result) == result


def test_samples_come_as_they_were_read() -> None:
    done = Written(WriteResult.VERIFIED, 1.0, "a", "b", SAMPLES, "precondition", {"point": "mode", "now": None})
    read, written = over("read_now", SAMPLES), over("write", done)
    assert isinstance(read, SampleBatch)
    assert same(read, SAMPLES)
    assert isinstance(written, Written)
    assert same(written.samples, SAMPLES)
    assert (written.result, written.old, written.new, written.message) == (WriteResult.VERIFIED, 1.0, "a", "b")
    assert (written.code, written.facts) == ("precondition", {"point": "mode", "now": None})


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**31 - 1), st.integers(-(2**62), 2**62), st.floats(), st.integers(0, 255))))
def test_columns_of_any_length_are_kept(rows: list[tuple[int, int, float, int]]) -> None:
    points, at_ms, values, quality = zip(*rows, strict=True) if rows else ((), (), (), ())
    batch = SampleBatch(
        np.array(points, np.int32), np.array(at_ms, np.int64), np.array(values, float), np.array(quality, np.uint8)
    )
    assert same(unpacked(packed(batch)), batch)


@pytest.mark.parametrize(
    "error",
    [
        LinkDownError("gone", 2.5, cause=REFUSED),
        NoAnswerError("silent"),
        BadReplyError("nonsense"),
        NotHeldError("not ours"),
        SetupError("no profile"),
        UnknownTraceError("no such fault"),
        RefusedError(7, Block(Table.HOLDING, 1, 3), 2),
    ],
)
def test_an_error_comes_as_what_it_was(error: Exception) -> None:
    told = answer_of(answer_bytes(Answer(1, error=error_fields(error)))).error
    assert told is not None
    came = error_of(told)
    assert (type(came), str(came)) == (type(error), str(error))
    assert getattr(came, "retry_in_s", 0.0) == getattr(error, "retry_in_s", 0.0)
    assert getattr(came, "cause", None) == getattr(error, "cause", None)


def test_a_code_that_this_version_does_not_know_leaves_the_words() -> None:
    told = error_fields(LinkDownError("gone", cause=REFUSED))
    came = error_of({**told, "cause": {"code": "moonshine", "facts": {}}})
    assert isinstance(came, LinkDownError)
    assert (str(came), came.cause.code) == ("gone", CauseCode.OTHER)
    older = error_of({"kind": "LinkDownError", "message": "gone", "retry_in_s": 0.0})
    assert isinstance(older, LinkDownError)
    assert older.cause == Cause()


def test_a_bug_over_there_is_told_as_one() -> None:
    came = error_of(error_fields(ZeroDivisionError("division by zero")))
    assert type(came) is DriverError
    assert "internal error: division by zero" in str(came)
    assert came.cause == Cause(CauseCode.INTERNAL, {"said": "division by zero"})


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"number": "x"}', b"\xff"])
def test_what_is_no_letter_is_not_taken_for_one(data: bytes) -> None:
    with pytest.raises(LetterError):
        ask_of(data)
    with pytest.raises(LetterError):
        answer_of(data)
    with pytest.raises(LetterError):
        error_of({"kind": "NoSuchError"})
