"""The record of what operators had devices do is only ever added to."""

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stripchart.catalog.database import url_of
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.model.device import DeviceId
from stripchart.model.order import Order, WriteResult, Written


def order(device: int = 1, value: float | str | None = 21.5) -> Order:
    return Order(device_id=DeviceId(device), key="setpoint", value=value, who="ann", origin="10.0.0.5")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


@pytest.fixture
async def catalog(file: Path) -> AsyncIterator[Catalog]:
    async with open_catalog(url_of(file)) as opened:
        yield opened


async def test_an_order_says_who_asked_what_of_whom_and_how_it_ended(catalog: Catalog) -> None:
    number = await catalog.writes.ask(order(), "Boiler")
    (begun,) = await catalog.writes.records()
    assert (begun.who, begun.origin, begun.device, begun.device_id) == ("ann", "10.0.0.5", "Boiler", 1)
    assert (begun.key, begun.value, begun.result, begun.ended_ms) == ("setpoint", 21.5, None, None)
    await catalog.writes.end(number, order(), Written(WriteResult.NOT_VERIFIED, 20.0, 20.0, "ignored"))
    (ended,) = await catalog.writes.records()
    assert (ended.id, ended.result, ended.old, ended.new) == (number, WriteResult.NOT_VERIFIED, 20.0, 20.0)
    assert ended.message == "ignored"
    assert ended.ended_ms is not None
    assert ended.ended_ms >= ended.asked_ms == begun.asked_ms


async def test_commands_and_texts_come_back_as_they_were(catalog: Catalog) -> None:
    await catalog.writes.ask(order(value=None), "Boiler")
    number = await catalog.writes.ask(order(value="Котёл"), "Boiler")
    await catalog.writes.end(number, order(), Written(WriteResult.VERIFIED, "", "Котёл"))
    text, command = await catalog.writes.records()
    assert (text.value, text.old, text.new) == ("Котёл", "", "Котёл")
    assert command.value is None


async def test_orders_are_listed_newest_first_by_device_and_by_page(catalog: Catalog) -> None:
    ids = [await catalog.writes.ask(order(device=1 + each % 2), f"D{each % 2}") for each in range(5)]
    assert [record.id for record in await catalog.writes.records()] == ids[::-1]
    assert [record.id for record in await catalog.writes.records(DeviceId(2))] == [ids[3], ids[1]]
    page = await catalog.writes.records(limit=2)
    assert [record.id for record in page] == [ids[4], ids[3]]
    assert [record.id for record in await catalog.writes.records(before=page[-1].id, limit=2)] == [ids[2], ids[1]]


async def test_the_database_itself_lets_nobody_change_or_remove_an_entry(catalog: Catalog, file: Path) -> None:
    await catalog.writes.ask(order(), "Boiler")
    with sqlite3.connect(file) as database:
        for change in ("UPDATE write_entry SET body = '{}'", "DELETE FROM write_entry"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                database.execute(change)
    database.close()
    assert len(await catalog.writes.records()) == 1


async def test_an_entry_is_one_text_with_sorted_keys_that_can_be_hashed_as_it_is(
    catalog: Catalog, file: Path
) -> None:
    number = await catalog.writes.ask(order(), "Boiler")
    await catalog.writes.end(number, order(), Written(WriteResult.VERIFIED, 20.0, 21.5))
    with sqlite3.connect(file) as database:
        bodies = [row[0] for row in database.execute("SELECT body FROM write_entry ORDER BY id")]
    database.close()
    for body in bodies:
        plain = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert body == plain
    asked, ended = map(json.loads, bodies)
    assert (asked["order_id"], ended["order_id"]) == (None, number)
    assert asked.keys() >= {"who", "origin", "device", "device_id", "key", "value", "at_ms"}
