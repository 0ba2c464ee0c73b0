"""Load a profile: file -> YAML -> shape -> points -> cross-checks, with every problem of a stage at once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from stripchart.model.point import Point, Texts
from stripchart.model.profile import Condition, DeviceClock, Pacing, Profile, ReadGroup, leading_reads
from stripchart.profiles.build import build_point, workshop_for
from stripchart.profiles.check import Built, check_profile
from stripchart.profiles.commands import build_commands
from stripchart.profiles.device_facts import build_expected, build_ranges, check_device_facts
from stripchart.profiles.device_forms import ReadForm
from stripchart.profiles.expand import expand, to_texts
from stripchart.profiles.holes import build_holes, check_holes
from stripchart.profiles.problem import Findings, Problem, ProfileError
from stripchart.profiles.schema import ProfileForm
from stripchart.profiles.source import MAX_BYTES, Source, read_source
from stripchart.profiles.wording import note_all

_VALUES: Texts = {"en": "Values", "zh": "数值", "ru": "Значения"}
"""The display group of points that name none."""


def load_profile(path: Path, pacing: Pacing | None = None) -> Profile:
    """The profile in a file. Raises ProfileError with the file, line and field of each problem.

    `pacing` holds for whatever the file says nothing about.
    """
    return parse_profile(_read(path), str(path), pacing)


def parse_profile(text: str, file: str, pacing: Pacing | None = None) -> Profile:
    """The profile in a YAML text; `file` is what messages call it, `pacing` as in `load_profile`.

    Raises ProfileError. Problems come in stages: a text that is no YAML is not checked for its shape, and one of the
    wrong shape not for its references; within a stage all are found.
    """
    source = read_source(text, file)
    findings = Findings(file, source.data, source.lines)
    for odd in source.oddities:
        findings.add(odd.place, odd.message, odd.line)
    form = _shaped(source, findings)
    findings.stop_if_any()
    profile, built = _built(form, pacing or Pacing(), findings)
    check_profile(profile, built, findings)
    check_holes(profile, findings)
    check_device_facts(profile, built, findings)
    findings.stop_if_any()
    return profile


def _read(path: Path) -> str:
    file = str(path)
    if path.exists() and not path.is_file():
        raise ProfileError([Problem(file, 0, "", "not a file")])
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ProfileError([Problem(file, 0, "", f"cannot be read: {error.strerror}")]) from error
    if len(content) > MAX_BYTES:
        raise ProfileError([Problem(file, 0, "", f"the file is too large; allowed are {MAX_BYTES // 1024} KiB")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        raise ProfileError([Problem(file, line, "", "not UTF-8; save the file in this encoding")]) from error


def _shaped(source: Source, findings: Findings) -> ProfileForm:
    try:
        return ProfileForm.model_validate(source.data)
    except ValidationError as error:
        note_all(error, source.data, findings)
        findings.stop_if_any()
        raise


def _built(form: ProfileForm, pacing: Pacing, findings: Findings) -> tuple[Profile, list[Built]]:
    workshop = workshop_for(form, findings)
    built = [
        Built(point, draft.place)
        for draft in expand(form, findings)
        if (point := build_point(draft, workshop)) is not None
    ]
    groups = {name: to_texts(text) for name, text in form.groups.items()}
    if any(each.point.group == "values" for each in built):
        groups.setdefault("values", _VALUES)
    profile = Profile(
        key=form.profile,
        name=to_texts(form.name),
        kind=form.kind,
        maker=form.maker,
        description={} if form.description is None else to_texts(form.description),
        interval_s=form.interval_s,
        unit_id=form.unit_id,
        pacing=replace(pacing, **form.pacing.model_dump(exclude_unset=True)),
        reads=_reads(form, [each.point for each in built]),
        groups=groups,
        overview=tuple(form.overview),
        points=tuple(each.point for each in built),
        commands=build_commands(form.commands, findings),
        holes=build_holes(form.holes, findings),
        ranges=build_ranges(form.ranges),
        expected=build_expected(form.expected),
        clock=DeviceClock(**form.clock.model_dump()) if form.clock else None,
    )
    return profile, built


def _reads(form: ProfileForm, points: Sequence[Point]) -> dict[str, ReadGroup]:
    """The read groups: first those that say what the device is and has, then those with points that points of other
    groups are scaled by, so that a device's very first cycle has the scales before the values."""
    holder = {point.key: point.read for point in points}
    factors = [(point.scale_factor, point.read) for point in points if point.scale_factor]
    conditions = [(point.scale_when.point, point.read) for point in points if point.scale_when]
    conditions += [(point.manual_when.point, point.read) for point in points if point.manual_when]
    needed = {holder[key] for key, reader in factors + conditions if holder.get(key, reader) != reader}
    groups = {name: _read_group(name, read) for name, read in {"fast": ReadForm(), **form.reads}.items()}
    leading = leading_reads(groups, points, build_expected(form.expected))
    return dict(sorted(groups.items(), key=lambda named: (named[0] not in leading, named[0] not in needed)))


def _read_group(name: str, form: ReadForm) -> ReadGroup:
    when = form.when
    condition = None if when is None else Condition(when.point, when.equals, when.otherwise)
    return ReadGroup(name, form.every, condition)
