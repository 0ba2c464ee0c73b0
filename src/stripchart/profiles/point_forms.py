"""How points are written in a profile file: one by one, with shared defaults, and repeated."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from stripchart.model.point import DataType, Order, RecordMode, Table
from stripchart.profiles.values import (
    MAX_POINTS,
    Between,
    Bound,
    Form,
    Line,
    NoData,
    Number,
    Text,
    TextSet,
    Whole,
    Word,
    Yes,
    mapping_tag,
)


class ScaleWhenForm(Form):
    point: Line
    equals: Number
    scale: Number


class RangedForm(Form):
    code: Line
    """Key of the point with the code of the range."""
    kind: Line
    """Key of the point that says which of the tables it is from."""
    tables: Annotated[dict[Whole, Word], Field(min_length=1, max_length=100)]
    """Names of `ranges`, by what that point holds."""


class NeedForm(Form):
    point: Line
    equals: Number


class UnlockForm(Form):
    address: Annotated[Whole, Between(0, 65_535)]
    value: Annotated[Whole, Between(0, 65_535)]


class WritableForm(Form):
    low: Number | None = None
    high: Number | None = None
    function: Literal[5, 6, 15, 16] | None = None
    """Function code of the write; assumed: 5 for a coil, 6 for one register, 16 for several. Function 6 writes of
    several registers the least significant one alone."""
    rescaled: tuple[Number, Number] | None = None
    """[low, high] while the other scale of scale_when holds."""
    needs: NeedForm | None = None
    """The device takes the value only while this holds."""
    unlock: UnlockForm | None = None
    """A register that is written right before, as a device with a password wants it."""
    address: Annotated[Whole, Between(0, 65_535)] | None = None
    """Where it is written, when that is not where it is read; in a repeated point that of the first copy."""
    tolerance: Annotated[Number, Between(0, 1e12)] = 0.0
    """How far the value read back may be off, in the point's unit."""
    settle_s: Annotated[Number, Between(0, 60)] = 0.0
    """How long the device needs until it shows what was written."""
    verify_s: Annotated[Number, Between(0, 300)] = 5.0
    """How long the value is looked for after that."""
    keep_rest: Annotated[bool, Field(strict=True)] = False
    """A part of a register is written by reading the register and writing it back with the rest as it was."""
    repeatable: Annotated[bool, Field(strict=True)] = False
    """Writing twice does no more than writing once: what was lost may be sent again."""


class CounterForm(Form):
    rollover: Number | None = None
    """Where the counter starts again at 0, in the point's unit; absent: never."""
    max_per_hour: Number | None = None
    """The most it can grow in an hour, in the point's unit; a step that is greater is kept as uncertain."""


class RecordForm(Form):
    mode: RecordMode = RecordMode.EVERY_POLL
    deadband: Annotated[Number, Between(0, 1e12)] = 0.0
    """A change up to this is not kept, in the point's unit."""
    deadband_percent: Annotated[Number, Between(0, 100)] | None = None
    """In place of deadband: percent of the point's valid range, which needs both ends."""
    heartbeat_s: Annotated[Number, Between(1, 86_400)] = 600.0
    """A sample is kept at least this often, changed or not."""


Writing = Annotated[
    Annotated[Yes, Tag("plain")] | Annotated[WritableForm, Tag("mapping")], Discriminator(mapping_tag)
]

Counting = Annotated[
    Annotated[Yes, Tag("plain")] | Annotated[CounterForm, Tag("mapping")], Discriminator(mapping_tag)
]

Recording = Annotated[
    Annotated[RecordMode, Tag("plain")] | Annotated[RecordForm, Tag("mapping")], Discriminator(mapping_tag)
]


