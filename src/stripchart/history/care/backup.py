"""Backing up a data folder while it is in use: complete for what was acknowledged before it began.

Plain files come first, then the journal, then the databases: what moves meanwhile moves in this direction.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from stripchart import __version__
from stripchart.history.base import HistoryError, HistoryUnavailableError
from stripchart.history.care.checksums import broken_pieces
from stripchart.history.care.manifest import FILES, Manifest, StoredFile, manifests_in, sha256_of
from stripchart.history.care.pinned import TEXTS, PinnedDatabase, is_year, pin, pinned
from stripchart.history.care.snapshot import whole_records
from stripchart.history.care.target import alone_in, told_as_target
from stripchart.history.embedded.files import keep_name, told_as_history
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.time import Clock, SystemClock, to_iso

Advance = Callable[[str, int, int], None]
"""Told which file is copied, how many bytes of all are done, and how many there are."""

_PAGES_AT_ONCE = 64
_NOT_KEPT = ("-wal", "-shm", "-journal", ".lock", ".compact", ".draft")
_ASIDE = ("undo-", "restoring-")


@dataclass(frozen=True, slots=True)
class BackupOptions:
    """`keep`: how many backups the target keeps, None for all; `trust_old`: do not read again what is there."""

    keep: int | None = None
    trust_old: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made. `copied` are the files of it that the target did not have.

    `broken` names pieces that are broken in the copies; they were so before, or the copies are bad.
    """

    manifest_path: Path
    manifest: Manifest
    copied: tuple[StoredFile, ...]
    broken: tuple[str, ...]
    removed: tuple[Path, ...]


def backup(
    data_dir: Path, target: Path, options: BackupOptions, advance: Advance, clock: Clock | None = None
) -> Backup:
    """Back up a data folder, in use or not. Until it is complete the target holds only the backups of before.

    Raises HistoryUnavailableError when there is nothing to back up, or the target cannot be written.
    """
    clock = clock or SystemClock()
    if target.absolute().resolve().is_relative_to(data_dir.absolute().resolve()):
        message = f"{target}: this is inside the data folder; choose a target outside of it"
        raise HistoryUnavailableError(message, cause=Cause(CauseCode.BACKUP_INSIDE, {"folder": str(target)}))
    began_ms = clock.now_ms()
    with told_as_target(target), alone_in(target):
        job = _Job(data_dir, target, options, advance)
        job.run()
        manifest = Manifest(
            program=__version__, began=to_iso(began_ms), ended=to_iso(clock.now_ms()), files=tuple(job.stored)
        )
        path = target / f"backup-{to_iso(began_ms).replace('-', '').replace(':', '')}.json"
        keep_name(target / FILES)
        manifest.write(path)
        removed = _remove_old(target, options.keep)
    return Backup(path, manifest, tuple(job.copied), tuple(job.broken), removed)


