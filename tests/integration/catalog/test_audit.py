"""Every change of the catalog is in the audit, by the transaction that makes it; and nobody changes the audit."""

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import update

import stripchart.catalog
from stripchart.catalog.audit import AuditFilter
from stripchart.catalog.audit_lines import as_object
from stripchart.catalog.audited import AUDITED, NOT_AUDITED
from stripchart.catalog.errors import DuplicateError
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite, SiteChange
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.catalog.tables import Base, SiteRow
from stripchart.catalog.transaction import Transactions
from stripchart.catalog.trend_logs import NewTrendLog, TrendLogChange
from stripchart.model.account import NewToken, Role, TokenKind
from stripchart.model.audit import Actor, acting
from stripchart.model.device import Device, DeviceId, parse_link
from stripchart.model.order import Order
from tests.integration.catalog.conftest import TurnedClock, clear

OLGA = Actor("olga", "10.0.0.7", "session")


async def told(catalog: Catalog) -> list[tuple[str, str, str]]:
    records = await catalog.audit.records(AuditFilter(), limit=1000)
    return [(record.action, record.kind, record.subject) for record in reversed(records)]


async def changes_of_last(catalog: Catalog) -> dict[str, dict[str, object]]:
    changes: dict[str, dict[str, object]] = as_object((await catalog.audit.records(AuditFilter(), limit=1))[0])[
        "changes"
    ]
    return changes


async def a_device(catalog: Catalog) -> Device:
    site = await catalog.add_site(NewSite(code="N1", name="North"))
    new = NewDevice(
        site_id=site.id,
        name="Boiler",
        link=parse_link("tcp://10.0.0.1:502"),
        unit_id=1,
        profile="boiler",
        interval_s=5,
    )
    return await catalog.add_device(new)


async def test_who_what_when_and_from_where_with_old_and_new(catalog: Catalog, clock: TurnedClock) -> None:
    with acting(OLGA):
        site = await catalog.add_site(NewSite(code="N1", name="North"))
        clock.at_ms += 5
        await catalog.update_site(site.id, SiteChange(name="South"))
    last = (await catalog.audit.records(AuditFilter(), limit=1))[0]
    assert (last.who, last.origin, last.via, last.at_ms) == ("olga", "10.0.0.7", "session", clock.at_ms)
    assert (last.action, last.kind, last.subject, last.subject_id) == ("changed", "site", "N1", str(site.id))
    assert await changes_of_last(catalog) == {"name": {"old": "North", "new": "South"}}


async def test_a_device_its_link_and_its_end_are_told(catalog: Catalog) -> None:
    device = await a_device(catalog)
    await catalog.update_device(device.id, DeviceChange(link=parse_link("tcp://10.0.0.2:502"), interval_s=9))
    changes = as_object((await catalog.audit.records(AuditFilter(kind="device"), limit=1))[0])["changes"]
    assert changes == {
        "interval_s": {"old": 5.0, "new": 9},
        "link": {"old": "tcp://10.0.0.1:502", "new": "tcp://10.0.0.2:502"},
    }
    await catalog.delete_device(device.id, keep_data=False)
    assert await told(catalog) == [
        ("added", "site", "N1"),
        ("added", "device", "Boiler"),
        ("added", "link", "tcp://10.0.0.1:502"),
        ("added", "link", "tcp://10.0.0.2:502"),
        ("changed", "device", "Boiler"),
        ("deleted", "link", "tcp://10.0.0.1:502"),
        ("deleted", "device", "Boiler"),
        ("deleted", "link", "tcp://10.0.0.2:502"),
    ]


async def test_trend_logs_are_told_also_when_they_go_with_their_device(catalog: Catalog) -> None:
    device = await a_device(catalog)
    log = await catalog.trend_logs.add(NewTrendLog(device_id=device.id, name="Flow", points=["flow"]))
    await catalog.trend_logs.update(log.id, TrendLogChange(interval_s=60))
    await catalog.delete_device(device.id, keep_data=True)
    kinds = [(action, kind) for action, kind, _ in await told(catalog)]
    assert kinds.count(("changed", "trend_log")) == 2
    assert ("changed", "device") in kinds


async def test_what_was_refused_is_no_change_and_not_told(catalog: Catalog) -> None:
    await catalog.add_site(NewSite(code="N1", name="North"))
    with pytest.raises(DuplicateError):
        await catalog.add_site(NewSite(code="n1", name="Other"))
    assert await told(catalog) == [("added", "site", "N1")]


async def test_a_change_that_changes_nothing_is_not_told(catalog: Catalog) -> None:
    device = await a_device(catalog)
    before = await told(catalog)
    await catalog.update_device(device.id, DeviceChange(name="Boiler", interval_s=5))
    assert await told(catalog) == before


