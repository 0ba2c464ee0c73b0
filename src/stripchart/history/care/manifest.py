"""What a backup consists of, written last: a backup without its manifest is none.

A backup folder holds `backup-<time>.json`, one for each backup, and `files/`, where each file has its checksum in its
name. Backups share the files that are the same in both.
"""

import hashlib
import json
import os
from pathlib import Path, PurePosixPath
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from stripchart.history.base import HistoryUnavailableError, HistoryUnreadableError
from stripchart.history.embedded.files import keep_name

FORMAT = 1
FILES = "files"
_CHUNK_BYTES = 2**20


class StoredFile(BaseModel):
    """`path`: where it belongs in the data folder; `stored`: its name in `files/`; `stamp`: that of a year file."""

    model_config = ConfigDict(frozen=True)

    path: str
    stored: str
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    stamp: int | None = None

    @field_validator("path", "stored")
    @classmethod
    def _stays_inside(cls, path: str) -> str:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            raise ValueError("allowed are paths inside the folder")
        return path


class Manifest(BaseModel):
    """`program`: the release that made it; times are ISO 8601, UTC."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    program: str
    began: str
    ended: str
    files: tuple[StoredFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def year_with_stamp(self, path: str, stamp: int) -> StoredFile | None:
        return next((file for file in self.files if file.path == path and file.stamp == stamp), None)

    def write(self, path: Path) -> None:
        """All of it or nothing, also over a power cut."""
        draft = path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            file.write(self.model_dump_json(indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        keep_name(path.parent)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises HistoryUnreadableError when it is no manifest, or of a newer release."""
        try:
            content = json.loads(path.read_bytes())
            number = content.get("format") if isinstance(content, dict) else None
            if isinstance(number, int) and number > FORMAT:
                raise HistoryUnreadableError(
                    f"{path}: the backup was made by a newer Stripchart (format {number}, this one knows {FORMAT}); "
                    "update Stripchart"
                )
            return cls.model_validate(content)
        except OSError as error:
            raise HistoryUnavailableError(f"{path}: cannot be read ({error.strerror})") from error
        except (ValueError, ValidationError) as error:
            raise HistoryUnreadableError(f"{path}: this is no manifest of a backup of Stripchart") from error


def manifests_in(folder: Path) -> list[Path]:
    """The backups of a folder, oldest first."""
    return sorted(folder.glob("backup-*.json"))


def sha256_of(path: Path) -> str:
    """Raises HistoryUnavailableError."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise HistoryUnavailableError(f"{path}: cannot be read ({error.strerror})") from error
    return digest.hexdigest()
