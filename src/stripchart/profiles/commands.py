"""Commands of a profile file: the sequences of writes that operators can start."""

from collections.abc import Mapping

from stripchart.model.command import Command, Expected, Step
from stripchart.model.point import Table
from stripchart.profiles.command_forms import CommandForm, ExpectForm, StepForm
from stripchart.profiles.expand import to_texts
from stripchart.profiles.problem import Findings, Place
from stripchart.profiles.writing import needed

_BEFORE_PULSE_S = 0.1
"""A pulse starts from off: a key that somebody left pressed is let go, and the device has to see that."""


def build_commands(forms: Mapping[str, CommandForm], findings: Findings) -> dict[str, Command]:
    return {key: _command(key, form, findings) for key, form in forms.items()}


def _command(key: str, form: CommandForm, findings: Findings) -> Command:
    steps = [
        step
        for number, written in enumerate(form.steps)
        for step in _steps(written, ("commands", key, "steps", number), findings)
    ]
    return Command(
        key=key,
        name=to_texts(form.name),
        confirm=to_texts(form.confirm) if form.confirm is not None else {},
        steps=tuple(steps),
        needs=needed(form.needs),
        expected=_expected(form.expect) if form.expect else None,
    )


def _steps(form: StepForm, place: Place, findings: Findings) -> list[Step]:
    if sum(given is not None for given in (form.pulse, form.coil, form.holding)) != 1:
        findings.add(place, "what is written? allowed is one of pulse, coil and holding")
    elif form.pulse is not None:
        return _pulse(form, form.pulse, place, findings)
    elif form.value is None:
        findings.add((*place, "value"), "missing; a coil or register is set to a value")
    elif form.coil is not None and form.value not in {0, 1}:
        findings.add((*place, "value"), f"{form.value}: allowed for a coil are 0 and 1")
    elif form.coil is not None:
        return [Step(Table.COIL, form.coil, form.value, form.wait_s)]
    elif form.holding is not None:
        return [Step(Table.HOLDING, form.holding, form.value, form.wait_s)]
    return []


def _pulse(form: StepForm, coil: int, place: Place, findings: Findings) -> list[Step]:
    if form.value is not None:
        findings.add((*place, "value"), "a pulse is off, on and off; allowed with coil and holding")
    return [
        Step(Table.COIL, coil, 0, _BEFORE_PULSE_S),
        Step(Table.COIL, coil, 1, form.hold_s),
        Step(Table.COIL, coil, 0, form.wait_s, ends_pulse=True),
    ]


def _expected(form: ExpectForm) -> Expected:
    values = form.equals if isinstance(form.equals, list) else [] if form.equals is None else [form.equals]
    return Expected(form.point, tuple(values), form.within_s)