async def test_no_secret_is_ever_in_it(catalog: Catalog, file: Path) -> None:
    user = await catalog.accounts.add_user("anna", b"$2b$12$hash-of-anna", Role.ADMIN, "en")
    await catalog.accounts.set_password(user.id, b"$2b$12$another-hash", keep_session=None)
    new = NewToken(user.id, "wall", TokenKind.API, Role.READ_ONLY, "sc_abcd", None)
    token = await catalog.accounts.add_token(b"d" * 32, new)
    await catalog.accounts.drop_token(token.id)
    await catalog.accounts.delete_user(user.id)
    assert [(action, kind) for action, kind, _ in await told(catalog)] == [
        ("added", "user"),
        ("changed", "user"),
        ("added", "token"),
        ("deleted", "token"),
        ("deleted", "user"),
    ]
    with closing(sqlite3.connect(file)) as database:
        text = str(database.execute("SELECT * FROM audit").fetchall())
    assert "hash-of-anna" not in text
    assert "another-hash" not in text
    assert "dddd" not in text


async def test_an_order_to_a_device_is_told_before_and_after(catalog: Catalog) -> None:
    device = await a_device(catalog)
    with acting(OLGA):
        order = Order(device_id=device.id, key="setpoint", value=21.5, who="olga", origin="10.0.0.7")
        await catalog.writes.ask(order, "Boiler")
    assert (await told(catalog))[-1] == ("added", "write", "Boiler: setpoint")
    assert (await changes_of_last(catalog))["value"] == {"new": 21.5}


async def test_every_table_is_audited_or_has_a_reason_not_to_be() -> None:
    named = {row.__tablename__ for row in AUDITED} | set(NOT_AUDITED)
    assert named == set(Base.metadata.tables)


def test_every_session_of_the_catalog_is_one_that_is_audited() -> None:
    folder = Path(stripchart.catalog.__file__).parent
    makers = [path.name for path in folder.rglob("*.py") if "AsyncSession(" in path.read_text("utf-8")]
    assert makers == ["transaction.py"]


async def test_rows_that_are_audited_cannot_be_changed_in_bulk(catalog: Catalog, clock: TurnedClock) -> None:
    transactions = Transactions(catalog.audit._transactions._engine, clock)
    with pytest.raises(TypeError, match="one by one"):
        async with transactions.changing() as session:
            await session.execute(update(SiteRow).values(name="x"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 1",
        "INSERT INTO audit SELECT 7, at_ms, who, origin, via, action, kind, subject, subject_id, changes, hash, hash "
        "FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT 3, at_ms, who, origin, via, action, kind, subject, subject_id, changes, 'x', hash "
        "FROM audit WHERE id = 2",
    ],
)
async def test_sqlite_itself_refuses_to_change_it(catalog: Catalog, file: Path, statement: str) -> None:
    await catalog.add_site(NewSite(code="N1", name="North"))
    await catalog.add_site(NewSite(code="N2", name="South"))
    with closing(sqlite3.connect(file)) as database, pytest.raises(sqlite3.IntegrityError, match="only added to"):
        database.execute(statement)
    assert (await catalog.audit.verify()).faults == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit WHERE id = 2",
        "TRUNCATE audit",
        "INSERT INTO audit SELECT 7, at_ms, who, origin, via, action, kind, subject, subject_id, changes, hash, hash "
        "FROM audit WHERE id = 2",
        "INSERT INTO audit SELECT 3, at_ms, who, origin, via, action, kind, subject, subject_id, changes, 'x', hash "
        "FROM audit WHERE id = 2",
        "UPDATE write_entry SET body = '{}'",
        "DELETE FROM write_entry",
        "TRUNCATE write_entry",
    ],
)
async def test_postgresql_itself_refuses_to_change_it(database: str, clock: TurnedClock, statement: str) -> None:
    await clear(database)
    async with open_catalog(database, clock) as catalog:
        await catalog.add_site(NewSite(code="N1", name="North"))
        await catalog.add_site(NewSite(code="N2", name="South"))
        order = Order(device_id=DeviceId(1), key="setpoint", value=21.5, who="ann", origin="10.0.0.5")
        await catalog.writes.ask(order, "Boiler")
        before = await catalog.audit.verify()
        connection = await asyncpg.connect(database)
        try:
            with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="only added to"):
                await connection.execute(statement)
        finally:
            await connection.close()
        assert await catalog.audit.verify() == before
        assert before.faults == ()
        assert len(await catalog.writes.records()) == 1


async def test_a_chain_longer_than_a_page_is_read_to_its_end(catalog: Catalog) -> None:
    site = await catalog.add_site(NewSite(code="N1", name="North"))
    async with catalog.audit._transactions.changing() as session:
        row = await session.get_one(SiteRow, site.id)
        for number in range(2500):
            row.name = f"North {number}"
            await session.flush()
    verdict = await catalog.audit.verify()
    assert (verdict.count, verdict.faults) == (2501, ())
