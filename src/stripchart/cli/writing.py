"""A write from the command line: what is wanted, how it is asked, and how it is told."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import numpy as np

from stripchart.cli.failure import CommandError
from stripchart.cli.wording import shown_value
from stripchart.drivers.modbus.glance import OperatedUnit
from stripchart.drivers.modbus.links import Links
from stripchart.drivers.modbus.writer import ModbusWriter
from stripchart.model.device import LinkAddress
from stripchart.model.encode import Value
from stripchart.model.order import Written
from stripchart.model.point import Point, text_in
from stripchart.model.profile import Profile
from stripchart.model.time import SystemClock
from stripchart.model.wanted import NotAllowedError, wanted_value
from stripchart.profiles.problem import did_you_mean

Result = TypeVar("Result")


class Wish:
    """What is wanted, and how it is spoken of. Raises CommandError for what the profile does not allow."""

    def __init__(self, profile: Profile, key: str, value: str | None) -> None:
        self._profile, self._key = profile, key
        self._value: float | str | None = None
        if value is None:
            self._check_command()
            return
        try:
            self._value = wanted_value(self._writable_point(), value)
        except NotAllowedError as error:
            raise CommandError(str(error)) from error

    async def look(self, writer: ModbusWriter) -> Value:
        """What the device shows before; of a command nothing."""
        return None if self._value is None else await writer.look(self._key)

    async def do(self, writer: ModbusWriter) -> Written:
        if self._value is None:
            return await writer.command(self._key)
        return await writer.write(self._key, self._value)

    def question(self, old: Value) -> str:
        if self._value is None:
            command = self._profile.commands[self._key]
            return text_in(command.confirm or command.name, "en")
        return f"{self._key} is {self._shown(old)}; write {self._shown(self._value)}?"

    def account(self, written: Written) -> str:
        """One line: before, wanted, read back, result."""
        before, after = self._shown(written.old), self._shown(written.new)
        if self._value is None:
            return f"{self._key}: {self._seen_in()}before {before}, after {after}: {written.result}"
        return f"{self._key}: old {before}, written {self._shown(self._value)}, read back {after}: {written.result}"

    def _seen_in(self) -> str:
        expected = self._profile.commands[self._key].expected
        return f"{expected.point} " if expected else ""

    def _shown(self, value: Value) -> str:
        if value is None or isinstance(value, str):
            return value or "unknown"
        point = self._shown_point()
        if point is None:
            return f"{value:g}"
        return f"{shown_value(point, value, 'en')} {point.unit}".rstrip()

    def _shown_point(self) -> Point | None:
        """The point whose values are spoken of: of a command, the one that shows its effect."""
        if self._value is not None:
            return self._profile.point(self._key)
        expected = self._profile.commands[self._key].expected
        return self._profile.point(expected.point) if expected else None

    def _check_command(self) -> None:
        if self._key in self._profile.commands:
            return
        if self._key in [point.key for point in self._profile.points]:
            raise CommandError(f"{self._key!r} is a point; give the value to write")
        known = did_you_mean(self._key, self._profile.commands)
        raise CommandError(f"profile {self._profile.key} has no command {self._key!r}; {known}")

    def _writable_point(self) -> Point:
        points = {point.key: point for point in self._profile.points}
        point = points.get(self._key)
        writable = [point.key for point in points.values() if point.writable]
        if point is None or not point.writable:
            why = "may not be written" if point else "does not exist"
            known = did_you_mean(self._key, writable)
            raise CommandError(f"profile {self._profile.key}: point {self._key!r} {why}; {known}")
        return point


async def with_writer(
    link: LinkAddress, unit_id: int, profile: Profile, work: Callable[[ModbusWriter], Awaitable[Result]]
) -> Result:
    links = Links()
    ids = np.arange(len(profile.points), dtype=np.int32)
    unit = OperatedUnit(links.acquire(link), unit_id, profile, ids, SystemClock())
    async with contextlib.aclosing(ModbusWriter(unit, release=lambda: links.release(link))) as writer:
        return await work(writer)
