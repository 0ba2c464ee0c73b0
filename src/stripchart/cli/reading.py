"""A device's answer to one read, as a table for people or as JSON for programs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import orjson
from rich.markup import escape
from rich.table import Column, Table

from stripchart.cli.wording import shown_value
from stripchart.drivers.base import Poll
from stripchart.model.point import Point, text_in
from stripchart.model.profile import Profile
from stripchart.model.quality import Level, Quality
from stripchart.model.ranges import point_now
from stripchart.model.sample import PointId
from stripchart.model.time import to_iso

_COLOURS = {Level.GOOD: "green", Level.UNCERTAIN: "yellow", Level.BAD: "red"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a point said. `value` is None when it is bad or a text; `at_ms` is None when it was not read.

    A whole number that `value` only comes near to has its digits in `text`.
    """

    point: Point
    quality: Quality
    value: float | None = None
    text: str | None = None
    at_ms: int | None = None


def readings_of(profile: Profile, poll: Poll) -> list[Reading]:
    """A reading of every point, in the profile's order; the sample ids of the poll are places in it."""
    samples = poll.samples
    found: dict[int, Reading] = {}
    columns = (samples.point_id, samples.at_ms, samples.value, samples.quality)
    for place, at_ms, value, code in zip(*(column.tolist() for column in columns), strict=True):
        quality = Quality(code)
        found[place] = Reading(profile.points[place], quality, value if quality.has_value else None, at_ms=at_ms)
    for place, (at_ms, text) in samples.texts.items():
        known = found.get(place, Reading(profile.points[place], Quality.GOOD, at_ms=at_ms))
        found[place] = replace(known, text=text)
    numbers = {reading.point.key: reading.value for reading in found.values()}
    absent = Quality.BAD_NO_DATA
    readings = [found.get(PointId(place), Reading(point, absent)) for place, point in enumerate(profile.points)]
    return [replace(each, point=point_now(profile.ranges, each.point, numbers.get)) for each in readings]


def as_table(readings: list[Reading], title: str, language: str) -> Table:
    """A row for each reading: value with unit, quality, and where it was read."""
    columns = (
        Column("point", no_wrap=True),
        Column("name"),
        Column("value", justify="right"),
        Column("unit", no_wrap=True),
        Column("quality"),
        Column("address"),
    )
    table = Table(*columns, title=escape(title))
    for reading in readings:
        point = reading.point
        cells = (point.key, text_in(point.name, language), _shown(reading, language), point.unit)
        table.add_row(*map(escape, cells), _quality(reading.quality), address_of(point))
    return table


def as_json(readings: list[Reading], language: str) -> Iterator[str]:
    """A line for each reading: a JSON object. `shown` is the value as the table has it."""
    for reading in readings:
        point, quality = reading.point, reading.quality
        fields = {
            "point": point.key,
            "name": text_in(point.name, language),
            "value": reading.value,
            "text": reading.text,
            "shown": _shown(reading, language),
            "unit": point.unit,
            "quality": quality.level,
            "reason": quality.reason,
            "at": None if reading.at_ms is None else to_iso(reading.at_ms),
            "table": point.table,
            "address": point.address,
            "reference": point.reference,
        }
        yield orjson.dumps(fields).decode()


def address_of(point: Point) -> str:
    """The 0-based address on the wire, and the 1-based one of manuals."""
    return f"{point.table} {point.address} / {point.reference}"


def _shown(reading: Reading, language: str) -> str:
    if reading.text is not None:
        return reading.text
    return "-" if reading.value is None else shown_value(reading.point, reading.value, language)


def _quality(quality: Quality) -> str:
    words = f"{quality.level}" + (f" ({quality.reason})" if quality.reason else "")
    return f"[{_COLOURS[quality.level]}]{words}[/]"
