"""Causes as answers show them: beside the words, for those who put them into words of their own."""

from pydantic import BaseModel

from stripchart.model.cause import Cause, CauseCode


class CauseOut(BaseModel):
    """Why something fails, by code and facts; docs/causes.md lists them. `other`: there are only the words."""

    code: CauseCode
    facts: dict[str, float | str | None]


def caused(cause: Cause) -> CauseOut:
    return CauseOut(code=cause.code, facts=dict(cause.facts))


def cause_out(cause: Cause | None) -> CauseOut | None:
    return None if cause is None else caused(cause)


def cause_json(cause: Cause | None) -> dict[str, object] | None:
    """The same as a plain dict."""
    return None if cause is None else cause.to_json()
