"""A catalog in a real file, with a clock that is turned by hand."""

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from stripchart.catalog.database import url_of
from stripchart.catalog.repository import Catalog, open_catalog
from stripchart.catalog.tables import Base
from tests.servers.running import postgres


class TurnedClock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.at_ms = 1_700_000_000_000

    def now_ms(self) -> int:
        return self.at_ms

    def monotonic_ns(self) -> int:
        return self.at_ms * 1_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite"


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that does not look into the file runs on PostgreSQL too."""
    if "kind" in metafunc.fixturenames:
        needs_file = "file" in inspect.signature(metafunc.function).parameters
        metafunc.parametrize("kind", ["sqlite"] if needs_file else ["sqlite", "postgresql"], scope="session")


@pytest.fixture(scope="session")
def database() -> str:
    """A database of PostgreSQL for catalogs, one after another."""
    return postgres().make_database("catalog")


@pytest.fixture
async def catalog(
    kind: str, file: Path, clock: TurnedClock, request: pytest.FixtureRequest
) -> AsyncIterator[Catalog]:
    url = url_of(file)
    if kind == "postgresql":
        url = request.getfixturevalue("database")
        await clear(url)
    async with open_catalog(url, clock) as opened:
        yield opened


async def clear(url: str) -> None:
    """Leave nothing but empty tables."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return
        tables = ", ".join(Base.metadata.tables)
        await connection.execute(f"SET session_replication_role = replica; TRUNCATE {tables} RESTART IDENTITY")
    finally:
        await connection.close()
