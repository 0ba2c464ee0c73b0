"""Rules between the parts of a profile: every name that is used must exist, and must be fit for its use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stripchart.model.point import DataType, Point
from stripchart.model.point_address import PointAddress
from stripchart.model.profile import Profile
from stripchart.profiles.build import KEY
from stripchart.profiles.problem import Findings, Place, did_you_mean
from stripchart.profiles.raw import NUMBERS


@dataclass(frozen=True, slots=True)
class Built:
    """A point and the place in the file it comes from."""

    point: Point
    place: Place


def check_profile(profile: Profile, built: Sequence[Built], findings: Findings) -> None:
    """Note every wrong reference and every key given twice."""
    points: dict[str, Built] = {}
    for each in built:
        first = points.setdefault(each.point.key, each)
        if first is not each:
            line = findings.line((*first.place, "key"))
            findings.add((*each.place, "key"), f"{each.point.key!r} is the key of the point in line {line} already")
    for each in built:
        _check_point(each, profile, points, findings)
    _check_panel_points(built, findings)
    _check_names(profile, findings)
    _check_commands(profile, points, findings)
    _check_reads(profile, points, findings)
    _check_overview(profile.overview, points, findings)


def _check_point(each: Built, profile: Profile, points: Mapping[str, Built], findings: Findings) -> None:
    point, place = each.point, each.place
    if point.group not in profile.groups:
        _unknown((*place, "group"), point.group, "groups", profile.groups, findings)
    if point.read not in profile.reads:
        _unknown((*place, "read"), point.read, "reads", profile.reads, findings)
    if point.scale_factor is not None:
        _check_source((*place, "scale_factor"), point.scale_factor, points, findings)
    if point.scale_when is not None:
        _check_source((*place, "scale_when"), point.scale_when.point, points, findings)
    if point.manual_when is not None:
        _check_number((*place, "manual_when"), point.manual_when.point, points, findings)
    if point.writable is not None and point.writable.needs is not None:
        _check_number((*place, "writable"), point.writable.needs.point, points, findings)


def _check_panel_points(built: Sequence[Built], findings: Findings) -> None:
    seen: dict[PointAddress, str] = {}
    for each in built:
        panel_point = each.point.panel_point
        if panel_point is not None and seen.setdefault(panel_point, each.point.key) != each.point.key:
            findings.add((*each.place, "panel_point"), f"{panel_point} is the point {seen[panel_point]!r} already")


def _check_commands(profile: Profile, points: Mapping[str, Built], findings: Findings) -> None:
    for key, command in profile.commands.items():
        if command.needs is not None:
            _check_number(("commands", key, "needs", "point"), command.needs.point, points, findings)
        if command.expected is not None:
            _check_number(("commands", key, "expect", "point"), command.expected.point, points, findings)


def _check_number(place: Place, key: str, points: Mapping[str, Built], findings: Findings) -> None:
    if key not in points:
        _unknown(place, key, "points", points, findings)
    elif points[key].point.type is DataType.STRING:
        findings.add(place, f"{key!r} is a text; allowed are points with a number")


def _check_source(place: Place, key: str, points: Mapping[str, Built], findings: Findings) -> None:
    """A point that others are scaled by must be plain itself: its value is needed before theirs."""
    if key not in points:
        _unknown(place, key, "points", points, findings)
        return
    source = points[key].point
    if source.type is DataType.STRING or source.scale_factor is not None or source.scale_when is not None:
        findings.add(place, f"{key!r} is a text or is itself scaled by a point; allowed are plain numbers")
    elif place[-1] == "scale_factor" and (source.type not in NUMBERS or source.scale != 1):
        findings.add(place, f"{key!r} is {source.type} with scale {source.scale:g}; allowed are unscaled numbers")


def _check_names(profile: Profile, findings: Findings) -> None:
    if not KEY.fullmatch(profile.key.replace("-", "_")):
        findings.add(("profile",), f"{profile.key!r}: allowed are lower-case letters, digits and -, a letter first")
    for field, names in (("groups", profile.groups), ("reads", profile.reads), ("commands", profile.commands)):
        for name in names:
            if not KEY.fullmatch(name):
                findings.add((field, name), f"{name!r}: allowed are lower-case letters, digits and _, a letter first")


def _check_reads(profile: Profile, points: Mapping[str, Built], findings: Findings) -> None:
    for name, group in profile.reads.items():
        if group.when is None:
            continue
        place: Place = ("reads", name, "when", "point")
        if group.when.point not in points:
            _unknown(place, group.when.point, "points", points, findings)
            continue
        source = points[group.when.point].point
        holder = profile.reads.get(source.read)
        if source.type is DataType.STRING:
            findings.add(place, f"{source.key!r} is a text; allowed are points with a number")
        elif holder is not None and holder.when is not None:
            findings.add(
                place, f"{source.key!r} is itself read on a condition; allowed are points that are always read"
            )


def _check_overview(overview: Sequence[str], points: Mapping[str, Built], findings: Findings) -> None:
    for number, key in enumerate(overview):
        if key not in points:
            _unknown(("overview", number), key, "points", points, findings)
        elif key in overview[:number]:
            findings.add(("overview", number), f"{key!r} is given twice; allowed is once")


def _unknown(place: Place, name: str, what: str, known: Iterable[str], findings: Findings) -> None:
    if findings.wants(place):
        findings.add(place, f"{name!r} is not one of the {what}; {did_you_mean(name, known)}")
