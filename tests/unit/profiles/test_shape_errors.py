"""Mistakes in the shape of a file: a field that is missing, unknown, or holds the wrong kind of value."""

import pytest

from tests.unit.profiles.texts import HEAD, problem, problems, profile_text

GOOD = "{key: a, name: A, address: 0}"


@pytest.mark.parametrize(
    ("point", "field", "message"),
    [
        ("{key: a, name: A, addres: 0}", "points.a.addres", "not a field here; did you mean 'address'?"),
        ("{key: a, address: 0}", "points.a.name", "missing; needed are key, name"),
        ("{key: a, name: A, address: 65536}", "points.a.address", "65536: allowed are 0 to 65535"),
        ("{key: a, name: A, address: -1}", "points.a.address", "-1: allowed are 0 to 65535"),
        ("{key: a, name: A, address: 1.5}", "points.a.address", "1.5: allowed is a whole number"),
        ("{key: a, name: A, address: '7'}", "points.a.address", "'7': allowed is a whole number without quotes"),
        ("{key: a, name: A, address: true}", "points.a.address", "true: allowed is a whole number"),
        ("{key: a, name: 7, address: 0}", "points.a.name", "7: allowed is a text; put it in quotes"),
        ("{key: a, name: {zh: 电}, address: 0}", "points.a.name.en", "missing; needed is en"),
        (
            "{key: a, name: {en: A, cn: 电}, address: 0}",
            "points.a.name.cn",
            "not a field here; allowed are en, zh, ru",
        ),
        ("{key: a, name: '', address: 0}", "points.a.name", "empty; at least one is needed"),
        (
            "{key: a, name: A, address: 0, type: int18}",
            "points.a.type",
            "'int18' is not known; did you mean 'int16'?",
        ),
        ("{key: a, name: A, address: 0, word_order: middle}", "points.a.word_order", "allowed are big, little"),
        ("{key: a, name: A, address: 0, scale: much}", "points.a.scale", "'much': allowed is a number"),
        ("{key: a, name: A, address: 0, scale: .inf}", "points.a.scale", "inf: allowed is a finite number"),
        (
            "{key: a, name: A, address: 0, valid: 5}",
            "points.a.valid",
            "5: allowed is [low, high], null for an open end",
        ),
        ("{key: a, name: A, address: 0, valid: [5]}", "points.a.valid[1]", "an end is missing"),
        ("{key: a, name: A, address: 0, no_data: [[1, 2, 3]]}", "points.a.no_data[0]", "allowed are 2 entries"),
        ("{key: a, name: A, address: 0, labels: {x: y}}", "points.a.labels.x", "'x': allowed is a whole number"),
        ("{key: a, name: A, address: 0, writable: yes}", "points.a.writable", "'yes': allowed is true or false"),
        ("{key: a, name: A, address: 0, writable: {lo: 1}}", "points.a.writable.lo", "did you mean 'low'?"),
        ("{key: a, name: A, address: 0, writable: {function: 7}}", "points.a.writable.function", "5, 6, 15, 16"),
        ("{key: a, name: A, address: 0, record: never}", "points.a.record", "allowed are every_poll, on_change"),
        ("{key: a, name: A, address: 0, bit: 32}", "points.a.bit", "32: allowed are 0 to 31"),
        ("5", "points[1]", "5: allowed is a mapping (lines of 'field: value')"),
        ("{points: []}", "points[1].points", "empty; at least one is needed"),
        ("{repeat: {count: 2}, points: [{key: a, name: A, address: 0}]}", "points[1].repeat.stride", "missing"),
        (
            "{repeat: {items: [1.5], stride: 1}, points: [" + GOOD + "]}",
            "points[1].repeat.items[0]",
            "1.5: allowed is",
        ),
    ],
)
def test_a_wrong_field_of_a_point_is_named_with_its_line_and_what_is_allowed(
    point: str, field: str, message: str
) -> None:
    found = problem(profile_text("{key: good, name: Good, address: 0}", point))
    assert (found.file, found.line, found.field) == ("p.yaml", 6, field)
    assert message in found.message


@pytest.mark.parametrize(
    ("head", "field", "message"),
    [
        ("pacing: {max_registers: 126}\n", "pacing.max_registers", "126: allowed are 1 to 125"),
        ("pacing: {retry: 1}\n", "pacing.retry", "not a field here; did you mean 'retries'?"),
        ("interval_s: 0.5\n", "interval_s", "0.5: allowed are 1 to 3600"),
        ("unit_id: 0\n", "unit_id", "0: allowed are 1 to 255"),
        ("reads: {slow: {evry: 5}}\n", "reads.slow.evry", "not a field here; did you mean 'every'?"),
        ("reads: {slow: {when: {point: a}}}\n", "reads.slow.when.equals", "missing; needed are point, equals"),
        ("overview: a\n", "overview", "'a': allowed is a list (lines that start with '- ')"),
        ("nmae: x\n", "nmae", "did you mean 'name'?"),
        ("defaults: {key: x}\n", "defaults.key", "not a field here"),
        ("kind: again\n", "kind", "'kind' is given twice, first in line 3; allowed is once"),
    ],
)
def test_a_wrong_field_of_the_profile_is_named_with_its_line(head: str, field: str, message: str) -> None:
    found = problem(profile_text(GOOD, head=head))
    assert (found.line, found.field) == (4, field)
    assert message in found.message


def test_missing_fields_of_the_profile_are_named() -> None:
    found = problems("profile: p\nname: P\n")
    assert [(each.line, each.field) for each in found] == [(1, "kind"), (1, "points")]
    assert "needed are profile, name, kind, points" in found[0].message


@pytest.mark.parametrize("text", ["- a\n- b\n", "just a text\n", "7\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert "allowed is a mapping" in problem(text).message


def test_all_mistakes_of_a_file_are_found_in_the_order_of_its_lines() -> None:
    text = HEAD + "interval_s: 9999\npoints:\n  - {key: a, name: A, adress: 0}\n  - {key: b, name: B, type: x}\n"
    found = problems(text)
    assert [(each.line, each.field) for each in found] == [
        (4, "interval_s"),
        (6, "points.a.adress"),
        (7, "points.b.type"),
    ]


def test_a_problem_reads_as_file_line_field_and_message() -> None:
    found = problem(profile_text("{key: a, name: A, address: 70000}"))
    assert str(found) == "p.yaml:5: points.a.address: 70000: allowed are 0 to 65535"
