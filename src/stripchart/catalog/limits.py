"""What the fields of sites and devices may hold."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from stripchart.catalog.errors import InvalidValueError
from stripchart.catalog.records import NewDevice, NewSite
from stripchart.model.alarm import ThresholdError, check_thresholds
from stripchart.model.complaint import NO_ZONE, Complaint, ComplaintCode, span
from stripchart.model.device import AddressError, check_unit
from stripchart.model.own_point import OWN_TYPES, OwnPoint

CODE_LENGTH = 20
NAME_LENGTH = 100
DESCRIPTION_LENGTH = 500
PROFILE_LENGTH = 100
POINT_KEY_LENGTH = 100
SHORTEST_INTERVAL_S = 1
LONGEST_INTERVAL_S = 3600
WIDEST_DEADBAND = 1e12
LONGEST_HEARTBEAT_S = 86_400
LONGEST_RETENTION_DAYS = 36_500
SHORTEST_USERNAME = 3
USERNAME_LENGTH = 50
UNIT_LENGTH = 20
ZONE_LENGTH = 64
WIDEST_BOUND = 1e15


def folded(text: str) -> str:
    """The text as it is compared: 'Котёл 1' and 'КОТЁЛ 1' are one name, however they were typed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def check_site(site: NewSite) -> None:
    """Raises InvalidValueError naming the first field that is not allowed."""
    check_text("code", site.code, CODE_LENGTH)
    check_text("name", site.name, NAME_LENGTH)
    check_text("description", site.description, DESCRIPTION_LENGTH, shortest=0)
    check_zone(site.zone)


def check_device(device: NewDevice) -> None:
    """Raises InvalidValueError naming the first field that is not allowed."""
    check_text("name", device.name, NAME_LENGTH)
    check_text("description", device.description, DESCRIPTION_LENGTH, shortest=0)
    if device.own is None:
        check_text("profile", device.profile, PROFILE_LENGTH)
    else:
        _check_own(device.own, device.profile)
    try:
        check_unit(device.link.framing, device.unit_id)
    except AddressError as error:
        raise InvalidValueError(str(error), "unit_id", error.complaint) from error
    if not SHORTEST_INTERVAL_S <= device.interval_s <= LONGEST_INTERVAL_S:
        allowed = f"{SHORTEST_INTERVAL_S} to {LONGEST_INTERVAL_S} seconds"
        wrong = span(SHORTEST_INTERVAL_S, LONGEST_INTERVAL_S)
        raise InvalidValueError(f"interval_s {device.interval_s:g}: allowed are {allowed}", "interval_s", wrong)
    _check_number("retention_days", device.retention_days, 0, LONGEST_RETENTION_DAYS)
    check_keys(list(device.records))
    for key, rule in device.records.items():
        _check_number(f"records.{key}.deadband", rule.deadband, 0, WIDEST_DEADBAND)
        _check_number(f"records.{key}.heartbeat_s", rule.heartbeat_s, 1, LONGEST_HEARTBEAT_S)
    check_keys(list(device.thresholds))
    for key, thresholds in device.thresholds.items():
        for name, bound in thresholds.bounds.items():
            _check_number(f"thresholds.{key}.{name}", bound, -WIDEST_BOUND, WIDEST_BOUND)
        try:
            check_thresholds(thresholds)
        except ThresholdError as error:
            raise InvalidValueError(str(error), f"thresholds.{key}.{error.field}", error.complaint) from error


def check_username(username: str) -> None:
    """Raises InvalidValueError unless it is 3 to 50 letters, digits, underscores, hyphens and dots."""
    check_text("username", username, USERNAME_LENGTH, shortest=SHORTEST_USERNAME)
    if not all(sign.isalnum() or sign in "_-." for sign in username):
        wrong = Complaint(ComplaintCode.USERNAME)
        raise InvalidValueError("username: allowed are letters, digits, _, - and .", "username", wrong)


def check_name(name: str) -> None:
    """Raises InvalidValueError unless it is 1 to 100 characters."""
    check_text("name", name, NAME_LENGTH)


def check_group(name: str, description: str) -> None:
    """Raises InvalidValueError naming the first field that is not allowed."""
    check_text("name", name, NAME_LENGTH)
    check_text("description", description, DESCRIPTION_LENGTH, shortest=0)


def check_zone(zone: str) -> str:
    """The zone, or InvalidValueError unless it is one of the IANA time zones."""
    if zone not in _zones():
        message = f"zone {zone!r}: allowed are IANA time zones, such as Europe/Berlin"
        raise InvalidValueError(message, "zone", NO_ZONE)
    return zone


@cache
def _zones() -> frozenset[str]:
    """Asked once: Python looks at every file of the time zone database to tell them."""
    return frozenset(available_timezones())


def check_keys(keys: Sequence[str]) -> None:
    """Raises InvalidValueError naming the first point key that is not allowed."""
    for key in keys:
        if not 1 <= len(key) <= POINT_KEY_LENGTH:
            message = f"key {key!r}: allowed are 1 to {POINT_KEY_LENGTH} characters"
            raise InvalidValueError(message, "key", _length(1, POINT_KEY_LENGTH))


def _check_own(own: OwnPoint, profile: str) -> None:
    if profile:
        raise InvalidValueError("profile: a device has a profile or a point of its own, not both", "profile")
    if own.type not in OWN_TYPES:
        raise InvalidValueError(f"own.type {own.type}: allowed are {', '.join(sorted(OWN_TYPES))}", "own.type")
    _check_number("own.address", own.address, 0, 65_536 - own.type.registers)
    check_text("own.unit", own.unit, UNIT_LENGTH, shortest=0)


def _check_number(field: str, number: float, least: float, most: float) -> None:
    if not least <= number <= most:
        raise InvalidValueError(f"{field} {number:g}: allowed are {least:g} to {most:g}", field, span(least, most))


def _length(shortest: int, longest: int) -> Complaint:
    return Complaint(ComplaintCode.LENGTH, {"low": shortest, "high": longest})


def check_text(field: str, text: str, longest: int, *, shortest: int = 1) -> None:
    if not shortest <= len(text) <= longest:
        message = f"{field}: {len(text)} characters; allowed are {shortest} to {longest}"
        raise InvalidValueError(message, field, _length(shortest, longest))
    if text != text.strip():
        message, wrong = (
            f"{field}: spaces at the beginning or the end are not allowed",
            Complaint(ComplaintCode.SPACES),
        )
        raise InvalidValueError(message, field, wrong)
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in text):
        wrong = Complaint(ComplaintCode.CONTROL_CHARACTERS)
        raise InvalidValueError(f"{field}: control characters are not allowed", field, wrong)
