"""Complaints as answers show them: what is wrong with a field, in words, by code and with its figures."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.facts import Facts

_CODES = {
    "missing": ComplaintCode.REQUIRED,
    "extra_forbidden": ComplaintCode.UNKNOWN_FIELD,
    "greater_than_equal": ComplaintCode.LEAST,
    "less_than_equal": ComplaintCode.MOST,
    "greater_than": ComplaintCode.ABOVE,
    "less_than": ComplaintCode.BELOW,
    "string_too_short": ComplaintCode.SHORTEST,
    "too_short": ComplaintCode.SHORTEST,
    "string_too_long": ComplaintCode.LONGEST,
    "too_long": ComplaintCode.LONGEST,
    "enum": ComplaintCode.CHOICE,
    "literal_error": ComplaintCode.CHOICE,
    "float_parsing": ComplaintCode.NUMBER,
    "float_type": ComplaintCode.NUMBER,
    "finite_number": ComplaintCode.NUMBER,
    "int_parsing": ComplaintCode.WHOLE_NUMBER,
    "int_parsing_size": ComplaintCode.WHOLE_NUMBER,
    "int_from_float": ComplaintCode.WHOLE_NUMBER,
    "int_type": ComplaintCode.WHOLE_NUMBER,
    "bool_parsing": ComplaintCode.BOOLEAN,
    "bool_type": ComplaintCode.BOOLEAN,
    "string_type": ComplaintCode.TEXT,
    "datetime_parsing": ComplaintCode.TIME,
    "datetime_from_date_parsing": ComplaintCode.TIME,
    "datetime_type": ComplaintCode.TIME,
    "timezone_aware": ComplaintCode.TIME,
    "ip_v4_address": ComplaintCode.HOST,
    "string_pattern_mismatch": ComplaintCode.CHARACTERS,
}
"""Of the types of pydantic's errors: those of what a request may hold."""

_BOUNDS = ("ge", "le", "gt", "lt", "min_length", "max_length")


class FieldErrorOut(BaseModel):
    """`code` and `facts` say the same as `message`; docs/causes.md lists them. `other`: there are only the words."""

    field: str
    message: str
    code: ComplaintCode
    facts: dict[str, float | str | None]


def about(field: str, message: str, complaint: Complaint | None = None) -> FieldErrorOut:
    """What is wrong with the field."""
    known = complaint or Complaint()
    return FieldErrorOut(field=field, message=message, code=known.code, facts=dict(known.facts))


def complaint_of(problem: Mapping[str, Any]) -> Complaint:
    """What pydantic found. An error that a check of ours raised may have a complaint of its own."""
    context = problem.get("ctx") or {}
    own = getattr(context.get("error"), "complaint", None)
    if isinstance(own, Complaint):
        return own
    code = _CODES.get(problem["type"])
    return Complaint() if code is None else Complaint(code, _facts(context))


def _facts(context: Mapping[str, Any]) -> Facts:
    bound = next((context[name] for name in _BOUNDS if name in context), None)
    if isinstance(bound, int | float):
        return {"bound": bound}
    return {"allowed": str(context["expected"])} if "expected" in context else {}
