"""What was learned of devices: kept in memory for who asks all the time, and written behind."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from stripchart.catalog.learned_tables import LearnedRow
from stripchart.catalog.tables import DeviceRow
from stripchart.catalog.transaction import Transactions
from stripchart.catalog.write_behind import Pause, WriteBehind
from stripchart.model.block import Block
from stripchart.model.cause import Cause
from stripchart.model.device import Device, DeviceId
from stripchart.model.limits import Hole, Lesson, Limits, RoundTrip
from stripchart.model.point import Table
from stripchart.model.time import Clock


@dataclass(frozen=True, slots=True)
class _Learned:
    """Limits of what answered there: another link, unit or profile is another device."""

    link: str
    unit_id: int
    profile: str
    limits: Limits

    def is_of(self, device: Device) -> bool:
        return (self.link, self.unit_id, self.profile) == (str(device.link), device.unit_id, device.profile)


class Learned:
    """The limits of each device. They are forgotten when its link, unit id or profile changes."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock
        self._known: dict[DeviceId, _Learned] = {}
        self._behind = WriteBehind("limits", self._write, Pause(after_change_s=1.0, after_failure_s=30.0))

    @asynccontextmanager
    async def remembered(self) -> AsyncIterator["Learned"]:
        """Read everything; while this is open, and at its end, changes are written. Raises CatalogError."""
        await self.load()
        async with self._behind.running():
            yield self

    async def load(self) -> None:
        """Read what is kept."""
        async with self._transactions.reading() as session:
            rows = await session.scalars(select(LearnedRow))
            self._known = {
                DeviceId(row.device_id): _Learned(row.link, row.unit_id, row.profile, _as_limits(row.limits))
                for row in rows
            }

    def of(self, device: Device) -> Limits:
        """What is known of the device; nothing when it was another one."""
        known = self._known.get(device.id)
        return known.limits if known is not None and known.is_of(device) else Limits()

    def keep(self, device: Device, limits: Limits) -> None:
        """This is known from now on; it is written a moment later."""
        self._change(device.id, _Learned(str(device.link), device.unit_id, device.profile, limits))

    def forget(self, device_id: DeviceId) -> None:
        """Nothing is known of the device any more."""
        self._change(device_id, None)

    async def write(self) -> None:
        """Write what has changed. Raises CatalogError; then it is still to be written."""
        await self._behind.write()

    def _change(self, device_id: DeviceId, learned: _Learned | None) -> None:
        if learned is None:
            self._known.pop(device_id, None)
        else:
            self._known[device_id] = learned
        self._behind.keep({device_id: learned})

    async def _write(self, unwritten: Mapping[DeviceId, _Learned | None]) -> None:
        async with self._transactions.changing() as session:
            await session.execute(delete(LearnedRow).where(LearnedRow.device_id.in_(unwritten)))
            present = set(await session.scalars(select(DeviceRow.id).where(DeviceRow.id.in_(unwritten))))
            session.add_all(
                LearnedRow(
                    device_id=device_id,
                    link=learned.link,
                    unit_id=learned.unit_id,
                    profile=learned.profile,
                    limits=asdict(learned.limits),
                    learned_ms=self._clock.now_ms(),
                )
                for device_id, learned in unwritten.items()
                if learned is not None and device_id in present
            )


def _as_limits(fields: Mapping[str, Any]) -> Limits:
    return Limits(
        holes=tuple(Hole(**{**_caused(hole), "block": _as_block(hole["block"])}) for hole in fields["holes"]),
        max_registers=_as_lesson(fields["max_registers"]),
        max_bits=_as_lesson(fields["max_bits"]),
        max_gap=_as_lesson(fields["max_gap"]),
        pause_between_s=_as_lesson(fields["pause_between_s"]),
        round_trip=RoundTrip(**fields["round_trip"]) if fields["round_trip"] else None,
    )


def _as_block(fields: Mapping[str, Any]) -> Block:
    return Block(Table(fields["table"]), fields["start"], fields["end"])


def _as_lesson(fields: Mapping[str, Any] | None) -> Lesson | None:
    return Lesson(**_caused(fields)) if fields else None


def _caused(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was written before there were causes has none."""
    return {**fields, "cause": Cause.of_json(fields.get("cause"))}
