"""Complaint: what is wrong with a value that was given, by code and facts, for those who word it themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stripchart.model.facts import Facts


class ComplaintCode(StrEnum):
    """Every complaint that has a code; facts are named in brackets."""

    REQUIRED = "required"
    UNKNOWN_FIELD = "unknown_field"
    NUMBER = "number"
    """It is no number."""
    WHOLE_NUMBER = "whole_number"
    BOOLEAN = "boolean"
    TEXT = "text"
    """It is no text."""
    TIME = "time"
    """It is no time (ISO 8601)."""
    CHOICE = "choice"
    """It is none of what is `allowed`, if that is said."""
    LEAST = "least"
    """It is less than `bound`."""
    MOST = "most"
    ABOVE = "above"
    """It must be greater than `bound`."""
    BELOW = "below"
    RANGE = "range"
    """It is not within `low` to `high` (`unit`)."""
    STEPS = "steps"
    """The point holds `low` to `high` in steps of `step`."""
    ABOVE_FIELD = "above_field"
    """It must be greater than `other`, which is `bound`."""
    BELOW_FIELD = "below_field"
    """It must not be more than `other`, which is `bound`."""
    SHORTEST = "shortest"
    """It has fewer than `bound` characters or entries."""
    LONGEST = "longest"
    LENGTH = "length"
    """It does not have `low` to `high` characters."""
    SPACES = "spaces"
    """It begins or ends with spaces."""
    CONTROL_CHARACTERS = "control_characters"
    CHARACTERS = "characters"
    """It has characters that are not allowed there."""
    USERNAME = "username"
    """It has other characters than letters, digits, _, - and dots."""
    PASSWORD_SHORT = "password_short"  # noqa: S105
    """It has fewer than `bound` characters."""
    PASSWORD_LONG = "password_long"  # noqa: S105
    """It has more than `bound` bytes."""
    PASSWORD_NAME = "password_name"  # noqa: S105
    """It holds the user name."""
    PASSWORD_PLAIN = "password_plain"  # noqa: S105
    """It lacks a capital letter, a small letter or a digit, and has fewer than `bound` characters."""
    ZONE = "zone"
    """It is no IANA time zone."""
    PATH = "path"
    """It is no absolute path."""
    FOLDER = "folder"
    """It is no folder, or one within the data (`data`), where it must not be."""
    CRON = "cron"
    """It is not five fields of cron."""
    CRON_NEVER = "cron_never"
    """This time never comes."""
    LINK = "link"
    """It is no link address."""
    HOST = "host"
    """It is no host name or address."""
    TAKEN = "taken"
    """Another one has it."""
    GONE = "gone"
    """There is no such thing, or there is none any more."""
    IN_USE = "in_use"
    """Others depend on it (`devices`: how many)."""
    TWICE = "twice"
    """Something is named twice."""
    NO_SAMPLES = "no_samples"
    """The `point` is a text, which has no samples and no thresholds."""
    LIMIT_REACHED = "limit_reached"
    """There may be `most` of them."""
    NOT_WRITABLE = "not_writable"
    """Its profile does not let the `point` be written."""
    UNFIT = "unfit"
    """The `point` cannot hold it."""
    BAD_FILE = "bad_file"
    """The file of this name has errors; the first is in `said`."""
    OTHER = "other"
    """There are only words."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """`facts` by name, as `ComplaintCode` says."""

    code: ComplaintCode = ComplaintCode.OTHER
    facts: Facts = field(default_factory=dict, hash=False)


GONE = Complaint(ComplaintCode.GONE)
NO_ZONE = Complaint(ComplaintCode.ZONE)


def span(low: float | None, high: float | None, unit: str = "") -> Complaint:
    """A number must be from `low` to `high`; None: there is no such end."""
    ends: Mapping[str, float | None]
    if low is not None and high is not None:
        code, ends = ComplaintCode.RANGE, {"low": low, "high": high}
    else:
        code, ends = (ComplaintCode.LEAST, {"bound": low}) if high is None else (ComplaintCode.MOST, {"bound": high})
    return Complaint(code, {**ends, **({"unit": unit} if unit else {})})