@dataclass(slots=True)
class _Job:
    """What is copied into the target by one backup."""

    data_dir: Path
    target: Path
    options: BackupOptions
    advance: Advance
    stored: list[StoredFile] = field(default_factory=list)
    copied: list[StoredFile] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _done: int = 0
    _total: int = 0
    _before: list[Manifest] = field(default_factory=list)

    def run(self) -> None:
        (self.target / FILES).mkdir(exist_ok=True)
        self._before = _readable(manifests_in(self.target))[::-1]
        history = self.data_dir / "history"
        plain, databases = _others(self.data_dir, history)
        for path in plain:
            self._add_plain(path)
        with pinned(history) as seen, ExitStack() as open_files:
            self._total = sum(_size(path) for path in databases) + sum(_size(each.path) for each in seen.years)
            for file in seen.journal:
                end = whole_records(file.path, file.content)[1]
                self._add_bytes(file.path, file.content[:end])
            if seen.texts is not None:
                self._add_database(seen.texts)
            # The newest first: while a year is pinned, what is written to it takes room twice.
            for year in reversed(seen.years):
                self._add_year(year)
                year.db.execute("ROLLBACK")
            for path in databases:
                self._add_database(pin(path, open_files))

    def _add_plain(self, path: Path) -> None:
        try:
            with told_as_history(path):
                content = path.read_bytes()
        except HistoryUnavailableError:
            if path.exists():
                raise
            return  # it went away meanwhile
        self._add_bytes(path, content)

    def _add_bytes(self, path: Path, content: bytes) -> None:
        draft = self._draft(path)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._store(path, draft)

    def _add_year(self, year: PinnedDatabase) -> None:
        stamp = _stamp(year)
        known = self._known(year.path, stamp) if stamp is not None else None
        if known is None:
            self._add_database(year, stamp)
            return
        self.stored.append(known)
        self._done += _size(year.path)
        self.advance(year.path.name, self._done, self._total)

    def _known(self, path: Path, stamp: int) -> StoredFile | None:
        """The file of an earlier backup in which the year is as it is now, if it is still good."""
        for manifest in self._before:
            file = manifest.year_with_stamp(self._name(path), stamp)
            if file is None:
                continue
            kept = self.target / FILES / file.stored
            if _size(kept) == file.bytes and (self.options.trust_old or sha256_of(kept) == file.sha256):
                return file
        return None

    def _add_database(self, source: PinnedDatabase, stamp: int | None = None) -> None:
        draft, before = self._draft(source.path), self._done

        def advance(_: int, remaining: int, pages: int) -> None:
            part = (pages - remaining) / max(pages, 1)
            self.advance(source.path.name, before + round(part * _size(source.path)), self._total)

        with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            source.db.backup(copy, pages=_PAGES_AT_ONCE, progress=advance)
            if is_year(source.path) and stamp is not None:
                self.broken += [f"{source.path}: {piece}" for piece in _broken_in(copy)]
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        self._done = before + _size(source.path)
        self._store(source.path, draft, stamp)

    def _store(self, path: Path, draft: Path, stamp: int | None = None) -> None:
        """Give a complete draft the name of its content."""
        digest = sha256_of(draft)
        place = self.target / FILES / f"{path.stem}-{digest[:16]}{path.suffix}"
        file = StoredFile(path=self._name(path), stored=place.name, bytes=_size(draft), sha256=digest, stamp=stamp)
        is_new = _size(place) != file.bytes or sha256_of(place) != digest
        draft.chmod(0o600)
        draft.replace(place)
        self.stored.append(file)
        if is_new:
            self.copied.append(file)

    def _draft(self, path: Path) -> Path:
        draft = self.target / FILES / f"{path.name}.draft"
        draft.unlink(missing_ok=True)
        return draft

    def _name(self, path: Path) -> str:
        return path.relative_to(self.data_dir).as_posix()


def _others(data_dir: Path, history: Path) -> tuple[list[Path], list[Path]]:
    """The plain files and the databases of a data folder, without the journal, years and texts of its history."""
    plain: list[Path] = []
    databases: list[Path] = []
    for path in sorted(data_dir.rglob("*")):
        inside = path.relative_to(data_dir)
        if path.name.endswith(_NOT_KEPT) or inside.parts[0].startswith(_ASIDE) or not path.is_file():
            continue
        if path.parent == history and (is_year(path) or path.name == TEXTS):
            continue
        if path.parent == history / "journal":
            continue
        (databases if path.suffix == ".db" else plain).append(path)
    return plain, databases


def _broken_in(copy: sqlite3.Connection) -> Iterator[str]:
    try:
        yield from broken_pieces(copy)
    except sqlite3.DatabaseError as error:
        yield str(error)


def _stamp(year: PinnedDatabase) -> int | None:
    """None for a year of an old format, which is copied each time."""
    columns = {row[1] for row in year.db.execute("PRAGMA table_info(state)")}
    return int(year.db.execute("SELECT stamp FROM state").fetchone()[0]) if "stamp" in columns else None


def _remove_old(target: Path, keep: int | None) -> tuple[Path, ...]:
    """Remove the oldest backups beyond those to keep, and files that no backup has."""
    paths = manifests_in(target)
    old = paths[:-keep] if keep is not None else []
    for path in old:
        path.unlink()
    left = manifests_in(target)
    manifests = _readable(left)
    kept = {file.stored for manifest in manifests for file in manifest.files}
    # With a manifest that cannot be read nobody knows which files are its own.
    for path in (target / FILES).iterdir() if len(manifests) == len(left) else ():
        if path.name not in kept:
            path.unlink()
    return tuple(old)


def _readable(paths: list[Path]) -> list[Manifest]:
    manifests = []
    for path in paths:
        with suppress(HistoryError):
            manifests.append(Manifest.read(path))
    return manifests


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
