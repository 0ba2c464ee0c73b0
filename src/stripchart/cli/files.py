"""Files a command writes: whole, or not at all."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stripchart.cli.failure import CommandError


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """The file to write, `-` for standard output; it has its name only once it is complete.

    Raises CommandError when it is there and not to be replaced, or cannot be written.
    """
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.exists() and not force:
        raise CommandError(f"{path} already exists; choose another name, or --force to overwrite it")
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
