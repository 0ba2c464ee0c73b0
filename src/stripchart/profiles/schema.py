"""The shape of a profile file: what may be written where. The JSON schema is made from these models.

Every field is optional where something sensible is assumed; what is assumed is in the field's description. Rules
between fields (a reference to another point, an enum without labels) are in `check` and `build`.
"""

import json
from typing import Annotated

from pydantic import ConfigDict, Field

from stripchart.profiles.command_forms import CommandForm, ExpectForm, StepForm
from stripchart.profiles.device_forms import (
    ClockForm,
    ConditionForm,
    HoleForm,
    IdentityForm,
    PacingForm,
    RangeForm,
    ReadForm,
)
from stripchart.profiles.point_forms import (
    BlockForm,
    CounterForm,
    DefaultsForm,
    Entry,
    NeedForm,
    PointForm,
    RangedForm,
    RecordForm,
    RepeatForm,
    ScaleWhenForm,
    UnlockForm,
    WritableForm,
)
from stripchart.profiles.values import Between, CodeTexts, Form, Number, Text, TextsForm, Whole, Word


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
