"""How a profile file says what a device is and how it is read."""

from typing import Annotated

from pydantic import Field

from stripchart.model.point import Table
from stripchart.profiles.values import Between, Form, Line, Number, Text, Whole


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


class ReadForm(Form):
    every: Annotated[Whole, Between(1, 3600)] = 1
    """Read in each such cycle: 5 is every fifth."""
    when: ConditionForm | None = None
