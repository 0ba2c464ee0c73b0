"""Every test of this folder runs with every adapter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stripchart.history.base import Historian
from tests.contract.historians import ADAPTERS


@pytest.fixture(scope="session", params=sorted(ADAPTERS))
def adapter(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def historian(adapter: str, tmp_path: Path) -> AsyncIterator[Historian]:
    async with ADAPTERS[adapter](tmp_path) as opened:
        yield opened
