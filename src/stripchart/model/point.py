"""Point: one typed value of a device: where it is, how it is encoded, what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stripchart.model.alarm import Alert
from stripchart.model.point_address import PointAddress

Texts = Mapping[str, str]
"""A text per language code ('en', 'zh', 'ru'); 'en' is always there."""


class Table(StrEnum):
    """The four data tables of Modbus (Application Protocol V1.1b3, clause 4.3)."""

    HOLDING = "holding"
    INPUT = "input"
    COIL = "coil"
    DISCRETE = "discrete"

    is_bits: bool
    """Whether it holds bits; the others hold registers."""

    def __init__(self, name: str) -> None:
        self.is_bits = name in {"coil", "discrete"}

    @property
    def reference_digit(self) -> int:
        """The leading digit of the 4xxxx notation."""
        return {Table.COIL: 0, Table.DISCRETE: 1, Table.INPUT: 3, Table.HOLDING: 4}[self]


class DataType(StrEnum):
    """How a value lies in its registers."""

    BOOL = "bool"
    UINT16 = "uint16"
    INT16 = "int16"
    UINT32 = "uint32"
    INT32 = "int32"
    UINT64 = "uint64"
    INT64 = "int64"
    FLOAT16 = "float16"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    BCD16 = "bcd16"
    BCD32 = "bcd32"
    ENUM16 = "enum16"
    ENUM32 = "enum32"
    BITFIELD16 = "bitfield16"
    BITFIELD32 = "bitfield32"
    STRING = "string"

    @property
    def registers(self) -> int:
        """Registers a value takes; 1 for a string, whose length is the point's own."""
        if self.value.endswith("64"):
            return 4
        return 2 if self.value.endswith("32") else 1

    @property
    def is_state(self) -> bool:
        """A bool, a code or bits: a mean of such values is none of them."""
        return self in _STATES


_STATES = {DataType.BOOL, DataType.ENUM16, DataType.ENUM32, DataType.BITFIELD16, DataType.BITFIELD32}


class Order(StrEnum):
    """Which part of a value comes first on the wire; Modbus itself says big."""

    BIG = "big"
    LITTLE = "little"


class RecordMode(StrEnum):
    EVERY_POLL = "every_poll"
    ON_CHANGE = "on_change"


@dataclass(frozen=True, slots=True)
class RecordRule:
    """Which samples are kept: every one, or those that differ by more than `deadband`, and one each heartbeat.

    `deadband` is in the point's unit (0: any change).
    """

    mode: RecordMode = RecordMode.EVERY_POLL
    deadband: float = 0.0
    heartbeat_s: float = 600.0


@dataclass(frozen=True, slots=True)
class RawRange:
    """Raw values, after the sign rule and before the scale, from `first` to `last`, both included."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class ValidRange:
    """Engineering values a working device can report, both ends included; None leaves an end open."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ScaleWhen:
    """While the point `point` has the value `equals`, `scale` replaces the point's own scale."""

    point: str
    equals: float
    scale: float


@dataclass(frozen=True, slots=True)
class Ranged:
    """The unit, or the texts, of a point depend on what its device is set to.

    `code`: key of the point that holds the code of the range; `tables`: where the codes are explained, by what the
    point `kind` holds.
    """

    code: str
    kind: str
    tables: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class ManualWhen:
    """While the point `point` has the value `equals`, somebody has set this one by hand: it is uncertain, manual."""

    point: str
    equals: float


@dataclass(frozen=True, slots=True)
class Capacity:
    """A device has the point only if the point `point` is `number` or more; while nobody knows, it has it."""

    point: str
    number: int


@dataclass(frozen=True, slots=True)
class Needed:
    """The point `point` must have the value `equals` before the device obeys a write."""

    point: str
    equals: float


@dataclass(frozen=True, slots=True)
class Writable:
    """An operator may write the point, within the limits (both included), with function code 5, 6, 15 or 16.

    Function 6 writes of a value of several registers the least significant one alone: the others must be 0.
    `unlock`: a register and the value that is written to it right before.
    `address`: where it is written, when that is not where it is read. `rescaled`: the limits while the other scale of
    `scale_when` holds. `tolerance`: how far the value read back may be off, in the point's unit.
    `settle_s`: how long the device needs until it shows a write; `verify_s`: how long it is looked for after that.
    `keep_rest`: a part of a register may be written by reading the register and writing it back.
    `repeatable`: a write that was lost may be sent again.
    """

    low: float | None = None
    high: float | None = None
    function: int | None = None
    rescaled: tuple[float, float] | None = None
    needs: Needed | None = None
    unlock: tuple[int, int] | None = None
    address: int | None = None
    tolerance: float = 0.0
    settle_s: float = 0.0
    verify_s: float = 5.0
    keep_rest: bool = False
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """A value that only grows, until it starts again at 0 after `rollover` (engineering units; None: never).

    `max_per_hour`: the most it can grow in an hour (None: not known, and no step is impossible).
    """

    rollover: float | None = None
    max_per_hour: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One typed value of a device. `address` is 0-based, as on the wire."""

    key: str
    name: Texts
    table: Table
    address: int
    type: DataType
    registers: int = 1
    byte_order: Order = Order.BIG
    word_order: Order = Order.BIG
    bit: int | None = None
    """First bit (0 is the least significant) when the value is a part of its register."""
    bit_count: int = 1
    scale: float = 1.0
    offset: float = 0.0
    scale_factor: str | None = None
    """Key of the point whose value n multiplies this one by 10^n (SunSpec 'sunssf')."""
    scale_when: ScaleWhen | None = None
    unit: str = ""
    decimals: int | None = None
    valid: ValidRange | None = None
    no_data: tuple[RawRange, ...] = ()
    labels: Mapping[int, Texts] = field(default_factory=dict)
    """Texts of the codes of an enum, or of 0 and 1 of a bool."""
    bits: Mapping[int, Texts] = field(default_factory=dict)
    """Texts of the bits of a bit field, by bit number."""
    group: str = "values"
    alarm: Alert | None = None
    """What the device is while the value is not 0 (any bit of a bit field): warning or critical."""
    read: str = "fast"
    ranged: Ranged | None = None
    capacity: Capacity | None = None
    manual_when: ManualWhen | None = None
    writable: Writable | None = None
    counter: Counter | None = None
    record: RecordRule = RecordRule()
    retention_days: int | None = None
    """Samples are kept so many days; None: as the device or the default says."""
    panel_point: PointAddress | None = None
    """What it is on a T3 panel; None: it is known by its table and address (see `address_book`)."""

    @property
    def end(self) -> int:
        """First address behind the point."""
        return self.address + self.registers

    @property
    def reference(self) -> str:
        """The 1-based notation of manuals: '40121' up to 9999, '410001' style with six digits beyond."""
        number = self.address + 1
        digits = 4 if number <= 9999 else 5
        return f"{self.table.reference_digit}{number:0{digits}d}"


def text_in(texts: Texts, language: str) -> str:
    """The text in the language, or in English when it is not translated."""
    return texts.get(language) or texts.get("en", "")