class DefaultsForm(Form):
    """Fields that many points share; a point's own field wins."""

    table: Table | None = None
    type: DataType | None = None
    """Assumed: uint16 in registers, bool in coils and discrete inputs."""
    byte_order: Order | None = None
    word_order: Order | None = None
    scale: Number | None = None
    """Value = raw x scale + offset."""
    offset: Number | None = None
    scale_factor: Line | None = None
    """Key of the point whose value n multiplies this one by 10^n."""
    scale_when: ScaleWhenForm | None = None
    """Another scale while another point has a certain value."""
    ranged: RangedForm | None = None
    """The unit, or the texts of 0 and 1, depend on a code beside the value."""
    manual_when: NeedForm | None = None
    """While this holds, somebody has set the value by hand: its samples are uncertain, manual."""
    capacity: Line | None = None
    """In a repeated point: key of the point that says how many copies the device has. {n} above it are not there."""
    unit: Annotated[str, Field(max_length=20)] | None = None
    decimals: Annotated[Whole, Between(0, 9)] | None = None
    """Assumed from the scale: 0.1 has one."""
    valid: tuple[Bound, Bound] | None = None
    """[low, high] of a working device, in the point's unit; null leaves an end open. Anything else is bad."""
    no_data: Annotated[list[NoData], Field(max_length=32)] | None = None
    """Raw values, after the sign rule and before the scale, that say there is no value: single ones, or
    [first, last] with null for the end of the type. An empty list undoes a default."""
    labels: TextSet | None = None
    """Texts of the codes of an enum, or of 0 and 1 of a bool."""
    bits: TextSet | None = None
    """Texts of the bits of a bit field; bit 0 is the least significant."""
    group: Line | None = None
    """Display group, one of `groups`."""
    alarm: Literal["warning", "critical"] | None = None
    """What the device is while the value is not 0; for bools and bit fields that say what is the matter."""
    read: Line | None = None
    """Read group, one of `reads`; assumed: fast."""
    writable: Writing | None = None
    counter: Counting | None = None
    record: Recording | None = None
    retention_days: Annotated[Whole, Between(1, 36_500)] | None = None
    """Samples are kept so many days; absent: as the device or the settings say."""


class PointForm(DefaultsForm):
    key: Line
    """Lower-case letters, digits and _; in a repeated point with placeholders such as {n}."""
    name: Text
    address: Annotated[Whole, Between(0, 65_535)] | None = None
    """0-based, as on the wire."""
    reference: str | Whole | None = None
    """In place of table and address, the 1-based notation of manuals: 40121 or 400121. Quote leading zeros."""
    registers: Annotated[Whole, Between(1, 125)] | None = None
    """Length of a string; other types have their own."""
    bit: Annotated[Whole, Between(0, 31)] | None = None
    """First bit of a value that is a part of its register; 0 is the least significant."""
    bit_count: Annotated[Whole, Between(1, 31)] | None = None
    panel_point: Line | None = None
    """What the point is on a T3 panel, as in IN7 or VAR{n}; absent: it is known by its table and address."""


Item = Annotated[
    Annotated[Line | Whole, Tag("plain")] | Annotated[dict[Word, Text], Tag("mapping")],
    Discriminator(mapping_tag),
]


class RepeatForm(Form):
    """Copies the points of a block: {n} is the number of the copy, {item} its item."""

    count: Annotated[Whole, Between(1, MAX_POINTS)] | None = None
    items: Annotated[list[Item], Field(min_length=1, max_length=1000)] | None = None
    """Texts for {item}, or mappings whose fields are placeholders: [{key: main, name: Main feeder}]."""
    stride: Annotated[Whole, Between(0, 65_535)]
    """How many addresses the next copy lies further on."""
    first: Annotated[Whole, Between(0, 65_535)] = 1
    """{n} of the first copy."""


class BlockForm(Form):
    """Points that share defaults, or are repeated."""

    repeat: RepeatForm | None = None
    defaults: DefaultsForm | None = None
    points: Annotated[list[PointForm], Field(min_length=1)]


def _entry_tag(value: object) -> str:
    return "block" if isinstance(value, BlockForm) or (isinstance(value, dict) and "points" in value) else "point"


Entry = Annotated[
    Annotated[PointForm, Tag("point")] | Annotated[BlockForm, Tag("block")],
    Discriminator(_entry_tag),
]
