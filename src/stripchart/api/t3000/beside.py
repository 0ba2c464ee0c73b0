"""Which points lie beside another, so that reading that one brings them too."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stripchart.model.profile import Profile
from stripchart.model.sample import Times
from stripchart.pipeline.latest import NEVER_MS

_MOST = 100
_MOST_PROFILES = 1000


@dataclass(frozen=True, slots=True)
class _Order:
    """Places of points by table and address; `joined`: whether the next one lies right behind, to be read with it."""

    profile: Profile
    places: Sequence[int]
    joined: Sequence[bool]
    rank_of: dict[int, int]

    @classmethod
    def of(cls, profile: Profile) -> "_Order":
        points = profile.points
        places = sorted(range(len(points)), key=lambda place: (points[place].table, points[place].address))
        joined = [_are_joined(profile, *pair) for pair in pairwise(places)]
        return cls(profile, places, [*joined, False], {place: rank for rank, place in enumerate(places)})


def _are_joined(profile: Profile, place: int, other: int) -> bool:
    """Only points of one read group that is read whatever else the device says."""
    one, next_ = profile.points[place], profile.points[other]
    if one.table is not next_.table or one.read != next_.read or profile.reads[one.read].when is not None:
        return False
    return next_.address <= one.end


class Beside:
    """Remembers the order of the points of each profile."""

    def __init__(self) -> None:
        self._orders: dict[str, _Order] = {}

    def keys(self, profile: Profile, place: int, at_ms: Times) -> list[str]:
        """The points that come with this one in the same request: those that were ever read, by `at_ms` of all."""
        order = self._order(profile)
        rank = order.rank_of[place]
        first, last = rank, rank
        while first > 0 and order.joined[first - 1] and self._fits(order, first - 1, last, at_ms):
            first -= 1
        while order.joined[last] and self._fits(order, first, last + 1, at_ms):
            last += 1
        return [profile.points[each].key for each in order.places[first : last + 1] if each != place]

    def _fits(self, order: _Order, first: int, last: int, at_ms: Times) -> bool:
        points, pacing = order.profile.points, order.profile.pacing
        one, end = points[order.places[first]], points[order.places[last]].end
        longest = pacing.max_bits if one.table.is_bits else pacing.max_registers
        were_read = at_ms[order.places[first]] != NEVER_MS and at_ms[order.places[last]] != NEVER_MS
        return bool(were_read) and last - first < _MOST and end - one.address <= longest

    def _order(self, profile: Profile) -> _Order:
        known = self._orders.get(profile.key)
        if known is None or known.profile is not profile:
            if len(self._orders) >= _MOST_PROFILES:
                self._orders.clear()
            known = self._orders[profile.key] = _Order.of(profile)
        return known
