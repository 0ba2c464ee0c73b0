"""YAML text to plain values, with the line of every value. Limited in size, so that no file can hurt."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from stripchart.profiles.problem import Place, Problem, ProfileError

MAX_BYTES = 512 * 1024
MAX_VALUES = 50_000
MAX_DEPTH = 12

# The scalars of the YAML 1.2 core schema (clause 10.3.2), with two differences: a number with leading zeros stays a
# text (00001 is a register reference, not 1), and 0x8000 may have a sign.
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_PREFIXED_INT = re.compile(r"[-+]?(0x[0-9a-fA-F]+|0o[0-7]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, object] = {
    "": None,
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
    ".nan": float("nan"),
}
_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something no profile should hold, at a 1-based line; the values around it can still be checked."""

    line: int
    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """Plain values (dict, list, str, int, float, bool, None), the 1-based line of each, and what was odd."""

    data: object
    lines: Mapping[Place, int]
    oddities: tuple[Oddity, ...]


def read_source(text: str, file: str) -> Source:
    """Read one YAML document.

    Raises ProfileError on a syntax error and on what profiles do not use (aliases, several documents) or what is
    over the limits. Keys given twice and tags are kept as oddities, so that the rest can still be checked.
    """
    if len(text) > MAX_BYTES:
        raise ProfileError([Problem(file, 0, "", f"the file is too large; allowed are {MAX_BYTES // 1024} KiB")])
    builder = _Builder(file)
    try:
        for event in _events(text):
            builder.take(event)
    except MarkedYAMLError as error:
        raise ProfileError([_syntax_problem(file, error)]) from error
    except YAMLError as error:
        line = 1 + text.count("\n", 0, getattr(error, "position", 0))
        raise ProfileError([Problem(file, line, "", "a control character; a profile is plain text")]) from error
    if not builder.documents:
        raise ProfileError([Problem(file, 1, "", "the file is empty; a profile starts with 'profile: its-key'")])
    return Source(builder.root, builder.lines, tuple(builder.oddities))


def _events(text: str) -> Iterator[Event]:
    yield from YAML(typ="safe", pure=True).parse(text)


def _syntax_problem(file: str, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = str(error.problem or error.context)
    hint = next((hint for sign, hint in _HINTS.items() if sign in said), "")
    context = ""
    if error.context and error.context_mark is not None:
        context = f" ({error.context} that starts in line {error.context_mark.line + 1})"
    return Problem(file, mark.line + 1 if mark is not None else 1, "", f"not YAML: {said}{context}{hint}")


_HINTS = {
    "'\\t'": "; indent with spaces, not tabs",
    "cannot start any token": "; put the text in quotes",
    "mapping values are not allowed": "; a text with ': ' in it needs quotes, fields of one entry the same indent",
    "<block end>": "; fields of one entry need the same indent",
}


@dataclass(slots=True)
class _Level:
    """A mapping or list under construction. `place` is None inside a value that is thrown away."""

    values: dict[object, object] | list[object]
    place: Place
    key: str | int | None = None
    awaits_key: bool = True
    dropped: bool = False


@dataclass(slots=True)
class _Builder:
    """Turns parser events into plain values; a stack instead of recursion, so depth is only a number."""

    file: str
    root: object = None
    documents: int = 0
    values: int = 0
    lines: dict[Place, int] = field(default_factory=dict)
    oddities: list[Oddity] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)

    def take(self, event: Event) -> None:
        match event:
            case AliasEvent():
                self._stop(event, f"'*{event.anchor}': aliases are not used in profiles; use defaults or sets")
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._stop(event, "a second document ('---'); a file holds one profile")
            case MappingEndEvent() | SequenceEndEvent():
                self.levels.pop()
            case MappingStartEvent() | SequenceStartEvent():
                self._open(event, {} if isinstance(event, MappingStartEvent) else [])
            case ScalarEvent():
                self._refuse_tag(event)
                self._scalar(event)

    def _open(self, event: Event, values: dict[object, object] | list[object]) -> None:
        self._refuse_tag(event)
        level = self.levels[-1] if self.levels else None
        if level is not None and isinstance(level.values, dict) and level.awaits_key:
            self._stop(event, "a key is a word or a whole number, not a mapping or a list")
        if len(self.levels) >= MAX_DEPTH:
            self._stop(event, f"nested too deep; allowed are {MAX_DEPTH} levels")
        place, dropped = self._put(event, values)
        self.levels.append(_Level(values, place, dropped=dropped))

    def _scalar(self, event: ScalarEvent) -> None:
        value = event.value if event.style else plain_value(event.value)
        level = self.levels[-1] if self.levels else None
        if level is not None and isinstance(level.values, dict) and level.awaits_key:
            self._take_key(event, level, value)
        else:
            self._put(event, value)

    def _take_key(self, event: ScalarEvent, level: _Level, value: object) -> None:
        level.awaits_key = False
        level.key = None
        key = value if isinstance(value, int) and not isinstance(value, bool) else event.value
        place = (*level.place, key)
        if key in level.values:
            first = self.lines.get(place, 0)
            self._note(event, place, f"{key!r} is given twice, first in line {first}; allowed is once")
            return
        level.key = key
        if not level.dropped:
            self.lines[place] = event.start_mark.line + 1

    def _put(self, event: Event, value: object) -> tuple[Place, bool]:
        """Put a value where it belongs; its place, and whether it is thrown away (the second of a doubled key)."""
        self.values += 1
        if self.values > MAX_VALUES:
            self._stop(event, f"too many values; allowed are {MAX_VALUES} in a file")
        if not self.levels:
            self.root = value
            return (), False
        level = self.levels[-1]
        if isinstance(level.values, list):
            place = (*level.place, len(level.values))
            level.values.append(value)
            if not level.dropped:
                self.lines[place] = event.start_mark.line + 1
            return place, level.dropped
        level.awaits_key = True
        if level.key is None:
            return level.place, True
        level.values[level.key] = value
        return (*level.place, level.key), level.dropped

    def _refuse_tag(self, event: Event) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) != "!":
            place = self.levels[-1].place if self.levels else ()
            self._note(event, place, f"{str(tag)!r}: tags are not used in profiles")

    def _note(self, event: Event, place: Place, message: str) -> None:
        self.oddities.append(Oddity(event.start_mark.line + 1, place, message))

    def _stop(self, event: Event, message: str) -> None:
        raise ProfileError([Problem(self.file, event.start_mark.line + 1, "", message)])


def plain_value(text: str) -> object:
    """What an unquoted YAML scalar means: nothing, a truth, a number or a text."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _PREFIXED_INT.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not re.match(r"[-+]?0[0-9]", text):
        return float(text)
    return text
