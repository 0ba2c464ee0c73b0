"""Why a server cannot be asked is found in the error, or in those it came from."""

import errno

import pytest

from stripchart.model.cause import Cause, CauseCode
from stripchart.model.system_cause import server_cause


def caused_by(inner: Exception) -> Exception:
    try:
        try:
            raise inner
        except type(inner) as error:
            raise RuntimeError("away") from error
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ECONNREFUSED, "no"), "connection_refused"),
        (OSError(-2, "Name or service not known"), "unknown_host"),
        (OSError(errno.ENOENT, "No such file"), "system"),
        (TimeoutError(), "no_answer"),
        (caused_by(OSError(errno.EHOSTUNREACH, "no")), "unreachable"),
        (ValueError("odd"), "other"),
    ],
)
def test_the_cause_is_that_of_the_system(error: Exception, code: str) -> None:
    assert server_cause(error).code == code


def test_a_code_of_a_newer_version_is_no_error() -> None:
    assert Cause.of_json({"code": "moonshine", "facts": {"a": 1}}) == Cause(CauseCode.OTHER, {"a": 1})
    assert Cause.of_json(None) == Cause()
