"""What a profile says of the device as a whole: the tables of its ranges, how it is recognised, and its clock."""

from collections.abc import Mapping, Sequence

from stripchart.model.point import DataType, Point
from stripchart.model.profile import Identity, Profile
from stripchart.model.ranges import Range, Ranges
from stripchart.profiles.check import Built
from stripchart.profiles.device_forms import IdentityForm, RangeForm
from stripchart.profiles.expand import to_texts
from stripchart.profiles.problem import Findings, Place, did_you_mean


def build_ranges(forms: Mapping[str, Mapping[int, RangeForm]]) -> Ranges:
    """The texts of a range by the value that they belong to."""
    return {name: {code: _range(form) for code, form in table.items()} for name, table in forms.items()}


def build_expected(forms: Sequence[IdentityForm]) -> tuple[Identity, ...]:
    return tuple(
        Identity(form.point, tuple(form.equals) if isinstance(form.equals, list) else (form.equals,))
        for form in forms
    )


def check_device_facts(profile: Profile, built: Sequence[Built], findings: Findings) -> None:
    """Note every point and table that is named and does not exist, or is not fit for it."""
    points = {each.point.key: each.point for each in built}
    for number, identity in enumerate(profile.expected):
        _check_plain(("expected", number, "point"), identity.point, points, findings)
    if profile.clock is not None:
        for key in profile.clock.parts:
            _check_plain(("clock",), key, points, findings)
    for each in built:
        _check_point(each, profile, points, findings)


def _check_point(each: Built, profile: Profile, points: Mapping[str, Point], findings: Findings) -> None:
    point, place = each.point, each.place
    if point.capacity is not None:
        _check_plain((*place, "capacity"), point.capacity.point, points, findings)
    if point.ranged is None:
        return
    for key in (point.ranged.code, point.ranged.kind):
        _check_plain((*place, "ranged"), key, points, findings)
    for name in point.ranged.tables.values():
        if name not in profile.ranges and findings.wants((*place, "ranged")):
            said = did_you_mean(name, profile.ranges)
            findings.add((*place, "ranged"), f"{name!r} is not one of the ranges; {said}")


def _check_plain(place: Place, key: str, points: Mapping[str, Point], findings: Findings) -> None:
    """What says something of the whole device must be known by itself: a number that is always there."""
    if not findings.wants(place):
        return
    if key not in points:
        findings.add(place, f"{key!r} is not one of the points; {did_you_mean(key, points)}")
    elif points[key].type is DataType.STRING:
        findings.add(place, f"{key!r} is a text; allowed are points with a number")
    elif place[-1] == "capacity" and points[key].capacity is not None:
        findings.add(place, f"{key!r} is itself there only if another point says so; allowed are points without")


def _range(form: RangeForm) -> Range:
    texts = [to_texts(text) for text in form.states or ()]
    states = dict(enumerate(texts[::-1] if form.inverted else texts))
    return Range(to_texts(form.name) if form.name is not None else {}, form.unit, states)
