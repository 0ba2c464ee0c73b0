"""How signing in fails.

AuthError
|- WrongPasswordError     unknown user or wrong password: nobody is told which
|- TooManyAttemptsError   wait before the next attempt
|- InvalidTokenError      no token, an expired one, a revoked one, or one of another kind
|- WeakPasswordError      the password breaks a rule; the message says which
|- SetUpError             the one-time link is used up or wrong
`- SecretError            the secret that signs tokens cannot be had
"""

from stripchart.model.complaint import Complaint


class AuthError(Exception):
    """Nobody was let in; nothing was changed. `code` says why, for those who word it themselves."""

    code = "not_let_in"


class WrongPasswordError(AuthError):
    """The name or the password is wrong."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("the user name or the password is wrong")


class TooManyAttemptsError(AuthError):
    """`wait_s`: seconds until the next attempt is looked at."""

    code = "too_many_attempts"

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"too many attempts; try again in {max(1, round(wait_s / 60))} min")
        self.wait_s = wait_s


class InvalidTokenError(AuthError):
    """The token is missing, expired, revoked, or not for this."""

    code = "invalid_token"


class WeakPasswordError(AuthError):
    """The new password breaks a rule; `complaint` says by code which."""

    code = "weak_password"

    def __init__(self, message: str, complaint: Complaint) -> None:
        super().__init__(message)
        self.complaint = complaint


class SetUpError(AuthError):
    """The owner cannot be made with this link."""

    code = "invalid_link"


class SecretError(AuthError):
    """The file with the signing secret is of no use."""
