"""Mistakes of a point that each field alone does not show."""

import pytest

from tests.unit.profiles.texts import problem, problems, profile_text


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ("type: int16", "address", "missing; a point needs an address or a reference"),
        ("reference: 40001, address: 0", "address", "a reference says it already; allowed is one of the two"),
        ("reference: 40001, table: input", "table", "a reference says it already"),
        ("reference: 50001", "reference", "50001: allowed are five or six digits, 0xxxx for coils"),
        ("reference: 40000", "reference", "xxxx from 0001 and at most 65536"),
        ("reference: 465537", "reference", "at most 65536"),
        ("address: 65535, type: float32", "address", "the point ends at 65536; allowed are addresses up to 65535"),
        ("address: 0, table: coil, type: int16", "type", "int16: allowed in the coil table is bool"),
        ("address: 0, table: coil, bit: 1", "bit", "the coil table has single bits"),
        ("address: 0, type: bool", "bit", "missing; a bool in a register needs its bit, 0 to 15"),
        ("address: 0, type: bool, bit: 16", "bit", "bits 16 to 16; allowed are 0 to 15 in bool"),
        ("address: 0, type: bool, bit: 1, bit_count: 2", "bit_count", "2: allowed for a bool is 1"),
        ("address: 0, bit: 8, bit_count: 9", "bit", "bits 8 to 16; allowed are 0 to 15 in uint16"),
        ("address: 0, bit_count: 2", "bit_count", "allowed together with bit"),
        ("address: 0, counter: {max_per_hour: 0}", "counter", "max_per_hour 0: allowed are numbers above 0"),
        ("address: 0, record: {deadband_percent: 1}", "record", "it needs valid: [low, high] with both ends"),
        (
            "address: 0, valid: [0, 9], record: {deadband: 1, deadband_percent: 1}",
            "record",
            "allowed is one of them",
        ),
        (
            "address: 0, type: int16, bit: 1",
            "bit",
            "int16 has none; allowed for bool, uint16, uint32, enum16 and enum32",
        ),
        ("address: 0, type: string", "registers", "missing; a string needs its length in registers"),
        ("address: 0, registers: 2", "registers", "uint16 has none; allowed for strings"),
        ("address: 0, type: enum16", "labels", "missing; an enum needs the texts of its codes"),
        ("address: 0, labels: {0: x}", "labels", "uint16 has none; allowed for enums and bools"),
        ("address: 0, type: bool, bit: 0, labels: {2: x}", "labels[2]", "2: allowed for bool are 0 to 1"),
        ("address: 0, type: enum16, labels: {-1: x}", "labels[-1]", "-1: allowed for enum16 are 0 to 65535"),
        (
            "address: 0, type: enum16, labels: onoff",
            "labels",
            "'onoff' is not one of the sets; did you mean 'on_off'?",
        ),
        ("address: 0, type: bitfield16, bits: {16: x}", "bits[16]", "16: allowed for bitfield16 are 0 to 15"),
        ("address: 0, bits: {1: x}", "bits", "uint16 has none; allowed for bit fields"),
        ("address: 0, scale: 0", "scale", "0: allowed is any other number"),
        ("address: 0, scale_when: {point: b, equals: 1, scale: 0}", "scale_when", "0: allowed is any other number"),
        ("address: 0, type: bool, bit: 0, scale: 2", "scale", "bool has none; allowed for numbers"),
        ("address: 0, type: string, registers: 2, unit: V", "unit", "string has none; allowed for numbers"),
        ("address: 0, valid: [5, 4]", "valid", "[5, 4]: allowed is [low, high], low not above high"),
        ("address: 0, no_data: [[5, 4]]", "no_data[0]", "allowed is [first, last], first not above last"),
        ("address: 0, no_data: [1, -1]", "no_data[1]", "-1 is never read: uint16 has 0 to 65535 here"),
        ("address: 0, type: bcd16, no_data: [10000]", "no_data[0]", "bcd16 has 0 to 9999 here"),
        ("address: 0, bit: 0, bit_count: 8, no_data: [256]", "no_data[0]", "uint16 has 0 to 255 here"),
        ("address: 0, type: bool, bit: 0, no_data: [1]", "no_data", "bool has none; allowed for numbers, enums and"),
        ("address: 0, counter: {rollover: 0}", "counter", "rollover 0: allowed are numbers above 0"),
        ("address: 0, table: input, writable: {low: 0, high: 1}", "writable", "the input table is read-only"),
        ("address: 0, table: discrete, writable: true", "writable", "the discrete table is read-only"),
        ("address: 0, writable: true", "writable", "a number needs limits; allowed is {low: ..., high: ...}"),
        ("address: 0, writable: {low: 0}", "writable", "a number needs limits"),
        ("address: 0, writable: {low: 2, high: 1}", "writable", "low 2 is above high 1"),
        (
            "address: 0, bit: 0, writable: {low: 0, high: 1}",
            "writable",
            "a part of a register is written with the rest of it",
        ),
        (
            "address: 0, writable: {low: 0, high: 1, keep_rest: true}",
            "writable",
            "keep_rest is for parts of registers",
        ),
        ("address: 0, writable: {low: 0, high: 1, rescaled: [0, 1]}", "writable", "for points with scale_when"),
        ("address: 0, type: string, registers: 1, writable: {tolerance: 1}", "writable", "is allowed for numbers"),
        ("address: 0, type: int32, writable: {low: 0, high: 1, address: 65535}", "writable", "written up to 65536"),
        ("address: 0, writable: {low: 0, high: 1, function: 5}", "writable", "allowed for this point is 6 or 16"),
        ("address: 0, type: float32, writable: {low: 0, high: 1, function: 6}", "writable", "for this point is 16"),
        (
            "address: 0, table: coil, writable: {function: 6}",
            "writable",
            "function 6: allowed for this point is 5 or 15",
        ),
    ],
)
def test_a_rule_between_fields_is_checked(fields: str, field: str, message: str) -> None:
    head = "sets: {on_off: {0: a, 1: b}}\n"
    found = problem(profile_text("{key: b, name: B, address: 9}", f"{{key: a, name: A, {fields}}}", head=head))
    assert (found.line, found.field) == (7, f"points.a.{field}")
    assert message in found.message


