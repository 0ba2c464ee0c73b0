"""The library: shipped profiles and those of a folder of the user's own."""

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device
from stripchart.model.own_point import OwnPoint
from stripchart.model.profile import Pacing, Profile
from stripchart.profiles.load import load_profile
from stripchart.profiles.own import own_profile
from stripchart.profiles.problem import Problem, ProfileError, did_you_mean

SHIPPED = Path(__file__).parent / "definitions"
_SUFFIXES = frozenset({".yaml", ".yml"})
_KEY_LINE = re.compile(rb"^profile:[ \t]*['\"]?([A-Za-z0-9_-]+)", re.MULTILINE)
_KEY_LINE_WITHIN = 16_384

_Stamp = tuple[int, int]
"""Time of the last change and size of a file: another stamp is another content."""


class UnknownProfileError(KeyError):
    """No profile has this key; the message names the nearest ones."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key, self.message = key, message

    @property
    def cause(self) -> Cause:
        """By code, why a device of this profile cannot be read."""
        return Cause(CauseCode.PROFILE_MISSING, {"profile": self.key})

    def __str__(self) -> str:
        return self.message


@dataclass(slots=True)
class _Listing:
    """The files as they were at one look: which one has a key, and what was wrong with others."""

    files: dict[str, Path] = field(default_factory=dict)
    stamps: dict[Path, _Stamp] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class ProfileLibrary:
    """Profiles by key. A user's file replaces the shipped one with its key; a bad file spoils only itself.

    A file is loaded when its profile is first asked for, and kept. `refresh` sees files that came, went or changed.
    Threads may refresh, one after the other, and load while others ask: these see the files as before, until that is
    done.
    """

    def __init__(self, folder: Path | None = None, pacing: Pacing | None = None) -> None:
        """`folder`: the user's own profiles (*.yaml, *.yml); it need not exist.

        `pacing` holds for whatever a profile says nothing about.
        """
        self.folder, self.pacing = folder, pacing
        self._one_at_a_time = threading.Lock()
        self._loaded: dict[tuple[Path, _Stamp], Profile | ProfileError] = {}
        self._listing = _Listing()
        self.refresh()

    @classmethod
    def shipped(cls) -> "ProfileLibrary":
        """Only what comes with Stripchart."""
        return cls(None)

    def refresh(self) -> bool:
        """Look at the folders again; files that did not change are not loaded again. True when something changed."""
        with self._one_at_a_time:
            listing = _Listing()
            self._add_files(SHIPPED, listing)
            if self.folder is not None:
                self._add_files(self.folder, listing)
            before, self._listing = self._listing, listing
            current = set(listing.stamps.items())
            for key in set(self._loaded) - current:
                self._loaded.pop(key, None)
            return (before.files, before.stamps) != (listing.files, listing.stamps)

    def load(self) -> None:
        """Load every file that is not loaded yet. It takes a second; whoever must not wait does it in a thread."""
        for path in self._listing.files.values():
            self._result(path, self._listing)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, sorted, also those whose file turns out to be bad."""
        return tuple(sorted(self._listing.files))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with files that cannot be used; loads every file to know."""
        listing = self._listing
        results = [self._result(path, listing) for path in listing.files.values()]
        bad = [problem for result in results if isinstance(result, ProfileError) for problem in result.problems]
        return tuple(sorted(listing.problems + bad))

    def path(self, key: str) -> Path:
        """The file of a profile. Raises UnknownProfileError."""
        path = self._listing.files.get(key)
        if path is None:
            raise UnknownProfileError(key, f"no profile {key!r}; {did_you_mean(key, self.keys)}")
        return path

    def get(self, key: str) -> Profile:
        """Raises UnknownProfileError, or ProfileError when the profile's file is bad."""
        result = self._result(self.path(key), self._listing)
        if isinstance(result, ProfileError):
            raise ProfileError(result.problems, key) from result
        return result

    def of(self, device: Device) -> Profile:
        """The profile of a device: that of its own point, or that of its key. Raises as `get` and `of_own` do."""
        return self.of_own(device.own) if device.own else self.get(device.profile)

    def of_own(self, own: OwnPoint) -> Profile:
        """The profile of a device with a point of its own. Raises ProfileError."""
        return own_profile(own, self.pacing or Pacing())

    def all(self) -> list[Profile]:
        """Every profile that can be used, by key."""
        listing = self._listing
        results = [self._result(path, listing) for _, path in sorted(listing.files.items())]
        return [result for result in results if isinstance(result, Profile)]

    def _add_files(self, folder: Path, listing: _Listing) -> None:
        seen: dict[str, Path] = {}
        for path, key in self._keyed(folder, listing):
            if key in seen:
                message = f"{key!r} is the profile of {seen[key].name} already; the second file is left out"
                listing.problems.append(Problem(str(path), 0, "profile", message))
                continue
            seen[key] = path
            listing.files[key] = path

    def _keyed(self, folder: Path, listing: _Listing) -> list[tuple[Path, str]]:
        """Files and their keys; a file whose key cannot be seen is a problem of the library."""
        found: list[tuple[Path, str]] = []
        paths = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES) if folder.is_dir() else []
        for path in paths:
            try:
                status = path.stat()
                listing.stamps[path] = (status.st_mtime_ns, status.st_size)
                key = _key_in(path) or self._loaded_key(path, listing)
            except OSError as error:
                listing.problems.append(Problem(str(path), 0, "", f"cannot be read: {error.strerror}"))
                continue
            except ProfileError as error:
                listing.problems.extend(error.problems)
                continue
            found.append((path, key))
        return found

    def _loaded_key(self, path: Path, listing: _Listing) -> str:
        result = self._result(path, listing)
        if isinstance(result, ProfileError):
            raise result
        return result.key

    def _result(self, path: Path, listing: _Listing) -> Profile | ProfileError:
        """The profile of a file; the same object until the file changes, whichever thread asks first."""
        key = (path, listing.stamps.get(path, (0, 0)))
        known = self._loaded.get(key)
        if known is not None:
            return known
        try:
            result: Profile | ProfileError = load_profile(path, self.pacing)
        except ProfileError as error:
            result = error
        return self._loaded.setdefault(key, result)


def _key_in(path: Path) -> str | None:
    """The key of a profile without reading all of it; None when it is not near the start."""
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        found = _KEY_LINE.search(stream.read(_KEY_LINE_WITHIN))
    return found[1].decode("ascii") if found else None
