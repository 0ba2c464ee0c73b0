import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.profiles.texts import load, problem, problems, profile_text


def block(repeat: str, *points: str) -> str:
    return f"{{repeat: {repeat}, points: [{', '.join(points)}]}}"


def test_a_block_is_copied_with_its_number_and_further_on() -> None:
    profile = load(block("{count: 3, stride: 2}", '{key: "in{n}", name: "Input {n}", address: 100}'))
    assert [(point.key, point.name["en"], point.address) for point in profile.points] == [
        ("in1", "Input 1", 100),
        ("in2", "Input 2", 102),
        ("in3", "Input 3", 104),
    ]


def test_copies_keep_the_points_of_one_copy_together() -> None:
    points = ('{key: "u{n}", name: U, address: 0}', '{key: "i{n}", name: I, reference: 40011}')
    profile = load(block("{count: 2, stride: 1, first: 0}", *points))
    assert [(point.key, point.address) for point in profile.points] == [("u0", 0), ("i0", 10), ("u1", 1), ("i1", 11)]


def test_items_stand_for_themselves() -> None:
    profile = load(block("{items: [a, 7], stride: 1}", '{key: "x_{item}_{n}", name: "X {item}", address: 0}'))
    assert [point.key for point in profile.points] == ["x_a_1", "x_7_2"]


def test_fields_of_items_are_placeholders_in_every_language() -> None:
    items = "[{key: main, name: {en: Main, zh: 主, ru: Главный}}, {key: side, name: Side}]"
    points = ('{key: "{key}_u", name: {en: "{name} voltage", ru: "Напряжение: {name}"}, address: 0, group: "{key}"}',)
    profile = load(block(f"{{items: {items}, stride: 5}}", *points), head="groups: {main: M, side: S}\n")
    assert profile.points[0].name == {
        "en": "Main voltage",
        "zh": "Main voltage".replace("Main", "主"),
        "ru": ("Напряжение: Главный"),
    }
    assert profile.points[1].name == {"en": "Side voltage", "ru": "Напряжение: Side"}
    assert [point.group for point in profile.points] == ["main", "side"]


def test_references_to_other_points_and_sets_have_placeholders_too() -> None:
    profile = load(
        block(
            "{count: 2, stride: 1}",
            '{key: "v{n}", name: V, address: 0, scale_when: {point: "f{n}", equals: 0, scale: 10}}',
            '{key: "w{n}", name: W, address: 0, scale_factor: "v_sf{n}"}',
            '{key: "f{n}", name: F, address: 9, type: bool, bit: 0, labels: "set_{n}", read: "r{n}"}',
            '{key: "v_sf{n}", name: F, address: 20, type: int16}',
            '{key: "b{n}", name: F, address: 20, type: bitfield16, bits: "set_{n}"}',
        ),
        head="sets: {set_1: {0: a}, set_2: {0: b}}\nreads: {r1: {every: 2}, r2: {every: 3}}\n",
    )
    points = {point.key: point for point in profile.points}
    when = points["v2"].scale_when
    assert when is not None
    assert when.point == "f2"
    assert points["w2"].scale_factor == "v_sf2"
    assert points["f2"].labels == {0: {"en": "b"}}
    assert points["b1"].bits == {0: {"en": "a"}}
    assert points["f2"].read == "r2"


@given(count=st.integers(1, 50), stride=st.integers(0, 100), start=st.integers(0, 1000))
def test_each_copy_lies_one_stride_behind_the_last(count: int, stride: int, start: int) -> None:
    repeat = f"{{count: {count}, stride: {stride}}}"
    profile = load(block(repeat, f'{{key: "k{{n}}", name: K, address: {start}}}'))
    assert [point.address for point in profile.points] == [start + stride * number for number in range(count)]


@pytest.mark.parametrize(
    ("repeat", "key", "field", "message"),
    [
        ("{stride: 1}", "a", "points[0].repeat", "how often? allowed is one of count and items"),
        ("{count: 2, items: [a, b], stride: 1}", "a", "points[0].repeat", "allowed is one of count and items"),
        ("{count: 2, stride: 1}", "a{m}", "points[0].points.a{m}.key", "unknown placeholder {m}; allowed are n"),
        ("{count: 2, stride: 1}", "a", "points[0].points.a.key", "'a' is the key of the point in line 5 already"),
        ("{items: [{a: x}, {b: y}], stride: 1}", "k{n}", "points[0].repeat.items[0].b", "all items need the same"),
        ("{count: 2, stride: 65535}", "k{n}", "points[0].points.k{n}.address", "the point ends at 65536"),
    ],
)
def test_mistakes_in_a_repeat_are_named(repeat: str, key: str, field: str, message: str) -> None:
    found = problems(profile_text(block(repeat, f'{{key: "{key}", name: K, address: 1}}')))
    assert any(each.field == field and message in each.message and each.line == 5 for each in found), found


def test_a_mistake_in_a_repeated_point_is_told_once() -> None:
    found = problem(
        profile_text(block("{count: 50, stride: 1}", '{key: "k{n}", name: K, address: 1, valid: [2, 1]}'))
    )
    assert found.field == "points[0].points.k{n}.valid"


def test_a_placeholder_outside_a_repeat_is_refused() -> None:
    found = problem(profile_text("{key: a, name: 'Input {n}', address: 0}"))
    assert (found.field, found.message) == (
        "points.a.name",
        "unknown placeholder {n}; placeholders are for repeated points",
    )


def test_too_many_points_after_repeating_are_refused_before_they_are_made() -> None:
    point = '{key: "k{n}", name: K, address: 0}'
    text = profile_text(*[block("{count: 10000, stride: 0}", point)] * 10)
    assert problem(text).message == "100000 points after repeating; allowed are 10000"