def test_a_value_that_the_sign_rule_rules_out_comes_with_the_right_one() -> None:
    found = problem(profile_text("{key: a, name: A, address: 0, type: int16, no_data: [0x8000]}"))
    assert found.message == (
        "32768 is never read: int16 has -32768 to 32767 here, after the sign rule; the word of 32768 is -32768 here"
    )


@pytest.mark.parametrize("key", ["Gen", "gen uab", "1st", "gen-uab", "x" * 65, "напряжение"])
def test_a_key_has_lower_case_letters_digits_and_underscores(key: str) -> None:
    found = problem(profile_text(f"{{key: '{key}', name: A, address: 0}}"))
    assert "allowed are up to 64 lower-case letters, digits and _, a letter first" in found.message


@pytest.mark.parametrize("key", ["P", "my profile", "-x", "ä"])
def test_a_profile_key_has_lower_case_letters_digits_and_dashes(key: str) -> None:
    text = profile_text("{key: a, name: A, address: 0}").replace("profile: p", f"profile: '{key}'")
    assert "allowed are lower-case letters, digits and -, a letter first" in problem(text).message


def test_a_value_longer_than_a_request_may_be_is_refused() -> None:
    text = profile_text("{key: a, name: A, address: 0, type: float64}", head="pacing: {max_registers: 3}\n")
    assert problem(text).message == "4 registers are more than one request may have (3, see pacing)"


def test_all_mistakes_of_one_point_are_found() -> None:
    fields = "address: 65535, type: uint32, scale: 0, valid: [2, 1], group: x, read: y"
    found = problems(profile_text(f"{{key: a, name: A, {fields}}}"))
    assert [each.field for each in found] == [
        "points.a.address",
        "points.a.group",
        "points.a.read",
        "points.a.scale",
        "points.a.valid",
    ]
