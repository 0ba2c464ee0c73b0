"""Answers from the cache as bytes, made once for all who ask until there is something new."""

import re
from dataclasses import dataclass

import orjson
from fastapi.routing import APIRoute

from stripchart.api.latest_answers import Answer
from stripchart.api.parts import Parts
from stripchart.api.t3000.beside import Beside
from stripchart.api.t3000.cache import HitRates, Known, known_of
from stripchart.api.t3000.envelope import Source, wrapped
from stripchart.api.t3000.rows import point_rows
from stripchart.api.t3000.words import PointWords
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.point_address import PointAddress, PointAddressError, parse_point_type
from stripchart.pipeline.latest import NEVER_MS

_MOMENT_NS = 250_000_000
"""How far ages in an answer may be off."""
_MOST_BYTES = 16 * 2**20
"""Of answers that are kept; a plant that is asked for more than this within a moment is encoded anew."""
_ANSWER_BYTES = 500
"""What an answer takes beside its text."""


@dataclass(slots=True)
class _Kept:
    """`hits` of the `asked` values were fresh."""

    entry: RosterEntry
    answer: Answer
    hits: int
    asked: int


class Cache:
    """What devices said last, as answers, and how often that was fresh enough."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._kept: dict[tuple[DeviceId, int | None], _Kept] = {}
        self._bytes = 0
        self.rates, self.words, self._beside = HitRates(), PointWords(), Beside()

    def device(self, entry: RosterEntry) -> Answer:
        """All that is known of a device."""
        kept = self._found(entry, None)
        if kept is None:
            known = self.known(entry, None)
            kept = self._keep(None, self._of_device(entry, known))
        self.note(entry, kept.hits, kept.asked)
        return kept.answer

    def point(self, entry: RosterEntry, place: int) -> Answer | None:
        """A point while it is fresh; None: the device has to be asked. Counted only if it is."""
        kept = self._found(entry, place)
        if kept is None:
            known = self.known(entry, [place])
            if not known.is_hit[0]:
                return None
            made = Answer(self.told(entry, place, known, Source.CACHE, None), self._stamp(), self._now_ns())
            kept = self._keep(place, _Kept(entry, made, 1, 1))
        self.note(entry, 1, 1)
        return kept.answer

    def note(self, entry: RosterEntry, hits: int, asked: int) -> None:
        """So many values of the device were asked for, and so many of them fresh."""
        self.rates.note(entry.device.id, hits, asked, self._now_ns() / 1e9)

    def known(self, entry: RosterEntry, places: list[int] | None) -> Known:
        parts = self._parts
        return known_of(parts.pipeline.latest, entry, places, parts.clock.now_ms(), parts.data.cache.duration_s)

    def beside(self, entry: RosterEntry, place: int) -> list[str]:
        """The points that are read with this one at no cost."""
        if entry.profile is None:
            return []
        known = self._parts.pipeline.latest.values(entry.point_ids, self._parts.clock.now_ms())
        return self._beside.keys(entry.profile, place, known.at_ms)

    def told(self, entry: RosterEntry, place: int, known: Known, source: Source, problem: str | None) -> bytes:
        """One point, in the envelope; `problem`: why the device could not be asked."""
        row = point_rows(entry, [self.words.of(self._parts, entry)[place]], known)
        return wrapped(row[:-1] + b',"device_error":' + orjson.dumps(problem) + b"}", source)

    def _of_device(self, entry: RosterEntry, known: Known) -> _Kept:
        total, fresh = len(known.value), int(known.is_fresh.sum())
        stats = {
            "total_points": total,
            "fresh_points": fresh,
            "stale_points": total - fresh,
            "cache_hit_rate": self.rates.with_(entry.device.id, fresh, total),
        }
        head = b'{"device_id":%d,"points":[' % entry.device.id
        updated_s = int(known.at_ms.max(initial=NEVER_MS)) // 1000
        tail = b'],"last_updated":%d,"cache_stats":%b}' % (updated_s, orjson.dumps(stats))
        body = head + point_rows(entry, self.words.of(self._parts, entry), known) + tail
        return _Kept(entry, Answer(wrapped(body, Source.CACHE), self._stamp(), self._now_ns()), fresh, total)

    def _found(self, entry: RosterEntry, place: int | None) -> _Kept | None:
        kept = self._kept.get((entry.device.id, place))
        if kept is None or kept.entry is not entry or kept.answer.stamp != self._stamp():
            return None
        return kept if self._now_ns() - kept.answer.at_ns < _MOMENT_NS else None

    def _keep(self, place: int | None, kept: _Kept) -> _Kept:
        self._bytes += len(kept.answer.data) + _ANSWER_BYTES
        if self._bytes > _MOST_BYTES:
            self._kept.clear()
            self._bytes = 0
        self._kept[kept.entry.device.id, place] = kept
        return kept

    def _stamp(self) -> tuple[object, ...]:
        return (self._parts.pipeline.latest.revision,)

    def _now_ns(self) -> int:
        return self._parts.clock.monotonic_ns()


class DataOfDevice:
    """The shortcut to all that is known of a device."""

    path = re.compile(r"/api/device/([1-9][0-9]{0,8})/data")

    def __init__(self, route: APIRoute, parts: Parts, cache: Cache) -> None:
        self.route, self._parts, self._cache = route, parts, cache

    def answer(self, asked: re.Match[str]) -> Answer | None:
        entry = self._parts.roster.get(DeviceId(int(asked[1])))
        return None if entry is None else self._cache.device(entry)


class DataOfPoint:
    """The shortcut to a point while it is fresh."""

    path = re.compile(r"/api/device/([1-9][0-9]{0,8})/point/([0-9A-Za-z_]{1,20})/([0-9]{1,15})")

    def __init__(self, route: APIRoute, parts: Parts, cache: Cache) -> None:
        self.route, self._parts, self._cache = route, parts, cache

    def answer(self, asked: re.Match[str]) -> Answer | None:
        entry = self._parts.roster.get(DeviceId(int(asked[1])))
        if entry is None:
            return None
        try:
            place = entry.book.place_at.get(PointAddress(parse_point_type(asked[2]), int(asked[3])))
        except PointAddressError:
            return None
        return None if place is None else self._cache.point(entry, place)
