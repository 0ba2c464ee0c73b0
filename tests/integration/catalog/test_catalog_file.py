"""The catalog's database: made, brought up to date, broken, newer."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, make_url

from stripchart.catalog.database import bring_up_to_date, connect, place_of, url_of
from stripchart.catalog.errors import CatalogUnavailableError
from stripchart.catalog.records import NewSite
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.catalog.tables import HEAD, Base
from stripchart.model.account import Role


async def opening(url: str) -> None:
    async with open_catalog(url):
        pass


def run(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as other, other:
        other.execute(statement)


async def test_what_was_configured_is_there_after_closing_and_opening(file: Path) -> None:
    async with open_catalog(url_of(file)) as catalog:
        site = await catalog.add_site(NewSite(code="N1", name="North"))
    async with open_catalog(url_of(file)) as catalog:
        assert await catalog.sites() == [site]


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    file = tmp_path / "my data #1?" / "catalog.sqlite"
    await opening(url_of(file))
    assert file.exists()


async def test_migrations_lead_from_nothing_to_what_the_tables_say(file: Path) -> None:
    await opening(url_of(file))
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": Base.metadata}
        )
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


async def test_the_migrated_tables_have_the_clauses_of_the_declared_tables(file: Path, tmp_path: Path) -> None:
    await opening(url_of(file))
    declared = tmp_path / "declared.sqlite"
    engine = create_engine(f"sqlite:///{declared}")
    Base.metadata.create_all(engine)
    engine.dispose()
    assert _schema_of(file) == _schema_of(declared)


async def test_the_files_are_for_the_eyes_of_their_owner(file: Path) -> None:
    async with open_catalog(url_of(file)):
        modes = {each.name: each.stat().st_mode & 0o777 for each in file.parent.glob(f"{file.name}*")}
    assert modes == {file.name: 0o600, f"{file.name}-wal": 0o600, f"{file.name}-shm": 0o600}


def test_head_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "stripchart.catalog:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_a_catalog_that_is_up_to_date_opens_without_alembic(file: Path) -> None:
    await opening(url_of(file))
    script = (
        "import asyncio, sys\n"
        "from stripchart.catalog.repository import open_catalog\n"
        "async def opening():\n"
        "    async with open_catalog(sys.argv[1]) as catalog:\n"
        "        print(await catalog.sites(), 'alembic' in sys.modules)\n"
        "asyncio.run(opening())\n"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script, url_of(file)], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("[] False\n", "")


async def test_migrating_says_nothing(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    await opening(url_of(file))
    assert capfd.readouterr() == ("", "")


async def test_catalogs_opened_at_the_same_time_are_made_once(file: Path) -> None:
    async with asyncio.timeout(30):
        await asyncio.gather(*(opening(url_of(file)) for _ in range(4)))


async def test_a_migration_that_fails_leaves_nothing_behind(file: Path) -> None:
    engine = connect(url_of(file))
    event.listen(engine.sync_engine, "before_cursor_execute", _cut_the_power_at_the_last_table)
    with pytest.raises(RuntimeError, match="power cut"):
        await bring_up_to_date(engine)
    await engine.dispose()
    assert _schema_of(file) == []
    await opening(url_of(file))


async def test_a_zone_that_nobody_chose_is_none_after_the_update_and_one_that_was_chosen_stays(file: Path) -> None:
    async with open_catalog(url_of(file)) as catalog:
        for name, zone in (("anna", "UTC"), ("oleg", "Europe/Berlin")):
            user = await catalog.accounts.add_user(name, b"hash", Role.READ_ONLY, "en")
            await catalog.accounts.change_user(user.id, zone=zone)
    run(file, "ALTER TABLE backup DROP COLUMN cause")
    run(file, "UPDATE alembic_version SET version_num = '0012'")
    async with open_catalog(url_of(file)) as catalog:
        assert [(user.username, user.zone) for user in await catalog.accounts.users()] == [
            ("anna", ""),
            ("oleg", "Europe/Berlin"),
        ]


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_file_gives_one_clear_error_and_is_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(CatalogUnavailableError, match=f"{file}: the catalog cannot be used .*backup"):
        asyncio.run(opening(url_of(file)))
    assert file.read_bytes() == content


async def test_a_newer_catalog_is_refused_and_left_alone(file: Path) -> None:
    await opening(url_of(file))
    run(file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CatalogUnavailableError, match=rf"newer Stripchart \(migration 9999, this one knows {HEAD}\)"):
        await opening(url_of(file))
    assert _schema_of(file)


async def test_a_database_of_another_program_is_refused(file: Path) -> None:
    run(file, "CREATE TABLE holiday (day TEXT)")
    with pytest.raises(CatalogUnavailableError, match="no catalog of Stripchart"):
        await opening(url_of(file))


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(CatalogUnavailableError, match="data: cannot keep a catalog here"):
        await opening(url_of(tmp_path / "data" / "catalog.sqlite"))


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///file.sqlite", "unheard://host/name"])
async def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(CatalogUnavailableError, match="the catalog's address cannot be used"):
        await opening(url)


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_catalog_in_memory_works_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_catalog("sqlite+aiosqlite:///:memory:") as catalog:
        await catalog.add_site(NewSite(code="N1", name="North"))
        assert len(await catalog.sites()) == 1
    assert left_in(tmp_path) == []


async def test_changes_are_on_the_disk_and_references_are_enforced(catalog: Catalog, file: Path) -> None:
    engine = connect(url_of(file))
    async with engine.connect() as connection:
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys")
        ]
    await engine.dispose()
    assert found == ["wal", 2, 1]


def test_messages_never_show_a_password() -> None:
    assert place_of(make_url("postgresql://me:secret@host/name")) == "postgresql://me:***@host/name"


def _cut_the_power_at_the_last_table(*arguments: object) -> None:
    if "CREATE TABLE point" in str(arguments[2]):
        raise RuntimeError("power cut")


def _schema_of(file: Path) -> list[list[str]]:
    """The clauses of every table and index; their order within a table says nothing."""
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' ORDER BY name"
    with closing(sqlite3.connect(file)) as other:
        statements = [" ".join(sql.replace('"', "").split()) for (sql,) in other.execute(query)]
    return [sorted(clause.strip(" )") for clause in statement.split(", ")) for statement in statements]
