"""Small profile texts for the tests."""

from collections.abc import Sequence

from stripchart.model.point import Point
from stripchart.model.profile import Profile
from stripchart.profiles.load import parse_profile
from stripchart.profiles.problem import Problem, ProfileError

HEAD = "profile: p\nname: P\nkind: k\n"
POINTS_LINE = 4
FIRST_POINT = 5
"""Line of the first point in `profile_text`."""


def profile_text(*points: str, head: str = "") -> str:
    """A profile with these points, one a line, the first in line 5 (and what `head` adds)."""
    return HEAD + head + "points:\n" + "".join(f"  - {point}\n" for point in points)


def load(*points: str, head: str = "") -> Profile:
    return parse_profile(profile_text(*points, head=head), "p.yaml")


def load_point(fields: str, head: str = "") -> Point:
    """The one point of a profile; `fields` come after its key and name."""
    return load(f"{{key: a, name: A, {fields}}}", head=head).points[0]


def problems(text: str) -> Sequence[Problem]:
    """What is wrong with a profile text; fails when nothing is."""
    try:
        parse_profile(text, "p.yaml")
    except ProfileError as error:
        return error.problems
    raise AssertionError("the profile was accepted")


def problem(text: str) -> Problem:
    """The only thing wrong with a profile text."""
    (found,) = problems(text)
    return found
