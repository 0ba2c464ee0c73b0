"""A catalog in a real file, with a clock that is turned by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stripchart.catalog.database import url_of
from stripchart.catalog.repository import Catalog, open_catalog


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


@pytest.fixture
async def catalog(file: Path, clock: TurnedClock) -> AsyncIterator[Catalog]:
    async with open_catalog(url_of(file), clock) as opened:
        yield opened
