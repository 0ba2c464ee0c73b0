"""The profile of a device that has none: its own point, built like one of a file."""

import json
from dataclasses import replace
from functools import lru_cache

from stripchart.model.own_point import OWN_KEY, OwnPoint
from stripchart.model.profile import Pacing, Profile
from stripchart.profiles.load import parse_profile

_NAME = {"en": "Value", "zh": "数值", "ru": "Значение"}


@lru_cache(maxsize=10_000)
def own_profile(own: OwnPoint, pacing: Pacing) -> Profile:
    """A profile with this point alone; the same object for the same point. Raises ProfileError."""
    point = {
        "key": OWN_KEY,
        "name": _NAME,
        "table": "holding",
        "address": own.address,
        "type": str(own.type),
        "word_order": str(own.word_order),
        "unit": own.unit,
    }
    form = {"profile": "own", "name": _NAME, "kind": "register", "overview": [OWN_KEY], "points": [point]}
    return replace(parse_profile(json.dumps(form), own.profile, pacing), key=own.profile)
