"""Making one backup: the worker is run, and what it says is read."""

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from stripchart.model.cause import Cause, CauseCode, Why


@dataclass(frozen=True, slots=True)
class Made:
    """What the worker says: manifest, size, and pieces that are broken in the copies."""

    path: str
    bytes: int
    broken: tuple[str, ...]


class NotMadeError(Exception):
    """The worker could not; the message, and `why` with its cause, say why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.words)
        self.why = why


async def made_by_worker(data_dir: Path, folder: str, keep: int) -> Made:
    """Raises NotMadeError. Cancelled, it ends the worker; an unfinished backup is none."""
    arguments = ("-m", "stripchart.backups.worker", str(data_dir), folder, str(keep))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _told(out, err, process.returncode)


def _told(out: bytes, err: bytes, ended: int | None) -> Made:
    """What the worker says it made. Raises NotMadeError with what it says, or its last words, or how it ended."""
    try:
        told = json.loads(out)
    except ValueError:
        last = err.decode(errors="replace").strip().splitlines()[-1:]
        words = last[0] if last else f"the worker ended with code {ended} and did not say what it made"
        raise NotMadeError(Why(words, Cause(CauseCode.INTERNAL, {"said": words}))) from None
    if ended != 0:
        raise NotMadeError(Why(told["error"], Cause.of_json(told["cause"])))
    return Made(told["path"], told["bytes"], tuple(told["broken"]))
