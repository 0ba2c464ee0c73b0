"""Faults on demand: what a device, its converter or the network does wrong. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from stripchart.wire.pdu import exception_reply


class FaultKind(StrEnum):
    """MUTE: no reply. SLOW: the reply comes late. EXCEPTION: the request is refused. DROP: the connection is closed.

    GARBAGE: random bytes. STALE: the previous reply once more. WRONG_UNIT: the reply names another unit.
    """

    MUTE = "mute"
    SLOW = "slow"
    EXCEPTION = "exception"
    DROP = "drop"
    GARBAGE = "garbage"
    STALE = "stale"
    WRONG_UNIT = "wrong_unit"


class Place(StrEnum):
    """Whether unwanted bytes come before the true reply or instead of it."""

    BEFORE = "before"
    INSTEAD = "instead"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a device. Each kind looks at its own argument only; `probability` is that of each reply."""

    kind: FaultKind
    delay_s: float = 1.0
    code: int = 4
    place: Place = Place.BEFORE
    unit_id: int | None = None
    """Unit that a WRONG_UNIT reply names; None: the one after the true one."""
    probability: float = 1.0

    def __str__(self) -> str:
        argument = {
            FaultKind.SLOW: f"={self.delay_s:g}",
            FaultKind.EXCEPTION: f"={self.code}",
            FaultKind.GARBAGE: f"={self.place}",
            FaultKind.STALE: f"={self.place}",
            FaultKind.WRONG_UNIT: "" if self.unit_id is None else f"={self.unit_id}",
        }.get(self.kind, "")
        return f"{self.kind}{argument}" + (f"~{self.probability:g}" if self.probability < 1 else "")


@dataclass(frozen=True, slots=True)
class ScheduledFault:
    """A fault of one unit from `start_s` on, in seconds of real time, for `duration_s` (None: until cleared)."""

    unit_id: int
    fault: Fault
    start_s: float = 0.0
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its true reply. `build` puts a PDU of a unit into a frame; `previous` is the last true frame."""

    unit_id: int
    function: int
    reply: bytes
    build: Callable[[int, bytes], bytes]
    previous: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goes on the wire: bytes, after how long, or the end of the connection."""

    data: bytes = b""
    delay_s: float = 0.0
    drop: bool = False


class FaultError(ValueError):
    """A fault written in a way that cannot be understood; the message names the part and what is allowed."""


def spoiled(fault: Fault | None, exchange: Exchange, random: np.random.Generator) -> Outcome:
    """What the client gets to see of the exchange."""
    frame = exchange.build(exchange.unit_id, exchange.reply)
    if fault is None or (fault.probability < 1 and random.random() >= fault.probability):
        return Outcome(frame)
    if fault.kind is FaultKind.DROP:
        return Outcome(drop=True)
    if fault.kind is FaultKind.SLOW:
        return Outcome(frame, delay_s=fault.delay_s)
    return Outcome(_wrong_bytes(fault, exchange, frame, random))


def _wrong_bytes(fault: Fault, exchange: Exchange, frame: bytes, random: np.random.Generator) -> bytes:
    match fault.kind:
        case FaultKind.EXCEPTION:
            return exchange.build(exchange.unit_id, exception_reply(exchange.function, fault.code))
        case FaultKind.GARBAGE:
            return _with(fault.place, random.bytes(int(random.integers(3, 20))), frame)
        case FaultKind.STALE:
            return _with(fault.place, exchange.previous or b"", frame)
        case FaultKind.WRONG_UNIT:
            other = exchange.unit_id % 247 + 1 if fault.unit_id is None else fault.unit_id
            return exchange.build(other, exchange.reply)
        case _:
            return b""


def parse_fault(text: str) -> Fault:
    """Read `NAME[=ARG][~PROBABILITY]`, as in `slow=2.5` or `garbage=instead~0.3`. Raises FaultError."""
    head, tilde, chance = text.strip().partition("~")
    name, equals, argument = head.partition("=")
    if name not in set(FaultKind):
        raise FaultError(f"fault {name!r}: allowed are {', '.join(FaultKind)}")
    fault = Fault(FaultKind(name))
    if equals:
        fault = _with_argument(fault, argument)
    if not tilde:
        return fault
    probability = _number("probability", chance)
    if not 0 < probability <= 1:
        raise FaultError(f"probability {chance!r}: allowed are numbers above 0 up to 1")
    return replace(fault, probability=probability)


def parse_scheduled_fault(text: str) -> ScheduledFault:
    """Read `UNIT:NAME[=ARG][~PROBABILITY][@START+DURATION]`, as in `2:mute@30+10` (seconds). Raises FaultError."""
    unit, colon, rest = text.strip().partition(":")
    if not colon:
        raise FaultError(f"{text!r}: a fault is written UNIT:NAME[=ARG][~PROBABILITY][@START[+DURATION]]")
    name, at, times = rest.partition("@")
    fault = parse_fault(name)
    unit_id = _unit(unit)
    if not at:
        return ScheduledFault(unit_id, fault)
    start, plus, duration = times.partition("+")
    duration_s = _seconds("duration", duration) if plus else None
    return ScheduledFault(unit_id, fault, _seconds("start", start), duration_s)


def _with(place: Place, unwanted: bytes, frame: bytes) -> bytes:
    return unwanted if place is Place.INSTEAD else unwanted + frame


def _with_argument(fault: Fault, text: str) -> Fault:
    match fault.kind:
        case FaultKind.SLOW:
            return replace(fault, delay_s=_seconds("delay", text))
        case FaultKind.EXCEPTION:
            code = _number("exception code", text)
            if code not in range(1, 256):
                raise FaultError(f"exception code {text!r}: allowed are 1 to 255")
            return replace(fault, code=int(code))
        case FaultKind.GARBAGE | FaultKind.STALE:
            if text not in set(Place):
                raise FaultError(f"{fault.kind}={text}: allowed are {', '.join(Place)}")
            return replace(fault, place=Place(text))
        case FaultKind.WRONG_UNIT:
            return replace(fault, unit_id=_unit(text))
        case FaultKind.MUTE | FaultKind.DROP:
            raise FaultError(f"{fault.kind}={text}: {fault.kind} takes no argument")


def _unit(text: str) -> int:
    unit = _number("unit id", text)
    if unit not in range(1, 256):
        raise FaultError(f"unit id {text!r}: allowed are 1 to 255")
    return int(unit)


def _seconds(name: str, text: str) -> float:
    seconds = _number(name, text)
    if not 0 <= seconds <= 86_400:
        raise FaultError(f"{name} {text!r}: allowed are 0 to 86400 seconds")
    return seconds


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise FaultError(f"{name} {text!r}: a number is allowed") from None
