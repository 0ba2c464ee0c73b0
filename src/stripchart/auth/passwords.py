"""Passwords: rules, hashes, and checks that take as long for an unknown user as for a known one."""

import asyncio

import bcrypt

from stripchart.auth.errors import WeakPasswordError
from stripchart.model.complaint import Complaint, ComplaintCode

COST = 12
SHORTEST = 8
LONG_ENOUGH_TO_BE_PLAIN = 16
LONGEST_BYTES = 72
"""bcrypt looks at no more; longer ones are refused, rather than cut off in silence."""

NOBODY = b"$2b$12$D5sfD236iFtUfcLUP7Rc3uJYIGTiUVdYV/toLjjtp8EfSh/Hikst6"
"""The hash, at `COST`, of 24 random bytes that were thrown away. Made here, one would cost every start 0.25 s."""

NO_PASSWORD = b"*"
"""Stands for the hash of a user who signs in by other means alone."""


def check_password(password: str, username: str) -> None:
    """Raises WeakPasswordError naming the rule that is broken.

    At least 8 characters with a capital letter, a small letter and a digit; from 16 characters on anything goes.
    Scripts without capital letters count as having both. Neither may hold the user's name.
    """
    if len(password) < SHORTEST:
        message = f"the password has {len(password)} characters; at least {SHORTEST} are needed"
        raise WeakPasswordError(message, Complaint(ComplaintCode.PASSWORD_SHORT, {"bound": SHORTEST}))
    if len(password.encode()) > LONGEST_BYTES:
        long = Complaint(ComplaintCode.PASSWORD_LONG, {"bound": LONGEST_BYTES})
        raise WeakPasswordError(f"the password has more than {LONGEST_BYTES} bytes", long)
    if username.casefold() in password.casefold():
        wrong = Complaint(ComplaintCode.PASSWORD_NAME)
        raise WeakPasswordError("the password must not hold the user name", wrong)
    if len(password) < LONG_ENOUGH_TO_BE_PLAIN:
        _check_variety(password)


def _check_variety(password: str) -> None:
    has_caseless = any(sign.isalpha() and sign.lower() == sign.upper() for sign in password)
    missing = [
        name
        for name, found in (
            ("a capital letter", has_caseless or any(sign.isupper() for sign in password)),
            ("a small letter", has_caseless or any(sign.islower() for sign in password)),
            ("a digit", any(sign.isdigit() for sign in password)),
        )
        if not found
    ]
    if missing:
        raise WeakPasswordError(
            f"the password needs {' and '.join(missing)}, or at least {LONG_ENOUGH_TO_BE_PLAIN} characters",
            Complaint(ComplaintCode.PASSWORD_PLAIN, {"bound": LONG_ENOUGH_TO_BE_PLAIN}),
        )


async def hashed(password: str) -> bytes:
    """The bcrypt hash, made in a worker thread: it takes about a quarter of a second on purpose."""
    return await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt(COST))


async def matches(password: str, password_hash: bytes | None) -> bool:
    """Whether the password is the hash's, in a worker thread.

    NO_PASSWORD is no password's, and None, for a user that is not there, neither; both take as long.
    """
    secret = password.encode()
    if len(secret) > LONGEST_BYTES or password_hash == NO_PASSWORD:
        secret, password_hash = secret[:LONGEST_BYTES], None
    same = await asyncio.to_thread(bcrypt.checkpw, secret, password_hash or NOBODY)
    return same and password_hash is not None
