"""The secret that signs tokens: made at the first start, for the eyes of this program alone."""

import os
import secrets
from pathlib import Path

_BYTES = 32


def signing_secret(file: Path) -> bytes:
    """The secret in the file; made, readable and writable by its owner alone (0600), when there is none.

    Raises ValueError when the file holds something else, OSError when it cannot be read or made.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(file)
    with os.fdopen(descriptor, "w") as new:
        made = secrets.token_bytes(_BYTES)
        new.write(made.hex())
        new.flush()
        os.fsync(new.fileno())
    return made


def _read(file: Path) -> bytes:
    try:
        secret = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) < _BYTES:
        raise ValueError(f"{file}: this is no signing secret; remove it to have a new one (everybody signs in again)")
    file.chmod(0o600)
    return secret
