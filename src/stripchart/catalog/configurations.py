"""What the owner sets: one row, known to everybody at once."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import PurePath
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from stripchart.catalog.configuration_tables import ConfigurationRow
from stripchart.catalog.cron import check_cron
from stripchart.catalog.errors import InvalidValueError
from stripchart.catalog.limits import LONGEST_RETENTION_DAYS, NAME_LENGTH, check_text
from stripchart.catalog.transaction import Transactions
from stripchart.model.complaint import Complaint, ComplaintCode, span
from stripchart.model.configuration import Configuration
from stripchart.model.time import Clock

_USUAL = Configuration()
_NAMES = tuple(field.name for field in fields(Configuration))
_PATH_LENGTH = 1000
_ALLOWED = (
    ("session_timeout_minutes", 5, 527_040),
    ("max_login_attempts", 1, 20),
    ("backup_retention_count", 1, 1000),
)

Listener = Callable[[Configuration], None]


class Configurations:
    """Whoever subscribes is told now, and at each change, before the change is answered."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock
        self._listeners: list[Listener] = []
        self.now = _USUAL

    def subscribe(self, listener: Listener) -> None:
        self._listeners.append(listener)
        listener(self.now)

    async def load(self) -> Configuration:
        """Take over what is kept. Raises CatalogUnavailableError."""
        async with self._transactions.reading() as session:
            row = await session.get(ConfigurationRow, 1)
        self._tell(_as_configuration(row.fields if row else {}))
        return self.now

    async def change(self, given: Mapping[str, Any]) -> Configuration:
        """New values for the fields that are given. Raises InvalidValueError naming the field."""
        async with self._transactions.changing() as session:
            row = await session.get(ConfigurationRow, 1)
            new = replace(_as_configuration(row.fields if row else {}), **given)
            check_configuration(new)
            if row is None:
                row = ConfigurationRow(id=1, fields={}, updated_ms=self._clock.now_ms())
                session.add(row)
                await session.flush()
            changed = {name: getattr(new, name) for name in _NAMES if getattr(new, name) != getattr(_USUAL, name)}
            if changed != row.fields:
                row.fields, row.updated_ms = changed, self._clock.now_ms()
        self._tell(new)
        return new

    async def reach(self) -> None:
        """Ask the database something small. Raises CatalogUnavailableError."""
        async with self._transactions.reading() as session:
            await session.execute(text("SELECT 1"))

    def _tell(self, new: Configuration) -> None:
        self.now = new
        for listener in self._listeners:
            listener(new)


def check_configuration(new: Configuration) -> None:
    """Raises InvalidValueError naming the first field that is not allowed, and what is."""
    check_text("system_name", new.system_name, NAME_LENGTH)
    for name, least, most in _ALLOWED:
        _check_number(name, getattr(new, name), least, most)
    if new.default_retention_days is not None:
        _check_number("default_retention_days", new.default_retention_days, 1, LONGEST_RETENTION_DAYS)
    check_cron("backup_schedule", new.backup_schedule)
    check_text("backup_folder", new.backup_folder, _PATH_LENGTH, shortest=0)
    if new.backup_folder and not PurePath(new.backup_folder).is_absolute():
        message = "backup_folder: allowed are absolute paths, such as /mnt/nas"
        raise InvalidValueError(message, "backup_folder", Complaint(ComplaintCode.PATH))


def _check_number(name: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise InvalidValueError(f"{name} {number}: allowed are {least} to {most}", name, span(least, most))


def _as_configuration(kept: Mapping[str, Any]) -> Configuration:
    """What a newer release may have kept besides is left alone."""
    return Configuration(**{name: value for name, value in kept.items() if name in _NAMES})
