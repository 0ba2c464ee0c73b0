"""Putting a backup back: checked first, then moved into place with renames that a crash cannot leave half done.

What was in the folder is kept aside in `undo-<time>/`, which is a data folder itself. While files are moved,
`restore.json` says so; whoever opens the folder next, after a crash, finishes what it says.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from stripchart.history.base import HistoryUnavailableError, HistoryUnreadableError
from stripchart.history.care.manifest import FILES, Manifest, StoredFile, manifests_in
from stripchart.history.embedded.files import keep_name
from stripchart.history.embedded.lock import lock_folder
from stripchart.model.time import Clock, SystemClock, to_iso

Advance = Callable[[str, int, int], None]
"""Told which file is read, how many bytes of all are done, and how many there are."""

MARKER = "restore.json"
_CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `undo` is where the old data is, None when there was none."""

    manifest_path: Path
    manifest: Manifest
    undo: Path | None


def restore(source: Path, data_dir: Path, *, force: bool, advance: Advance, clock: Clock | None = None) -> Restored:
    """Put a backup into a data folder. `source` is the backup's folder, of which the newest is taken, or a manifest.

    Raises HistoryUnreadableError when the backup is broken, and HistoryUnavailableError when the folder is in use,
    or is not empty without `force`. Until all of the backup has been read and is right, nothing is changed.
    """
    manifest_path = _newest(source)
    manifest = Manifest.read(manifest_path)
    now = to_iso((clock or SystemClock()).now_ms()).replace("-", "").replace(":", "")
    with _told_as_folder(data_dir), ExitStack() as held, ExitStack() as when_it_fails:
        data_dir.mkdir(parents=True, exist_ok=True)
        held.enter_context(_alone(data_dir))
        _finish(data_dir)
        old = _entries(data_dir)
        if old and not force:
            raise HistoryUnavailableError(
                f"{data_dir}: there is data here ({', '.join(old[:3])}); choose an empty folder, or --force, "
                "which keeps what is there aside"
            )
        if (data_dir / "history").is_dir():
            held.enter_context(lock_folder(data_dir / "history"))
        staged = data_dir / f"restoring-{now}"
        when_it_fails.callback(shutil.rmtree, staged, ignore_errors=True)
        _copy_all(manifest, manifest_path.parent / FILES, staged, advance)
        held.enter_context(lock_folder(staged / "history"))
        undo = data_dir / f"undo-{now}"
        moves = {"staged": staged.name, "undo": undo.name, "old": old, "new": sorted(os.listdir(staged))}
        _write_marker(data_dir, moves)
        when_it_fails.pop_all()
        _finish(data_dir)
    return Restored(manifest_path, manifest, undo if old else None)


def finish_restore(data_dir: Path) -> None:
    """Finish a restore that was broken off while it moved files. Without one, nothing is done.

    Raises HistoryUnavailableError while another process restores into the folder.
    """
    if (data_dir / MARKER).exists():
        with _told_as_folder(data_dir), _alone(data_dir):
            _finish(data_dir)


def _finish(data_dir: Path) -> None:
    """Do what the marker says, as far as it is not done yet."""
    marker = data_dir / MARKER
    if not marker.exists():
        return
    moves = json.loads(marker.read_text("utf-8"))
    staged, undo = data_dir / moves["staged"], data_dir / moves["undo"]
    for name in moves["old"]:
        # While something of this name is staged, what has its place is old.
        is_old = (staged / name).exists() or name not in moves["new"]
        if is_old and (data_dir / name).exists():
            undo.mkdir(exist_ok=True)
            (data_dir / name).replace(undo / name)
    for name in moves["new"]:
        if (staged / name).exists():
            (staged / name).replace(data_dir / name)
    keep_name(data_dir)
    marker.unlink()
    keep_name(data_dir)
    shutil.rmtree(staged, ignore_errors=True)


def _newest(source: Path) -> Path:
    if source.is_file():
        return source
    found = manifests_in(source)
    if not found:
        raise HistoryUnavailableError(f"{source}: there is no backup here; name the folder given to `backup`")
    return found[-1]


def _entries(data_dir: Path) -> list[str]:
    """What is in the folder, but for what was kept aside before."""
    return sorted(name for name in os.listdir(data_dir) if not name.startswith(("undo-", "restoring-")))


def _copy_all(manifest: Manifest, files: Path, staged: Path, advance: Advance) -> None:
    free = shutil.disk_usage(staged.parent).free
    if free < manifest.bytes:
        raise HistoryUnavailableError(f"{staged.parent}: the backup has {manifest.bytes} bytes, {free} are free")
    done = 0
    for file in manifest.files:
        place = staged / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        for count in _copied(file, files / file.stored, place):
            done += count
            advance(file.path, done, manifest.bytes)
    (staged / "history").mkdir(parents=True, exist_ok=True)
    for folder, _, _ in os.walk(staged):
        keep_name(Path(folder))


def _copied(file: StoredFile, stored: Path, place: Path) -> Iterator[int]:
    """Copy a file; the bytes of each step. Raises HistoryUnreadableError when it is not what the manifest says."""
    digest = hashlib.sha256()
    try:
        source = stored.open("rb")
    except OSError as error:
        raise HistoryUnreadableError(
            f"{stored}: the backup lacks this file ({error.strerror}); nothing was changed, take another backup"
        ) from error
    with source, place.open("wb") as copy:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
            yield len(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if digest.hexdigest() != file.sha256:
        raise HistoryUnreadableError(
            f"{stored}: its checksum is wrong; nothing was changed, take another backup of the folder"
        )


def _write_marker(data_dir: Path, moves: Mapping[str, object]) -> None:
    draft = data_dir / f"{MARKER}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(moves, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(data_dir / MARKER)
    keep_name(data_dir)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """The folder's own lock, which the system releases when its holder dies."""
    descriptor = os.open(data_dir, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise HistoryUnavailableError(f"{data_dir}: a backup is being put back here; wait for it") from error
    finally:
        os.close(descriptor)


@contextmanager
def _told_as_folder(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HistoryUnavailableError(
            f"{folder}: the backup cannot be put back ({error.strerror}: {error.filename})"
        ) from error
