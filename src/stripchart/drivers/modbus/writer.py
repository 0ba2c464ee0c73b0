"""Writing one value: look, write, and look again until the device shows it or the time is over.

Nothing is sent twice because its answer was lost: the device is asked what it has, and only where the profile says
that a write may be repeated is it sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeGuard

from stripchart.drivers.base import DriverError, RefusedError
from stripchart.drivers.modbus.acquaintance import mismatch
from stripchart.drivers.modbus.glance import OperatedUnit, Seen, look_at, scale_source
from stripchart.drivers.modbus.key_press import press
from stripchart.drivers.modbus.write_request import Request, point_request, register_request, says, words_for
from stripchart.model.cause import Why
from stripchart.model.encode import Value
from stripchart.model.facts import Facts
from stripchart.model.order import WriteResult, Written
from stripchart.model.point import DataType, Needed, Point, Writable, text_in
from stripchart.model.sample import SampleBatch
from stripchart.model.wanted import NotAllowedError, check_scaled

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 1.0
_ACKNOWLEDGED = 5
"""The exception of a device that has begun, and needs long (Modbus Application Protocol V1.1b3, clause 7)."""


class ModbusWriter:
    """An operator's hand on one device. Calls are made one after another."""

    def __init__(self, unit: OperatedUnit, *, release: Callable[[], Awaitable[None]]) -> None:
        self._unit = unit
        self._release = release

    async def look(self, key: str) -> Value:
        """What the point says now; None when it says nothing. Raises DriverError."""
        return (await look_at(self._unit, [key], attempts=self._attempts)).values[key]

    async def write(self, key: str, value: float | str) -> Written:
        """Write a value that `wanted_value` has let pass. Failures of the device are in the result, never raised."""
        point = self._unit.profile.point(key)
        writable = point.writable
        if writable is None:
            raise ValueError(f"point {key!r} may not be written")
        watched = [key, writable.needs.point] if writable.needs else [key]
        watched += self._identities
        try:
            before = await look_at(self._unit, watched, attempts=self._attempts)
        except DriverError as error:
            return _unread("written", error)
        hindrance = _hindrance(self._unit, point, before)
        if hindrance is not None:
            return replace(hindrance, old=before.values[key])
        try:
            plan = _planned(point, value, before)
        except NotAllowedError as error:
            return Written(WriteResult.REFUSED, before.values[key], message=str(error))
        return await self._carry_out(plan, writable, before.values[key])

    async def command(self, key: str) -> Written:
        """Do a command of the profile. Failures of the device are in the result, never raised."""
        command = self._unit.profile.commands[key]
        expected = command.expected
        watched = [each.point for each in (command.needs, expected) if each is not None] + self._identities
        try:
            before = await look_at(self._unit, watched, attempts=self._attempts) if watched else None
        except DriverError as error:
            return _unread("sent", error)
        old = before.number(expected.point) if before and expected else None
        stranger = mismatch(self._unit.profile, before.number) if before else None
        if stranger is not None:
            return replace(_strange("sent", stranger), old=old)
        if command.needs is not None and before is not None and not _holds(command.needs, before):
            return replace(_wish(self._unit, command.needs, before), old=old)
        trouble = await press(self._unit, command.steps)
        if _is_refusal(trouble):
            return _refused(trouble, old)
        if expected is None:
            return _unshown(trouble)
        found = await self._watch(
            [expected.point], lambda seen: expected.is_met(old, seen.number(expected.point)), expected.within_s
        )
        return _outcome(found, trouble, old, expected.point)

    async def aclose(self) -> None:
        """Give the link back."""
        await self._release()

    @property
    def _identities(self) -> list[str]:
        """What shows that the device is what it is taken for: another one would take the same write for something
        else."""
        return [identity.point for identity in self._unit.profile.expected]

    @property
    def _attempts(self) -> int:
        """Reading may be repeated."""
        return 1 + self._unit.profile.pacing.retries

    async def _carry_out(self, plan: "_Plan", writable: Writable, old: Value) -> Written:
        key = plan.point.key
        for attempt in range(self._attempts if writable.repeatable else 1):
            if attempt:
                await asyncio.sleep(self._unit.profile.pacing.pause_before_retry_s)
            trouble = await self._send(plan.requests)
            if _is_refusal(trouble):
                return _refused(trouble, old)
            await asyncio.sleep(writable.settle_s)
            found = await self._watch([key], plan.is_shown_by, writable.verify_s)
            if found.is_met or trouble is None:
                break
        return _outcome(found, trouble, old, key)

    async def _send(self, requests: list[Request]) -> DriverError | None:
        """Send them one after another. What went wrong with the first that did, None when all were confirmed."""
        for block, request in requests:
            try:
                await self._unit.link.write(self._unit.unit_id, block, self._unit.profile.pacing, request)
            except DriverError as error:
                return error
        return None

    async def _watch(self, keys: list[str], is_met: Callable[[Seen], bool], limit_s: float) -> "_Found":
        """Look until it is as wanted, more and more seldom; once at least, and once when the time is over."""
        now = asyncio.get_running_loop().time
        until_s, pause_s = now() + limit_s, _FIRST_PAUSE_S
        found = _Found()
        while True:
            last = now() >= until_s
            try:
                seen = await look_at(self._unit, keys)
                found = _Found(seen, is_met(seen))
            except DriverError as error:
                found = _Found(found.seen, error=error)
            if found.is_met or last:
                return found
            await asyncio.sleep(min(pause_s, max(until_s - now(), 0.0)))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read back last, whether that is as wanted, and why nothing was (any more)."""

    seen: Seen | None = None
    is_met: bool = False
    error: DriverError | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is sent, and what is to be read back after it."""

    point: Point
    value: float | str
    words: tuple[int, ...]
    requests: list[Request]

    def is_shown_by(self, seen: Seen) -> bool:
        read = seen.values[self.point.key]
        if self.point.type is DataType.STRING:
            return read == str(self.value).strip()
        tolerance = self.point.writable.tolerance if self.point.writable else 0.0
        if tolerance:
            return isinstance(read, float) and abs(read - float(self.value)) <= tolerance * (1 + 1e-9)
        return says(self.point, seen.words[self.point.key], self.words)


