"""pydantic's errors in our words: what was written, and what is allowed."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from stripchart.profiles.problem import NOTHING, Findings, Place, did_you_mean, shown, step
from stripchart.profiles.schema import FORMS, ProfileForm
from stripchart.profiles.source import plain_value
from stripchart.profiles.values import Form

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": "a list (lines that start with '- ')",
    "dict_type": "a mapping (lines of 'field: value')",
    "model_type": "a mapping (lines of 'field: value')",
    "tuple_type": "[low, high], null for an open end",
}


def note_all(error: ValidationError, data: object, findings: Findings) -> None:
    """Put every error of a validation into the findings, at the place where it was written."""
    for detail in error.errors(include_url=False):
        findings.add(_place(detail, data), _message(detail))


def _place(detail: ErrorDetails, data: object) -> Place:
    """The place in the file: without the names that pydantic puts in for the branches of a union."""
    place: list[str | int] = []
    here = data
    for part in detail["loc"]:
        inner = step(here, part)
        if inner is not NOTHING:
            here = inner
            place.append(part)
    if detail["type"] == "missing":
        place.append(detail["loc"][-1])
    return tuple(place)


def _message(detail: ErrorDetails) -> str:
    kind, value, loc = detail["type"], detail["input"], detail["loc"]
    context = detail.get("ctx", {})
    match kind:
        case "missing":
            said = _missing(loc)
        case "extra_forbidden":
            said = f"not a field here; {did_you_mean(str(loc[-1]), _form_at(loc[:-1]).model_fields)}"
        case "enum" | "literal_error":
            allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            said = f"{shown(value)} is not known; {did_you_mean(str(value), allowed)}"
        case "too_long" | "string_too_long":
            said = f"too long; allowed are {context['max_length']} {_counted(kind)}"
        case "too_short" | "string_too_short":
            said = "empty; at least one is needed"
        case _ if kind in _WANTED:
            said = f"{shown(value)}: allowed is {_WANTED[kind]}{_quotes(kind, value)}"
        case _:
            said = detail["msg"]
    return said


def _quotes(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return "; put it in quotes"
    is_number = isinstance(value, str) and not isinstance(plain_value(value), str)
    return " without quotes" if is_number and kind in {"int_type", "float_type", "bool_type"} else ""


def _missing(loc: tuple[str | int, ...]) -> str:
    if isinstance(loc[-1], int):
        return f"an end is missing; allowed is {_WANTED['tuple_type']}"
    needed = [name for name, field in _form_at(loc[:-1]).model_fields.items() if field.is_required()]
    return f"missing; needed {'is' if len(needed) == 1 else 'are'} {', '.join(needed)}"


def _counted(kind: str) -> str:
    return "characters" if kind.startswith("string") else "entries"


def _form_at(loc: tuple[str | int, ...]) -> type[Form]:
    for part in reversed(loc):
        if isinstance(part, str) and part in FORMS:
            return FORMS[part]
    return ProfileForm
