"""Quirks on demand: what a device never says of itself, and a client has to find out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stripchart.model.block import Block
from stripchart.model.point import Table
from stripchart.simulator.faults import FaultError
from stripchart.wire.pdu import ILLEGAL_DATA_ADDRESS, ILLEGAL_DATA_VALUE

_NAMES = ("hole", "max_registers", "max_bits", "pause", "silent", "echo")


@dataclass(frozen=True, slots=True)
class Quirks:
    """What a device cannot do beyond what its profile says.

    `holes`: addresses that it does not have. `max_registers`, `max_bits`: the most it reads in one request.
    `pause_s`: a request that comes sooner after its last reply is not answered. `silent`: it does not answer what it
    cannot read, in place of refusing it. `echo`: it confirms writes and ignores them, as old firmware does.
    """

    holes: tuple[Block, ...] = ()
    max_registers: int = 125
    max_bits: int = 2000
    pause_s: float = 0.0
    silent: bool = False
    echo: bool = False

    def objection(self, asked: Block) -> int | None:
        """The exception with which a read of the block is refused; None when it can be read."""
        if len(asked) > (self.max_bits if asked.table.is_bits else self.max_registers):
            return ILLEGAL_DATA_VALUE
        own = [hole for hole in self.holes if hole.table is asked.table]
        touches = any(hole.start < asked.end and asked.start < hole.end for hole in own)
        return ILLEGAL_DATA_ADDRESS if touches else None

    def __str__(self) -> str:
        parts = [f"hole={hole.table}:{hole.start}-{hole.end - 1}" for hole in self.holes]
        parts += [f"max_registers={self.max_registers}"] * (self.max_registers < 125)
        parts += [f"max_bits={self.max_bits}"] * (self.max_bits < 2000)
        parts += [f"pause={self.pause_s:g}"] * (self.pause_s > 0) + ["silent"] * self.silent + ["echo"] * self.echo
        return " ".join(parts)


def with_quirk(quirks: Quirks, text: str) -> Quirks:
    """The quirks and one more.

    It is written `hole=[TABLE:]FIRST[-LAST]` (holding registers when no table is named), `max_registers=COUNT`,
    `max_bits=COUNT`, `pause=SECONDS`, `silent` or `echo`. Raises FaultError.
    """
    name, _, argument = text.strip().partition("=")
    match name:
        case "hole":
            return replace(quirks, holes=(*quirks.holes, _hole(argument)))
        case "max_registers":
            return replace(quirks, max_registers=_whole("max_registers", argument, 1, 125))
        case "max_bits":
            return replace(quirks, max_bits=_whole("max_bits", argument, 1, 2000))
        case "pause":
            return replace(quirks, pause_s=_pause_s(argument))
        case "silent" if not argument:
            return replace(quirks, silent=True)
        case "echo" if not argument:
            return replace(quirks, echo=True)
        case _:
            raise FaultError(f"quirk {text!r}: allowed are {', '.join(_NAMES)}")


def parse_unit_quirks(texts: Iterable[str]) -> dict[int, Quirks]:
    """Read any number of `UNIT:QUIRK`, as in `1:hole=100-105`. Raises FaultError."""
    quirks: dict[int, Quirks] = {}
    for text in texts:
        unit_text, colon, rest = text.strip().partition(":")
        if not colon:
            raise FaultError(f"{text!r}: a quirk is written UNIT:NAME[=ARG], as in 1:hole=100-105")
        unit = _whole("unit id", unit_text, 1, 255)
        quirks[unit] = with_quirk(quirks.get(unit, Quirks()), rest)
    return quirks


def _hole(text: str) -> Block:
    table, colon, places = text.rpartition(":")
    if colon and table not in set(Table):
        raise FaultError(f"table {table!r}: allowed are {', '.join(Table)}")
    first, _, last = places.partition("-")
    start = _whole("address", first, 0, 65_535)
    end = _whole("address", last or first, start, 65_535) + 1
    return Block(Table(table) if colon else Table.HOLDING, start, end)


def _pause_s(text: str) -> float:
    try:
        pause_s = float(text)
    except ValueError:
        pause_s = -1.0
    if not 0 <= pause_s <= 10:
        raise FaultError(f"pause {text!r}: allowed are 0 to 10 seconds")
    return pause_s


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise FaultError(f"{name} {text!r}: allowed are {low} to {high}")
    return int(text)
