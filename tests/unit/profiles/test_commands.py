"""Commands in profile files: what is understood, and what is wrong with the others."""

import pytest

from stripchart.model.command import Command, Expected, Step
from stripchart.model.point import Needed, Table
from tests.unit.profiles.texts import load, problem, profile_text

POINT = "{key: mode, name: Mode, address: 0}"
TEXT = "{key: text, name: Text, address: 9, type: string, registers: 2}"


def commands_head(fields: str) -> str:
    return f"commands: {{go: {{{fields}}}}}\n"


def command(fields: str) -> Command:
    return load(POINT, TEXT, head=commands_head(fields)).commands["go"]


def test_a_pulse_is_off_on_for_a_while_and_off() -> None:
    pressed = command("name: {en: Go, ru: Пуск}, confirm: Sure?, steps: [{pulse: 3, hold_s: 1, wait_s: 2}]")
    assert pressed.steps == (
        Step(Table.COIL, 3, 0, 0.1),
        Step(Table.COIL, 3, 1, 1),
        Step(Table.COIL, 3, 0, 2, ends_pulse=True),
    )
    assert (pressed.key, pressed.name, pressed.confirm) == ("go", {"en": "Go", "ru": "Пуск"}, {"en": "Sure?"})
    assert (pressed.needs, pressed.expected, pressed.lasts_s) == (None, None, 3.1)


def test_coils_and_registers_are_set_one_after_another() -> None:
    both = command("name: Go, steps: [{holding: 199, value: 318}, {coil: 5, value: 1, wait_s: 0.5}]")
    assert both.steps == (Step(Table.HOLDING, 199, 318), Step(Table.COIL, 5, 1, 0.5))


def test_what_a_command_needs_and_what_shows_that_it_was_obeyed() -> None:
    steps = "name: Go, steps: [{pulse: 0}]"
    one = command(f"{steps}, needs: {{point: mode, equals: 1}}, expect: {{point: mode, equals: 2, within_s: 9}}")
    assert (one.needs, one.expected) == (Needed("mode", 1), Expected("mode", (2,), 9))
    assert command(f"{steps}, expect: {{point: mode, equals: [2, 3]}}").expected == Expected("mode", (2, 3))
    assert command(f"{steps}, expect: {{point: mode}}").expected == Expected("mode")


def test_an_expectation_is_met_by_one_of_its_values_or_by_any_change() -> None:
    assert Expected("mode", (2, 3)).is_met(None, 3)
    assert not Expected("mode", (2, 3)).is_met(2, 1)
    assert not Expected("mode", (2, 3)).is_met(2, None)
    assert Expected("mode").is_met(1, 0)
    assert not Expected("mode").is_met(1, 1)
    assert not Expected("mode").is_met(None, 1)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ("name: Go", "commands.go.steps", "missing"),
        ("name: Go, steps: []", "commands.go.steps", "at least one is needed"),
        ("name: Go, steps: [{}]", "commands.go.steps[0]", "allowed is one of pulse, coil and holding"),
        ("name: Go, steps: [{pulse: 1, coil: 2}]", "commands.go.steps[0]", "allowed is one of"),
        ("name: Go, steps: [{pulse: 1, value: 1}]", "commands.go.steps[0].value", "a pulse is off, on and off"),
        ("name: Go, steps: [{coil: 1}]", "commands.go.steps[0].value", "missing"),
        ("name: Go, steps: [{coil: 1, value: 2}]", "commands.go.steps[0].value", "2: allowed for a coil are 0 and 1"),
        ("name: Go, steps: [{puls: 1}]", "commands.go.steps[0].puls", "did you mean 'pulse'?"),
        ("name: Go, steps: [{pulse: 1, hold_s: 60}]", "commands.go.steps[0].hold_s", "60: allowed are 0.05 to 30"),
        ("name: Go, steps: [{pulse: 1}], expct: 1", "commands.go.expct", "did you mean 'expect'?"),
        ("name: Go, steps: [{pulse: 1}], needs: {point: x, equals: 1}", "commands.go.needs.point", "not one of the"),
        ("name: Go, steps: [{pulse: 1}], expect: {point: text}", "commands.go.expect.point", "'text' is a text"),
    ],
)
def test_a_mistake_in_a_command_is_named_with_what_is_allowed(fields: str, field: str, message: str) -> None:
    found = problem(profile_text(POINT, TEXT, head=commands_head(fields)))
    assert (found.line, found.field) == (4, field)
    assert message in found.message


def test_a_point_says_what_its_write_needs_and_where_it_goes() -> None:
    profile = load(
        "{repeat: {count: 2, stride: 1}, points: ["
        "{key: 'out{n}', name: O, address: 10, writable: {low: 0, high: 9, address: 20,"
        " unlock: {address: 5, value: 7},"
        " needs: {point: 'auto{n}', equals: 0}, settle_s: 1, verify_s: 3, tolerance: 0.5, repeatable: true}},"
        "{key: 'auto{n}', name: A, address: 30}]}"
    )
    writable = profile.point("out2").writable
    assert writable is not None
    assert (writable.address, writable.unlock, writable.needs) == (21, (5, 7), Needed("auto2", 0))
    assert (writable.settle_s, writable.verify_s, writable.tolerance, writable.repeatable) == (1, 3, 0.5, True)


def test_a_write_needs_a_point_that_is_there() -> None:
    writable = "{key: a, name: A, address: 0, writable: {low: 0, high: 1, needs: {point: mod, equals: 1}}}"
    found = problem(profile_text(POINT, writable))
    assert found.field == "points.a.writable"
    assert "did you mean 'mode'?" in found.message
