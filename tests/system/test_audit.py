"""`stripchart audit` with the real program, after somebody went around it and edited the file."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from stripchart.catalog.database import url_of
from stripchart.catalog.records import NewSite
from stripchart.catalog.repository import open_catalog
from tests.system.programs import finished

GUARDS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"


async def some_sites(folder: Path, count: int = 5) -> str:
    """A catalog with so many records in its audit; the head of it."""
    async with open_catalog(url_of(folder / "catalog.db")) as catalog:
        for number in range(1, count + 1):
            await catalog.add_site(NewSite(code=f"N{number}", name="North"))
        return str(await catalog.audit.head())


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def tamper(folder: Path, *statements: str) -> None:
    """As somebody does who has the file and knows SQLite."""
    with closing(sqlite3.connect(folder / "catalog.db")) as database, database:
        for (name,) in database.execute(GUARDS).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)


async def test_an_audit_that_nobody_touched_is_whole_and_says_its_head(tmp_path: Path) -> None:
    head = await some_sites(tmp_path)
    done = await finished("audit", "verify", "--head", head, "--data-dir", ".", folder=tmp_path)
    assert (done.code, done.out.splitlines()) == (0, [f"5 records; head {head}", "the audit log is intact"])


async def test_all_that_was_done_to_the_file_is_named_with_exit_code_3(tmp_path: Path) -> None:
    await some_sites(tmp_path, 12)
    tamper(
        tmp_path,
        "UPDATE audit SET who = 'nobody' WHERE id = 3",
        "DELETE FROM audit WHERE id = 5",
        "UPDATE audit SET previous = 'x' WHERE id = 8",
        "DELETE FROM audit WHERE id >= 11",
    )
    done = await finished("audit", "verify", "--data-dir", ".", folder=tmp_path)
    assert done.code == 3
    for fault in (
        "record 3 was changed",
        "record 5 is missing",
        "record 8 does not follow record 7",
        "records 11 to 12 are missing: the end was cut off",
    ):
        assert fault in done.err


async def test_an_end_cut_off_by_who_covers_the_traces_is_found_by_a_head_that_was_noted(tmp_path: Path) -> None:
    head = await some_sites(tmp_path)
    tamper(tmp_path, "DELETE FROM audit WHERE id >= 4", "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'")
    assert (await finished("audit", "verify", "--data-dir", ".", folder=tmp_path)).code == 0
    done = await finished("audit", "verify", "--head", head, "--data-dir", ".", folder=tmp_path)
    assert done.code == 3
    assert "records 4 to 5 are missing" in done.err


async def test_it_is_shown_and_exported(tmp_path: Path) -> None:
    await some_sites(tmp_path)
    shown = await finished("audit", "show", "--kind", "site", "--limit", "2", "--data-dir", ".", folder=tmp_path)
    assert "added site N5" in shown.out
    assert "N3" not in shown.out
    exported = await finished("audit", "export", "-", "--data-dir", ".", folder=tmp_path)
    assert [line.split(",")[7] for line in exported.out.splitlines()] == ["subject", "N1", "N2", "N3", "N4", "N5"]


async def test_a_folder_without_a_catalog_is_said_and_none_is_made(tmp_path: Path) -> None:
    done = await finished("audit", "verify", "--data-dir", ".", folder=tmp_path)
    assert done.code == 1
    assert "no catalog here" in done.err
    assert names_in(tmp_path) == []


async def test_who_ran_a_command_is_in_it(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("Turbine7")
    made = await finished(
        "user", "create", "olga", "--password-file", str(password), "--data-dir", ".", folder=tmp_path
    )
    assert made.code == 0, made.err
    lines = (
        await finished("audit", "export", "-", "--format", "jsonl", "--data-dir", ".", folder=tmp_path)
    ).out.splitlines()
    record = json.loads(lines[0])
    assert (record["kind"], record["subject"], record["origin"]) == ("user", "olga", "command line")
    assert record["who"]
    assert "Turbine7" not in lines[0]
