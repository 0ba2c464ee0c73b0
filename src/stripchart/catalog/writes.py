"""The record of what operators had devices do: who, when, from where, what, and how it ended."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from stripchart.catalog.transaction import Transactions
from stripchart.catalog.write_tables import WriteEntryRow
from stripchart.model.device import DeviceId
from stripchart.model.encode import Value
from stripchart.model.facts import Facts
from stripchart.model.order import Order, WriteResult, Written
from stripchart.model.time import Clock

_CANONICAL = orjson.OPT_SORT_KEYS
_SOURCE = "api"
"""Where what is written comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRecord:
    """An order and how it ended. `result` None: it is not known, because it is under way or the program was killed.

    `value` None: a command. Times are UTC milliseconds.
    """

    id: int
    asked_ms: int
    ended_ms: int | None
    who: str
    origin: str
    device_id: DeviceId
    device: str
    key: str
    value: Value
    result: WriteResult | None
    old: Value
    new: Value
    message: str
    code: str
    facts: Facts


class Writes:
    """Entries are added, and never changed or taken away. Methods raise CatalogUnavailableError."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._transactions, self._clock = Transactions(engine, clock), clock

    async def ask(self, order: Order, device: str) -> int:
        """Put down what is asked of the device of this name, before it is done. Returns the id of the order."""
        body = {
            "who": order.who,
            "origin": order.origin,
            "device": device,
            "key": order.key,
            "value": order.value,
            "source": _SOURCE,
        }
        return await self._add(order.device_id, None, body)

    async def end(self, order_id: int, order: Order, written: Written) -> None:
        """Put down how it ended."""
        body = {
            "result": written.result.value,
            "old": written.old,
            "new": written.new,
            "message": written.message,
            "code": written.code,
            "facts": dict(written.facts),
            "source": _SOURCE,
        }
        await self._add(order.device_id, order_id, body)

    async def records(
        self, device: DeviceId | None = None, *, before: int | None = None, limit: int = 100
    ) -> list[WriteRecord]:
        """The last orders, to one device or to all, newest first; `before`: those with an id below it."""
        asked = select(WriteEntryRow).where(WriteEntryRow.order_id.is_(None))
        if device is not None:
            asked = asked.where(WriteEntryRow.device_id == device)
        if before is not None:
            asked = asked.where(WriteEntryRow.id < before)
        async with self._transactions.reading() as session:
            rows = list(await session.scalars(asked.order_by(WriteEntryRow.id.desc()).limit(limit)))
            ends = select(WriteEntryRow).where(WriteEntryRow.order_id.in_([row.id for row in rows]))
            ended = {row.order_id: row for row in await session.scalars(ends)}
        return [_record(row, ended.get(row.id)) for row in rows]

    async def _add(self, device: DeviceId, order_id: int | None, body: dict[str, Any]) -> int:
        now_ms = self._clock.now_ms()
        text = orjson.dumps({**body, "at_ms": now_ms, "device_id": device, "order_id": order_id}, option=_CANONICAL)
        async with self._transactions.changing() as session:
            row = WriteEntryRow(order_id=order_id, device_id=device, at_ms=now_ms, body=text.decode())
            session.add(row)
            await session.flush()
            return row.id


def _record(asked: WriteEntryRow, ended: WriteEntryRow | None) -> WriteRecord:
    order = orjson.loads(asked.body)
    end = orjson.loads(ended.body) if ended else {}
    return WriteRecord(
        id=asked.id,
        asked_ms=asked.at_ms,
        ended_ms=ended.at_ms if ended else None,
        who=order["who"],
        origin=order["origin"],
        device_id=DeviceId(asked.device_id),
        device=order["device"],
        key=order["key"],
        value=order["value"],
        result=WriteResult(end["result"]) if end else None,
        old=end.get("old"),
        new=end.get("new"),
        message=end.get("message", ""),
        code=end.get("code", ""),
        facts=end.get("facts", {}),
    )
