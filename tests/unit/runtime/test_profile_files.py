"""What runs beside the pollers goes on after a failure."""

import asyncio

import pytest

from stripchart.catalog.errors import CatalogUnavailableError
from stripchart.runtime import profile_files


class Library:
    """Changes once."""

    def __init__(self) -> None:
        self.changes = [True]

    def refresh(self) -> bool:
        return bool(self.changes and self.changes.pop())

    def load(self) -> None:
        """There is no file to read."""


class Plant:
    """Its catalog is away at first."""

    def __init__(self) -> None:
        self.refreshes = 0
        self.done = asyncio.Event()

    async def refresh(self) -> None:
        self.refreshes += 1
        if self.refreshes < 3:
            raise CatalogUnavailableError("the disk fails")
        self.done.set()


async def test_a_changed_profile_is_put_into_effect_once_the_catalog_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile_files, "_LOOK_AT_PROFILES_EVERY_S", 0.001)
    plant = Plant()
    async with asyncio.timeout(5), profile_files.following_profiles(Library(), plant):  # type: ignore[arg-type]
        await plant.done.wait()
    assert plant.refreshes == 3
