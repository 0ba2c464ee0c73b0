"""The user's own profiles: files that replace or stand beside the shipped ones."""

import os
from dataclasses import dataclass
from pathlib import Path

from stripchart.model.profile import Profile
from stripchart.profiles.library import SHIPPED, ProfileLibrary
from stripchart.profiles.load import parse_profile
from stripchart.profiles.problem import Problem, ProfileError
from stripchart.profiles.source import MAX_BYTES


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A file of the library. `is_own`: in the user's folder; `replaces`: a shipped one has the same key."""

    key: str
    path: Path
    is_own: bool
    replaces: bool


class NoProfileFolderError(Exception):
    """This program was started without a folder for profiles of the user's own."""


class ProfileFolder:
    """Looks at, writes and removes files of a library. All of it reads or writes the disk: call it in a thread."""

    def __init__(self, library: ProfileLibrary) -> None:
        self._library = library

    def all(self) -> list[ProfileFile]:
        """Every file, also those that are no good profile, by key."""
        shipped = set(ProfileLibrary.shipped().keys)
        return [
            ProfileFile(key, path, is_own=path.parent != SHIPPED, replaces=path.parent != SHIPPED and key in shipped)
            for key in self._library.keys
            for path in [self._library.path(key)]
        ]

    def one(self, key: str) -> ProfileFile:
        """Raises UnknownProfileError."""
        self._library.path(key)
        return next(file for file in self.all() if file.key == key)

    def text(self, key: str) -> str:
        """What is written in the file, good or bad. Raises UnknownProfileError and OSError."""
        return self._library.path(key).read_bytes()[:MAX_BYTES].decode("utf-8-sig", errors="replace")

    def check(self, text: str) -> Profile:
        """The profile that the text would be. Raises ProfileError."""
        if len(text.encode()) > MAX_BYTES:
            message = f"too large; allowed are {MAX_BYTES // 1024} KiB"
            raise ProfileError([Problem("profile", 0, "", message)])
        return parse_profile(text, "profile", self._library.pacing)

    def save(self, key: str, text: str) -> ProfileFile:
        """Write it to the user's folder, whole or not at all, and take it into use.

        Raises ProfileError when the text is no profile, or the profile of another key; NoProfileFolderError; OSError.
        """
        found = self.check(text).key
        if found != key:
            raise ProfileError([Problem("profile", 1, "profile", f"is {found!r}; here it must be {key!r}")])
        folder = self._library.folder
        if folder is None:
            raise NoProfileFolderError
        folder.mkdir(parents=True, exist_ok=True)
        known = self._library.path(key) if key in self._library.keys else None
        target = known if known is not None and known.parent == folder else folder / f"{key}.yaml"
        _write(target, text)
        self._library.refresh()
        return self.one(key)

    def delete(self, key: str) -> None:
        """Remove an own file. Raises UnknownProfileError and OSError; NoProfileFolderError for a shipped one."""
        file = self.one(key)
        if not file.is_own:
            raise NoProfileFolderError
        file.path.unlink()
        self._library.refresh()


def _write(target: Path, text: str) -> None:
    """Beside it first: who reads meanwhile sees the old or the new, never a half. The other ending hides it."""
    draft = target.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
