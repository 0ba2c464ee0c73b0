"""What is wrong with a profile file: where, in which field, and what is allowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from stripchart.model.cause import Cause, CauseCode

Place = tuple[str | int, ...]
"""Keys and list places from the top of a file down to a value."""

MAX_PROBLEMS = 200
_SHOWN = 60
_LISTED = 24

NOTHING = object()
"""What `step` finds where there is nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `line` is 1-based (0: the file as a whole); `field` is a path such as `points.gen_uab.scale`."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class ProfileError(Exception):
    """A profile cannot be used; `problems` has everything found wrong with it, by line. `key`: its own, if known."""

    def __init__(self, problems: Iterable[Problem], key: str = "") -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        self.key = key
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def cause(self) -> Cause:
        """By code, why a device of this profile cannot be read."""
        first = self.problems[0]
        return Cause(CauseCode.PROFILE_INVALID, {"profile": self.key or first.file, "said": str(first)})


class Findings:
    """Collects the problems of one file, and knows the line and the name of every place in it.

    A mistake in a repeated point is found once for each copy; only the first finding of a line and field is kept,
    and not more than MAX_PROBLEMS of a file.
    """

    def __init__(self, file: str, data: object, lines: Mapping[Place, int]) -> None:
        self._file, self._data, self._lines = file, data, lines
        self._found: dict[tuple[int, str], Problem] = {}
        self._is_cut = False

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, place: Place, message: str, line: int | None = None) -> None:
        """Note a mistake at a place; for a field that is not there, the line is that of what should hold it."""
        spot = (line or self.line(place), self._name(place))
        if spot in self._found:
            return
        if len(self._found) < MAX_PROBLEMS:
            self._found[spot] = Problem(self._file, *spot, message)
        self._is_cut = len(self._found) == MAX_PROBLEMS

    def wants(self, place: Place) -> bool:
        """Whether `add` would keep a finding at the place; ask before working out a costly message."""
        return not self._is_cut and (self.line(place), self._name(place)) not in self._found

    def line(self, place: Place) -> int:
        """1-based line of the place, or of the nearest place around it."""
        while place not in self._lines and place:
            place = place[:-1]
        return self._lines.get(place, 1)

    def stop_if_any(self) -> None:
        """Raises ProfileError with all that was found; does nothing when nothing was."""
        if not self._found:
            return
        cut = [Problem(self._file, 0, "", f"the first {MAX_PROBLEMS} problems; there may be more")]
        raise ProfileError([*self._found.values(), *(cut if self._is_cut else ())])

    def _name(self, place: Place) -> str:
        """The place as a reader would say it: entries of a list by their key, where they have one."""
        words: list[str] = []
        here = self._data
        for part in place:
            here = step(here, part)
            if isinstance(part, str):
                words.append(part)
                continue
            key = here.get("key") if isinstance(here, dict) else None
            if isinstance(key, str):
                words.append(key)
            else:
                words.append(f"{words.pop() if words else ''}[{part}]")
        return ".".join(words)


def step(here: object, part: str | int) -> object:
    """The value one step further down, or NOTHING."""
    if isinstance(here, dict):
        return here.get(part, NOTHING)
    if isinstance(here, list) and isinstance(part, int) and 0 <= part < len(here):
        return here[part]
    return NOTHING


def shown(value: object) -> str:
    """A wrong value as a message shows it: short, and texts in quotes."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to say after an unknown word: the nearest known one, and the known ones while they are few."""
    names: Sequence[str] = list(dict.fromkeys(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}? " if near else ""
    if len(names) <= _LISTED:
        return hint + (f"allowed are {', '.join(names)}" if names else "none is defined")
    return hint.strip() or f"there are {len(names)}, from {names[0]!r} to {names[-1]!r}"
