"""The shape of a profile file: what may be written where. The JSON schema is made from these models.

Every field is optional where something sensible is assumed; what is assumed is in the field's description. Rules
between fields (a reference to another point, an enum without labels) are in `check` and `build`.
"""

import json
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from stripchart.model.point import DataType, Order, RecordMode, Table

MAX_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `low` to `high`, both included."""

    low: float
    high: float

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(core), "minimum": self.low, "maximum": self.high}

    def _check(self, number: float) -> float:
        if not self.low <= number <= self.high:
            raise PydanticCustomError("between", f"{number:g}: allowed are {self.low:g} to {self.high:g}")
        return number


Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, max_length=64)]
Line = Annotated[str, Field(min_length=1, max_length=500)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class TextsForm(Form):
    en: Line
    zh: Line | None = None
    ru: Line | None = None


def _text_tag(value: object) -> str:
    return "texts" if isinstance(value, dict | TextsForm) else "text"


Text = Annotated[
    Annotated[Line, Tag("text")] | Annotated[TextsForm, Tag("texts")],
    Discriminator(_text_tag),
]
"""A text, or one for each language: {en: Voltage, zh: 电压, ru: Напряжение}."""

CodeTexts = Annotated[dict[Whole, Text], Field(min_length=1, max_length=1000)]


def _mapping_tag(value: object) -> str:
    return "mapping" if isinstance(value, dict | Form) else "plain"


TextSet = Annotated[
    Annotated[Word, Tag("plain")] | Annotated[CodeTexts, Tag("mapping")],
    Discriminator(_mapping_tag),
]
"""Texts by code, or the name of one of the profile's `sets`."""

Bound = Number | None


def _no_data_tag(value: object) -> str:
    return "range" if isinstance(value, list | tuple) else "value"


NoData = Annotated[
    Annotated[Number, Tag("value")] | Annotated[tuple[Bound, Bound], Tag("range")],
    Discriminator(_no_data_tag),
]


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


class RangeForm(Form):
    name: Text | None = None
    unit: Annotated[str, Field(max_length=20)] = ""
    states: tuple[Text, Text] | None = None
    """What the values 0 and 1 are called, in place of a unit."""
    inverted: Annotated[bool, Field(strict=True)] = False
    """The first of the states is that of the value 1."""


class IdentityForm(Form):
    point: Line
    equals: Number | Annotated[list[Number], Field(min_length=1, max_length=100)]
    """The value, or one of the values, that such a device has there. Of any other device nothing more is read."""


class ClockForm(Form):
    """Keys of the points with the parts of the device's clock, which is held against ours."""

    year: Line
    """Of two or four digits."""
    month: Line
    day: Line
    hour: Line
    minute: Line
    second: Line
    tolerance_s: Annotated[Number, Between(5, 400)] = 60.0
    """How far it may be off, beside a time zone of whole quarters of an hour."""


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


