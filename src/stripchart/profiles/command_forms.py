"""How commands, sequences of writes, are written in a profile file."""

from typing import Annotated

from pydantic import Field

from stripchart.profiles.point_forms import NeedForm
from stripchart.profiles.values import Between, Form, Line, Number, Text, Whole


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
