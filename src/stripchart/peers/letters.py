"""Letters: what one process asks another, and what that answers, as JSON."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from stripchart.drivers.base import (
    BadReplyError,
    DriverError,
    LinkDownError,
    NoAnswerError,
    NotHeldError,
    RefusedError,
    SetupError,
    SilentUnitError,
)
from stripchart.drivers.probe import Probe
from stripchart.drivers.report import LinkReport, TracedFrame, UnknownTraceError
from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device
from stripchart.model.order import WriteResult, Written
from stripchart.model.read_plan import ReadPlan
from stripchart.peers.columns import packed, unpacked

_T = TypeVar("_T")
_CONFIG = ConfigDict(ser_json_inf_nan="constants")


class LetterError(ValueError):
    """Bytes that are no letter of this version."""


@dataclass(frozen=True, slots=True)
class Ask:
    """`what` is asked by `asker` about what there can be one connection to (`end`), whose lease has the `token`.

    A token of None: nobody holds it. `device` as the asker knows it. `given`: keys, values, numbers, by name.
    """

    number: int
    asker: str
    what: str
    end: str
    token: int | None
    device: Device | None
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """To the ask of that number: what was asked for, or the fields of an error."""

    number: int
    result: Any = None
    error: dict[str, Any] | None = None


_ASK, _ANSWER = TypeAdapter(Ask), TypeAdapter(Answer)


def ask_bytes(ask: Ask) -> bytes:
    return _ASK.dump_json(ask)


def ask_of(data: bytes) -> Ask:
    """Raises LetterError."""
    try:
        return _ASK.validate_json(data)
    except ValidationError as error:
        raise LetterError(str(error)) from error


def answer_bytes(answer: Answer) -> bytes:
    return _ANSWER.dump_json(answer)


def answer_of(data: bytes) -> Answer:
    """Raises LetterError."""
    try:
        return _ANSWER.validate_json(data)
    except ValidationError as error:
        raise LetterError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Kind(Generic[_T]):
    """Of a result: how it travels, and how it is made of what came."""

    to_json: Callable[[_T], Any]
    of_json: Callable[[Any], _T]


def _plain(type_: Any) -> Kind[Any]:
    adapter: TypeAdapter[Any] = TypeAdapter(type_)
    return Kind(lambda value: adapter.dump_python(value, mode="json"), adapter.validate_python)


def _bytes_told(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _frames_told(frames: list[TracedFrame]) -> list[list[Any]]:
    return [[each.at_ns, each.sent, _bytes_told(each.data), each.meaning] for each in frames]


def _frames_heard(told: list[list[Any]]) -> list[TracedFrame]:
    return [TracedFrame(at_ns, sent, base64.b64decode(data), meaning) for at_ns, sent, data, meaning in told]


def _written_told(written: Written) -> dict[str, Any]:
    return {
        "result": written.result.value,
        "old": written.old,
        "new": written.new,
        "message": written.message,
        "code": written.code,
        "facts": dict(written.facts),
        "samples": _bytes_told(packed(written.samples)),
    }


def _written_heard(told: dict[str, Any]) -> Written:
    samples = unpacked(base64.b64decode(told["samples"]))
    said = (told.get("code", ""), told.get("facts", {}))
    return Written(WriteResult(told["result"]), told["old"], told["new"], told["message"], samples, *said)


KINDS: dict[str, Kind[Any]] = {
    "probe": _plain(Probe),
    "preview": _plain(list[Probe]),
    "read_now": Kind(lambda batch: _bytes_told(packed(batch)), lambda told: unpacked(base64.b64decode(told))),
    "plan": _plain(ReadPlan),
    "learn_again": _plain(None),
    "write": Kind(_written_told, _written_heard),
    "command": Kind(_written_told, _written_heard),
    "reports": _plain(list[LinkReport]),
    "trace": Kind(_frames_told, _frames_heard),
    "capture": Kind(_bytes_told, base64.b64decode),
}
"""Of what can be asked, the kind of result."""

_ERRORS: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        LinkDownError,
        NoAnswerError,
        SilentUnitError,
        BadReplyError,
        NotHeldError,
        SetupError,
        DriverError,
        UnknownTraceError,
    )
}
_BLOCK = TypeAdapter(Block)


def error_fields(error: Exception) -> dict[str, Any]:
    """An error as it travels; one that is no failure of a device is told as a bug."""
    if isinstance(error, RefusedError):
        block = _BLOCK.dump_python(error.block, mode="json")
        return {"kind": "RefusedError", "unit_id": error.unit_id, "block": block, "code": error.code}
    kind = type(error).__name__
    if kind not in _ERRORS:
        error = DriverError(f"internal error: {error}", cause=Cause(CauseCode.INTERNAL, {"said": str(error)}))
        kind = "DriverError"
    fields: dict[str, Any] = {"kind": kind, "message": str(error)}
    if isinstance(error, DriverError):
        fields |= {"retry_in_s": error.retry_in_s, "cause": error.cause.to_json()}
    return fields


def error_of(fields: dict[str, Any]) -> Exception:
    """The error that was told. Raises LetterError."""
    try:
        if fields["kind"] == "RefusedError":
            return RefusedError(fields["unit_id"], _BLOCK.validate_python(fields["block"]), fields["code"])
        kind = _ERRORS[fields["kind"]]
        if issubclass(kind, DriverError):
            return kind(fields["message"], fields["retry_in_s"], cause=Cause.of_json(fields.get("cause")))
        return kind(fields["message"])
    except (KeyError, TypeError, ValueError) as error:
        raise LetterError(f"an error that is not known: {fields!r}") from error