Yes = Annotated[bool, Field(strict=True)]
Writing = Annotated[
    Annotated[Yes, Tag("plain")] | Annotated[WritableForm, Tag("mapping")], Discriminator(_mapping_tag)
]
Counting = Annotated[
    Annotated[Yes, Tag("plain")] | Annotated[CounterForm, Tag("mapping")], Discriminator(_mapping_tag)
]
Recording = Annotated[
    Annotated[RecordMode, Tag("plain")] | Annotated[RecordForm, Tag("mapping")], Discriminator(_mapping_tag)
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
    Discriminator(_mapping_tag),
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


class PacingForm(Form):
    max_registers: Annotated[Whole, Between(1, 125)] = 125
    """Registers in one request; Modbus allows 125."""
    max_bits: Annotated[Whole, Between(1, 2000)] = 2000
    """Coils or discrete inputs in one request; Modbus allows 2000."""
    max_gap: Annotated[Whole, Between(0, 124)] = 10
    """Unwanted registers worth reading to save a request."""
    pause_after_send_s: Annotated[Number, Between(0, 10)] = 0.0
    """Serial converters need it; plain TCP links leave it out."""
    pause_between_s: Annotated[Number, Between(0, 10)] = 0.0
    timeout_s: Annotated[Number, Between(0.01, 60)] = 10.0
    """How long a reply may take; absent: as the collector is set."""
    retries: Annotated[Whole, Between(0, 10)] = 2
    """How often a request that brought nothing is asked again; absent: as the collector is set."""
    pause_before_retry_s: Annotated[Number, Between(0, 10)] = 0.5
    """Absent: as the collector is set."""
    is_gateway: Annotated[bool, Field(strict=True)] = False
    """The other units of the link are behind the device: its pause_between_s holds for them, too."""


class HoleForm(Form):
    """Addresses that the device does not have, or does not read in one request."""

    table: Table = Table.HOLDING
    first: Annotated[Whole, Between(0, 65_535)]
    """0-based, as on the wire."""
    last: Annotated[Whole, Between(0, 65_535)] | None = None
    """Assumed: the first alone."""


class ConditionForm(Form):
    point: Line
    equals: Number
    otherwise: Number | None = None
    """What the points of the group are known to be while the condition is false; absent: nothing is known."""


class StepForm(Form):
    """One of pulse, coil and holding."""

    pulse: Annotated[Whole, Between(0, 65_535)] | None = None
    """Address of a coil that is switched off, on for hold_s, and off."""
    coil: Annotated[Whole, Between(0, 65_535)] | None = None
    """Address of a coil that is set to value."""
    holding: Annotated[Whole, Between(0, 65_535)] | None = None
    """Address of a holding register that is set to value, with function 6."""
    value: Annotated[Whole, Between(0, 65_535)] | None = None
    hold_s: Annotated[Number, Between(0.05, 30)] = 0.6
    """How long a pulse lasts."""
    wait_s: Annotated[Number, Between(0, 30)] = 0.0
    """Pause before the next step."""


class ExpectForm(Form):
    point: Line
    equals: Number | Annotated[list[Number], Field(min_length=1, max_length=100)] | None = None
    """The value, or one of the values, that shows that the command was obeyed; absent: any but that before."""
    within_s: Annotated[Number, Between(0, 300)] = 5.0


class CommandForm(Form):
    name: Text
    confirm: Text | None = None
    """What the operator is asked before."""
    needs: NeedForm | None = None
    """The device obeys only while this holds."""
    steps: Annotated[list[StepForm], Field(min_length=1, max_length=20)]
    expect: ExpectForm | None = None
    """What shows that the command was obeyed."""


class ReadForm(Form):
    every: Annotated[Whole, Between(1, 3600)] = 1
    """Read in each such cycle: 5 is every fifth."""
    when: ConditionForm | None = None


class ProfileForm(Form):
    """A Stripchart profile: the points and the pacing of a device type."""

    model_config = ConfigDict(title="Stripchart profile")

    profile: Word
    """Key of the profile: lower-case letters, digits and -."""
    name: Text
    kind: Word
    """What the device is, in a word: genset, meter, sensor."""
    maker: Annotated[str, Field(max_length=100)] = ""
    description: Text | None = None
    interval_s: Annotated[Number, Between(1, 3600)] = 10.0
    unit_id: Annotated[Whole, Between(1, 255)] = 1
    pacing: PacingForm = PacingForm()
    holes: Annotated[list[HoleForm], Field(max_length=1000)] = Field(default_factory=list)
    """What no request may ask for: addresses between points that are refused, or two on either side of a seam."""
    reads: Annotated[dict[Word, ReadForm], Field(max_length=20)] = Field(default_factory=dict)
    """Read groups; `fast`, read in each cycle, is always there."""
    groups: Annotated[dict[Word, Text], Field(max_length=100)] = Field(default_factory=dict)
    """Display groups in their order."""
    overview: Annotated[list[Word], Field(max_length=12)] = Field(default_factory=list)
    """Keys of the points on the device's tile."""
    sets: Annotated[dict[Word, CodeTexts], Field(max_length=200)] = Field(default_factory=dict)
    """Texts by code, for `labels` and `bits` of several points."""
    ranges: Annotated[
        dict[Word, Annotated[dict[Whole, RangeForm], Field(min_length=1, max_length=1000)]], Field(max_length=50)
    ] = Field(default_factory=dict)
    """Tables of range codes, for `ranged` of points."""
    expected: Annotated[list[IdentityForm], Field(max_length=10)] = Field(default_factory=list)
    """What shows that it is such a device; read before everything else."""
    clock: ClockForm | None = None
    defaults: DefaultsForm = DefaultsForm()
    points: Annotated[list[Entry], Field(min_length=1)]
    commands: Annotated[dict[Word, CommandForm], Field(max_length=50)] = Field(default_factory=dict)
    """What an operator can have the device do by a sequence of writes."""


FORMS: dict[str, type[Form]] = {
    "texts": TextsForm,
    "point": PointForm,
    "block": BlockForm,
    "pacing": PacingForm,
    "holes": HoleForm,
    "defaults": DefaultsForm,
    "repeat": RepeatForm,
    "reads": ReadForm,
    "when": ConditionForm,
    "scale_when": ScaleWhenForm,
    "ranged": RangedForm,
    "manual_when": NeedForm,
    "ranges": RangeForm,
    "expected": IdentityForm,
    "clock": ClockForm,
    "writable": WritableForm,
    "needs": NeedForm,
    "unlock": UnlockForm,
    "commands": CommandForm,
    "steps": StepForm,
    "expect": ExpectForm,
    "counter": CounterForm,
    "record": RecordForm,
}
"""Which form lies under which field (or which kind of entry)."""


def json_schema() -> dict[str, object]:
    """JSON schema (draft 2020-12) of profile files, as published in docs/profile.schema.json."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ProfileForm.model_json_schema()}


def schema_text() -> str:
    """The JSON schema as the published file has it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
