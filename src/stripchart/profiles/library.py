"""The library: shipped profiles and those of a folder of the user's own."""

import re
from pathlib import Path

from stripchart.model.profile import Profile
from stripchart.profiles.load import load_profile
from stripchart.profiles.problem import Problem, ProfileError, did_you_mean

SHIPPED = Path(__file__).parent / "definitions"
_SUFFIXES = frozenset({".yaml", ".yml"})
_KEY_LINE = re.compile(rb"^profile:[ \t]*['\"]?([A-Za-z0-9_-]+)", re.MULTILINE)
_KEY_LINE_WITHIN = 16_384


class UnknownProfileError(KeyError):
    """No profile has this key; the message names the nearest ones."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key, self.message = key, message

    def __str__(self) -> str:
        return self.message


class ProfileLibrary:
    """Profiles by key. A user's file replaces the shipped one with its key; a bad file spoils only itself.

    A file is loaded when its profile is first asked for, and kept. `refresh` sees files that came, went or changed.
    Not safe for several threads at once.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: the user's own profiles (*.yaml, *.yml); it need not exist."""
        self._folder = folder
        self._loaded: dict[Path, Profile | ProfileError] = {}
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._files: dict[str, Path] = {}
        self._problems: list[Problem] = []
        self.refresh()

    @classmethod
    def shipped(cls) -> "ProfileLibrary":
        """Only what comes with Stripchart."""
        return cls(None)

    def refresh(self) -> bool:
        """Look at the folders again; files that did not change are not loaded again. True when something changed."""
        before = (self._files, dict(self._stamps))
        self._files, self._problems = {}, []
        self._add_files(SHIPPED)
        if self._folder is not None:
            self._add_files(self._folder)
        return before != (self._files, self._stamps)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, sorted, also those whose file turns out to be bad."""
        return tuple(sorted(self._files))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with files that cannot be used; loads every file to know."""
        found = list(self._problems)
        for path in self._files.values():
            result = self._result(path)
            if isinstance(result, ProfileError):
                found.extend(result.problems)
        return tuple(sorted(found))

    def path(self, key: str) -> Path:
        """The file of a profile. Raises UnknownProfileError."""
        if key not in self._files:
            raise UnknownProfileError(key, f"no profile {key!r}; {did_you_mean(key, self.keys)}")
        return self._files[key]

    def get(self, key: str) -> Profile:
        """Raises UnknownProfileError, or ProfileError when the profile's file is bad."""
        result = self._result(self.path(key))
        if isinstance(result, ProfileError):
            raise result
        return result

    def all(self) -> list[Profile]:
        """Every profile that can be used, by key."""
        results = [self._result(self._files[key]) for key in self.keys]
        return [result for result in results if isinstance(result, Profile)]

    def _add_files(self, folder: Path) -> None:
        seen: dict[str, Path] = {}
        for path, key in self._keyed(folder):
            if key in seen:
                message = f"{key!r} is the profile of {seen[key].name} already; the second file is left out"
                self._problems.append(Problem(str(path), 0, "profile", message))
                continue
            seen[key] = path
            self._files[key] = path

    def _keyed(self, folder: Path) -> list[tuple[Path, str]]:
        """Files and their keys; a file whose key cannot be seen is a problem of the library."""
        found: list[tuple[Path, str]] = []
        paths = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES) if folder.is_dir() else []
        for path in paths:
            try:
                self._forget_if_changed(path)
                key = _key_in(path) or self._loaded_key(path)
            except OSError as error:
                self._problems.append(Problem(str(path), 0, "", f"cannot be read: {error.strerror}"))
                continue
            except ProfileError as error:
                self._problems.extend(error.problems)
                continue
            found.append((path, key))
        return found

    def _forget_if_changed(self, path: Path) -> None:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        if self._stamps.get(path) != stamp:
            self._stamps[path] = stamp
            self._loaded.pop(path, None)

    def _loaded_key(self, path: Path) -> str:
        result = self._result(path)
        if isinstance(result, ProfileError):
            raise result
        return result.key

    def _result(self, path: Path) -> Profile | ProfileError:
        if path not in self._loaded:
            try:
                self._loaded[path] = load_profile(path)
            except ProfileError as error:
                self._loaded[path] = error
        return self._loaded[path]


def _key_in(path: Path) -> str | None:
    """The key of a profile without reading all of it; None when it is not near the start."""
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        found = _KEY_LINE.search(stream.read(_KEY_LINE_WITHIN))
    return found[1].decode("ascii") if found else None
