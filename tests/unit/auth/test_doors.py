import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from stripchart.auth import doors
from stripchart.auth.doors import DoorOptions, open_doors
from stripchart.auth.store import AccountStore
from stripchart.model.time import SystemClock


class Store:
    """Nobody has an account, when it can be asked at all."""

    def __init__(self) -> None:
        self.is_away = False
        self.times_asked = 0
        self._is_asked = asyncio.Event()

    async def users(self) -> list[Any]:
        self.times_asked += 1
        self._is_asked.set()
        if self.is_away:
            raise ConnectionRefusedError("nobody listens there")
        return []

    sessions = tokens = users

    async def asked(self, times: int) -> None:
        until = self.times_asked + times
        async with asyncio.timeout(10):
            while self.times_asked < until:
                self._is_asked.clear()
                await self._is_asked.wait()


async def test_a_store_that_is_away_is_told_of_once_and_once_more_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "_LOOK_AT_STORE_EVERY_S", 0)
    store = Store()
    with capture_logs() as logs:
        async with open_doors(cast(AccountStore, store), tmp_path / "secret", SystemClock(), DoorOptions()):
            for is_away in (True, False, True):
                store.is_away = is_away
                await store.asked(20)
    assert [line["event"] for line in logs] == ["accounts.not_read", "accounts.read_again", "accounts.not_read"]