def _hindrance(unit: OperatedUnit, point: Point, before: Seen) -> Written | None:
    """Why the device would not obey now, or not be understood."""
    writable = point.writable
    stranger = mismatch(unit.profile, before.number)
    if stranger is not None:
        return _strange("written", stranger)
    if writable is not None and writable.needs is not None and not _holds(writable.needs, before):
        return _wish(unit, writable.needs, before)
    source = scale_source(point)
    if source and before.number(source) is None:
        message = f"not written, because {source!r}, by which {point.key!r} is scaled, has no value now"
        return Written(WriteResult.REFUSED, message=message, code="no_scale", facts={"point": source})
    return None


def _planned(point: Point, value: float | str, before: Seen) -> _Plan:
    """Raises NotAllowedError when the value does not fit its scale of now."""
    writable = point.writable
    source = scale_source(point)
    other = before.number(source) if source else None
    check_scaled(point, value, other)
    words = words_for(point, value, other, before.words[point.key])
    requests = [register_request(*writable.unlock)] if writable is not None and writable.unlock else []
    return _Plan(point, value, words, [*requests, point_request(point, words)])


def _is_refusal(trouble: DriverError | None) -> TypeGuard[RefusedError]:
    """Whether the device itself said no, and so has not done it."""
    return isinstance(trouble, RefusedError) and not trouble.is_of_gateway and trouble.code != _ACKNOWLEDGED


def _holds(needed: Needed, seen: Seen) -> bool:
    return seen.number(needed.point) == needed.equals


def _unread(what: str, error: DriverError) -> Written:
    message = f"not {what}, because it could not be read before: {error}"
    return Written(WriteResult.FAILED, message=message, code="unread_before", facts=_cause_of(error))


def _strange(what: str, stranger: Why) -> Written:
    words, cause = stranger
    message = f"not {what}: {words}"
    return Written(WriteResult.REFUSED, message=message, code="other_device", facts=cause.told(words))


def _refused(trouble: DriverError, old: Value) -> Written:
    return Written(WriteResult.REFUSED, old, message=str(trouble), code="refused", facts=_cause_of(trouble))


def _cause_of(trouble: DriverError) -> Facts:
    return trouble.cause.told(str(trouble))


def _unshown(trouble: DriverError | None) -> Written:
    """Of a command whose effect no point shows."""
    if trouble is not None:
        return Written(WriteResult.FAILED, message=str(trouble), code="failed", facts=_cause_of(trouble))
    message = "confirmed by the device; none of its points would show it"
    return Written(WriteResult.NOT_VERIFIED, message=message, code="nothing_shows_it")


def _wish(unit: OperatedUnit, needed: Needed, seen: Seen) -> Written:
    """What must be true first, in the profile's own words."""
    point = unit.profile.point(needed.point)
    now = seen.number(needed.point)
    is_now = "has no value" if now is None else f"is {_named(point, now)}"
    message = f"not written: {needed.point!r} must be {_named(point, needed.equals)} first, and it {is_now}"
    facts: Facts = {"point": needed.point, "equals": needed.equals, "now": now}
    return Written(WriteResult.REFUSED, message=message, code="precondition", facts=facts)


def _named(point: Point, value: float) -> str:
    label = point.labels.get(int(value)) if value == int(value) else None
    return f"{value:g} ({text_in(label, 'en')})" if label else f"{value:g}"


def _outcome(found: _Found, trouble: DriverError | None, old: Value, key: str) -> Written:
    seen = found.seen
    new = seen.values[key] if seen else None
    samples = seen.samples if seen else SampleBatch.empty()
    if found.is_met:
        return Written(WriteResult.VERIFIED, old, new, "", samples)
    if trouble is not None:
        state = f"it still shows {new}" if seen else f"whether it was done is not known: {found.error}"
        code = "failed" if seen else "failed_unknown"
        return Written(WriteResult.FAILED, old, new, f"{trouble}; {state}", samples, code, _cause_of(trouble))
    if seen is None:
        message = f"the device confirmed it, but could not be read afterwards: {found.error}"
        facts = _cause_of(found.error) if found.error else {}
        return Written(WriteResult.NOT_VERIFIED, old, new, message, samples, "unread_after", facts)
    message = "the device confirmed it, but does not show it"
    return Written(WriteResult.NOT_VERIFIED, old, new, message, samples, "not_shown")
