import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.profiles.problem import ProfileError
from stripchart.profiles.source import MAX_BYTES, MAX_VALUES, plain_value, read_source


def failure(text: str) -> str:
    with pytest.raises(ProfileError) as caught:
        read_source(text, "f.yaml")
    return str(caught.value)


def test_each_value_has_its_line() -> None:
    source = read_source("a: 1\nb:\n  - {x: 1, y: '2'}\n  - z: [1,\n      2]\n", "f.yaml")
    assert source.data == {"a": 1, "b": [{"x": 1, "y": "2"}, {"z": [1, 2]}]}
    assert source.lines["b", 0, "y"] == 3
    assert source.lines["b", 1, "z", 1] == 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0x1F", 31),
        ("-0x8000", -32768),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("null", None),
        ("~", None),
        (".inf", math.inf),
        ("00001", "00001"),
        ("01.5", "01.5"),
        ("Off", "Off"),
        ("no", "no"),
        ("2026-01-01", "2026-01-01"),
        ("9" * 41, "9" * 41),
    ],
)
def test_unquoted_words_mean_what_yaml_1_2_says_but_leading_zeros_stay(text: str, value: object) -> None:
    found = plain_value(text)
    assert found == value
    assert type(found) is type(value)


@given(st.integers(-(10**30), 10**30))
def test_every_whole_number_is_read_as_itself(number: int) -> None:
    assert plain_value(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_read_as_itself(number: float) -> None:
    assert plain_value(repr(number)) == number


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: 1\nb: %\n",
            "f.yaml:2: not YAML: found character '%' that cannot start any token; put the text in quotes",
        ),
        ("a:\n\t- 1\n", "f.yaml:2: not YAML: found character '\\t' that cannot start any token; indent with spaces"),
        ("a: [1,\nb: 2\n", "f.yaml:3: not YAML: expected ',' or ']'"),
        ("a: x: y\n", "f.yaml:1: not YAML: mapping values are not allowed here; a text with ': ' in it needs quotes"),
        ("a: 1\nb: \x01\n", "f.yaml:2: a control character"),
        ("# nothing\n", "f.yaml:1: the file is empty; a profile starts with 'profile: its-key'"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document"),
        ("a: &x [1]\nb: *x\n", "f.yaml:2: '*x': aliases are not used in profiles; use defaults or sets"),
        ("? [1]\n: 2\n", "f.yaml:1: a key is a word or a whole number"),
        ("[" * 5000, "f.yaml:1: nested too deep; allowed are 12 levels"),
    ],
)
def test_what_is_no_yaml_is_named_with_its_line(text: str, message: str) -> None:
    assert failure(text).startswith(message)


def test_a_file_bomb_is_refused() -> None:
    assert "too large; allowed are 512 KiB" in failure("a" * (MAX_BYTES + 1))
    assert f"too many values; allowed are {MAX_VALUES}" in failure("[" + "1," * (MAX_VALUES + 1) + "]")


def test_a_key_given_twice_keeps_its_first_value_and_both_lines() -> None:
    source = read_source("a: 1\nb: {x: 1}\na: {y: [2]}\nc: 3\n", "f.yaml")
    assert source.data == {"a": 1, "b": {"x": 1}, "c": 3}
    (odd,) = source.oddities
    assert (odd.line, odd.place, odd.message) == (3, ("a",), "'a' is given twice, first in line 1; allowed is once")


def test_tags_are_noted_and_the_rest_is_still_read() -> None:
    source = read_source("a: !secret x\nb: 2\n", "f.yaml")
    assert source.data == {"a": "x", "b": 2}
    assert [odd.line for odd in source.oddities] == [1]


@given(st.text(max_size=300))
def test_no_text_brings_anything_but_values_or_a_profile_error(text: str) -> None:
    with suppress(ProfileError):
        read_source(text, "f.yaml")
