"""Acquaintance: what a device says of itself, held against its profile and against our clock. Pure."""

from collections.abc import Sequence

import numpy as np

from stripchart.drivers.base import Notice, SetupError
from stripchart.drivers.modbus.device_clock import clock_notice
from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.facts import Facts
from stripchart.model.point import text_in
from stripchart.model.profile import Profile
from stripchart.model.ranges import NumberOf
from stripchart.model.sample import PointIds, SampleBatch, Values


class Acquaintance:
    """Of one device. `notices`: what was not right when it was looked at last."""

    def __init__(self, profile: Profile, point_ids: PointIds) -> None:
        self.notices: tuple[Notice, ...] = ()
        self._profile, self._ids = profile, point_ids
        self._place_of = {point.key: place for place, point in enumerate(profile.points)}
        self._known: dict[str, float] = {}

    def stranger(self, current: Values) -> SetupError | None:
        """Why the device is not to be read on, by the values of all points: it is not what its profile is for.

        What cannot be read just now is as it was.
        """
        for identity in self._profile.expected:
            value = float(current[self._place_of[identity.point]])
            if not np.isnan(value):
                self._known[identity.point] = value
        reason = mismatch(self._profile, self._known.get)
        return SetupError(f"not read: {reason.words}", cause=reason.cause) if reason else None

    def unread(self, known: Sequence[PointIds], now_ms: int) -> SampleBatch:
        """Of a stranger, nothing but what is known is read."""
        rest = np.setdiff1d(self._ids, np.concatenate([np.empty(0, self._ids.dtype), *known]))
        return SampleBatch.all_bad(rest, now_ms)

    def look(self, batch: SampleBatch, current: Values) -> None:
        """Compare the clock, when the batch has it."""
        clock = self._profile.clock
        if clock is None:
            return
        places = [self._place_of[key] for key in clock.parts]
        rows = np.flatnonzero(batch.point_id == self._ids[places[-1]])
        parts = current[places]
        if not len(rows) or np.isnan(parts).any():
            return
        notice = clock_notice(parts.tolist(), int(batch.at_ms[rows[0]]), clock.tolerance_s)
        self.notices = () if notice is None else (notice,)


def mismatch(profile: Profile, number_of: NumberOf) -> Why | None:
    """Why the device is not, or is not known to be, what the profile is for; None when it is."""
    for identity in profile.expected:
        value = number_of(identity.point)
        if value is None:
            words = f"what it is ({identity.point!r}) is not known"
            return Why(words, Cause(CauseCode.UNIDENTIFIED, {"point": identity.point}))
        if value not in identity.values:
            allowed = ", ".join(f"{each:g}" for each in identity.values)
            name = text_in(profile.point(identity.point).name, "en").lower()
            words = (
                f"its {name} is {value:g}, and the profile {profile.key!r} is for {allowed}; choose another profile"
            )
            facts: Facts = {"point": identity.point, "value": value, "profile": profile.key, "allowed": allowed}
            return Why(words, Cause(CauseCode.OTHER_DEVICE, facts))
    return None
