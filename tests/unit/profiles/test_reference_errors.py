"""Names that must exist somewhere else in the profile."""

import pytest

from stripchart.profiles.problem import MAX_PROBLEMS
from tests.unit.profiles.texts import HEAD, load, problem, problems, profile_text

VOLTAGE = "{key: voltage, name: V, address: 0}"


@pytest.mark.parametrize(
    ("head", "field", "message"),
    [
        (
            "overview: [voltage, votlage]\n",
            "overview[1]",
            "'votlage' is not one of the points; did you mean 'voltage'?",
        ),
        ("overview: [voltage, voltage]\n", "overview[1]", "'voltage' is given twice; allowed is once"),
        ("reads: {slow: {when: {point: volt, equals: 1}}}\n", "reads.slow.when.point", "did you mean 'voltage'?"),
        ("reads: {Slow: {every: 2}}\n", "reads.Slow", "allowed are lower-case letters"),
        ("groups: {A B: x}\n", "groups.A B", "allowed are lower-case letters"),
    ],
)
def test_names_at_the_top_are_checked(head: str, field: str, message: str) -> None:
    found = problem(profile_text(VOLTAGE, head=head))
    assert (found.line, found.field) == (4, field)
    assert message in found.message


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        (
            "group: maisn",
            "group",
            "'maisn' is not one of the groups; did you mean 'mains'? allowed are mains, values",
        ),
        ("read: slwo", "read", "'slwo' is not one of the reads; did you mean 'slow'? allowed are fast, slow"),
        ("scale_factor: voltag", "scale_factor", "'voltag' is not one of the points; did you mean 'voltage'?"),
        ("scale_when: {point: x, equals: 1, scale: 1}", "scale_when", "'x' is not one of the points"),
        ("scale_factor: text", "scale_factor", "'text' is a text or is itself scaled by a point"),
        ("scale_factor: tenths", "scale_factor", "'tenths' is uint16 with scale 0.1; allowed are unscaled numbers"),
        ("scale_factor: flag", "scale_factor", "'flag' is bool with scale 1; allowed are unscaled numbers"),
        (
            "scale_factor: voltage, scale_when: {point: voltage, equals: 1, scale: 1}",
            "scale_when",
            "the point has a scale_factor; allowed is one of the two",
        ),
    ],
)
def test_names_in_a_point_are_checked(fields: str, field: str, message: str) -> None:
    others = (
        VOLTAGE,
        "{key: text, name: T, address: 1, type: string, registers: 1}",
        "{key: tenths, name: T, address: 2, scale: 0.1}",
        "{key: flag, name: F, address: 3, type: bool, bit: 0}",
    )
    head = "groups: {mains: Mains}\nreads: {slow: {every: 5}}\n"
    found = problem(profile_text(*others, f"{{key: a, name: A, address: 5, {fields}}}", head=head))
    assert (found.line, found.field) == (11, f"points.a.{field}")
    assert message in found.message


def test_a_key_given_twice_names_the_first_line() -> None:
    found = problem(profile_text(VOLTAGE, VOLTAGE))
    assert (found.line, found.field) == (6, "points.voltage.key")
    assert found.message == "'voltage' is the key of the point in line 5 already"


def test_a_condition_cannot_hang_on_a_point_that_is_itself_read_on_a_condition() -> None:
    head = "reads: {alarms: {when: {point: voltage, equals: 1}}}\n"
    found = problem(profile_text("{key: voltage, name: V, address: 0, read: alarms}", head=head))
    assert found.message == "'voltage' is itself read on a condition; allowed are points that are always read"


def test_a_condition_cannot_hang_on_a_text() -> None:
    head = "reads: {alarms: {when: {point: t, equals: 1}}}\n"
    found = problem(profile_text("{key: t, name: T, address: 0, type: string, registers: 1}", head=head))
    assert found.message == "'t' is a text; allowed are points with a number"


def test_a_long_list_of_names_is_not_poured_out() -> None:
    points = "".join(f"  - {{key: a{n}, name: A, address: {n}}}\n" for n in range(100))
    assert problem(HEAD + "overview: [zzz]\npoints:\n" + points).message == (
        "'zzz' is not one of the points; there are 100, from 'a0' to 'a99'"
    )


def test_groups_need_no_declaration_when_no_point_names_one() -> None:
    assert load(VOLTAGE).groups["values"]["ru"] == "Значения"


def test_a_file_full_of_mistakes_is_cut_short_and_says_so() -> None:
    points = [f"{{key: k{number}, name: K, address: 0, scale_factor: none{number}}}" for number in range(1000)]
    found = problems(profile_text(*points))
    assert len(found) == MAX_PROBLEMS + 1
    assert str(found[0]) == "p.yaml: the first 200 problems; there may be more"


def test_a_wrong_name_in_ten_thousand_copies_is_worked_out_once() -> None:
    point = '{key: "k{n}", name: K, address: 0, scale_factor: "x{n}"}'
    found = problem(profile_text(f"{{repeat: {{count: 10000, stride: 0}}, points: [{point}]}}"))
    assert "'x1' is not one of the points; there are 10000" in found.message
