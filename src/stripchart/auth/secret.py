"""The secret that signs tokens: made at the first start, for the eyes of this program alone."""

import os
import secrets
from pathlib import Path

from stripchart.auth.errors import SecretError

_BYTES = 32


def signing_secret(file: Path) -> bytes:
    """The secret in the file; made, readable and writable by its owner alone (0600), when there is none.

    Raises SecretError when the file holds something else, or cannot be read or made.
    """
    try:
        return _made(file)
    except FileExistsError:
        return _read(file)
    except OSError as error:
        raise SecretError(f"{file}: no signing secret can be made here: {error.strerror}") from error


def _made(file: Path) -> bytes:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
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
    except OSError as error:
        raise SecretError(f"{file}: the signing secret cannot be read: {error.strerror}") from error
    if len(secret) < _BYTES:
        raise SecretError(f"{file}: this is no signing secret; remove it to have a new one (all sign in again)")
    file.chmod(0o600)
    return secret
