"""A plant of years is moved into PostgreSQL: every sample once, under the same ids, also when it is broken off."""

from asyncio import to_thread
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import numpy as np
import pytest
import structlog
from typer.testing import CliRunner

from stripchart.catalog.database import url_of
from stripchart.catalog.records import NewDevice, NewSite
from stripchart.catalog.repository import open_catalog
from stripchart.cli.app import build_app
from stripchart.history.embedded.historian import open_historian
from stripchart.model.device import parse_link
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.historians import batch_of_texts
from tests.servers.running import postgres

DAY_MS = 86_400_000
START_MS = 1_767_225_600_000


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command says where logs go; here that is a stream that is closed after it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


async def plant(folder: Path) -> list[int]:
    """A catalog with a device, and four days of three of its points; the ids of those."""
    async with open_catalog(url_of(folder / "catalog.db")) as catalog:
        site = await catalog.add_site(NewSite(code="N1", name="North"))
        new = NewDevice(
            site_id=site.id, name="G1", link=parse_link("tcp://h:502"), unit_id=1, profile="boiler", interval_s=1
        )
        gone = await catalog.add_device(new)
        await catalog.delete_device(gone.id, keep_data=False)
        device = await catalog.add_device(new)
        ids = list((await catalog.point_ids(device.id, ["flow", "pump", "serial"])).values())
    async with open_historian(folder / "history") as historian:
        for point in ids[:2]:
            await historian.append(days(point))
        for at_ms, text in ((START_MS, "A"), (START_MS + DAY_MS, "B")):
            await historian.append(batch_of_texts(**{f"p{ids[2]}": (at_ms, text)}))
    return [int(point) for point in ids]


def days(point: int) -> SampleBatch:
    at_ms = START_MS + np.arange(0, 4 * DAY_MS, 60_000)
    quality = np.where(np.arange(len(at_ms)) % 10 == 9, 0x81, 0).astype(np.uint8)
    value = np.where(quality == 0, np.arange(len(at_ms)) + point / 8, np.nan)
    return SampleBatch(np.full(len(at_ms), point, np.int32), at_ms, value, quality)


def run(folder: Path, url: str, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(
        build_app(), ["history", *arguments, "--data-dir", str(folder)], env={"STRIPCHART_DATABASE_URL": url}
    )
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


async def test_a_catalog_and_its_history_are_moved_and_looked_at(tmp_path: Path) -> None:
    ids = await plant(tmp_path)
    url = postgres().make_database("moved")

    code, told = await to_thread(run, tmp_path, url, "move")
    assert (code, "11,520 samples of 4 days, 2 texts" in told) == (0, True), told
    await check(url, ids)
    code, told = await to_thread(run, tmp_path, url, "move")
    assert (code, "0 samples of 0 days (4 days were copied earlier)" in told) == (0, True), told
    # As if it had been broken off: a day is moved once more, and stored once.
    (tmp_path / "moved.json").unlink()
    code, told = await to_thread(run, tmp_path, url, "move")
    assert (code, "11,520 samples of 4 days" in told) == (0, True), told
    await check(url, ids)
    code, told = await to_thread(run, tmp_path, url, "stats")
    assert code == 0, told
    assert "plain PostgreSQL" in told
    assert "11,520, from 2026-01-01" in told
    assert "p95" in told
    code, told = await to_thread(run, tmp_path, url, "check")
    assert (code, "pg_dump" in told) == (1, True), told


async def check(url: str, ids: list[int]) -> None:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT * FROM history.sample WHERE point_id = $1 ORDER BY at", ids[0])
        texts = await connection.fetch("SELECT text FROM history.text WHERE point_id = $1 ORDER BY at", ids[2])
        keys = await connection.fetch("SELECT id, key FROM point ORDER BY id LIMIT 3")
    finally:
        await connection.close()
    expected = days(ids[0])
    assert [row["value"] for row in rows] == [None if np.isnan(each) else each for each in expected.value.tolist()]
    assert [row["quality"] for row in rows] == expected.quality.tolist()
    assert [round(row["at"].timestamp() * 1000) for row in rows] == expected.at_ms.tolist()
    assert [row["text"] for row in texts] == ["A", "B"]
    assert [(row["id"], row["key"]) for row in keys] == list(zip(ids, ("flow", "pump", "serial"), strict=True))
    async with open_catalog(url) as catalog:
        device = (await catalog.devices())[0]
        assert (await catalog.point_ids(device.id, ["flow"]))["flow"] == PointId(ids[0])
        fresh = await catalog.point_ids(device.id, ["flow", "pump", "serial", f"new{len(await catalog.points())}"])
        assert min(set(fresh.values()) - set(map(PointId, ids))) > max(ids)


async def test_another_catalog_is_not_written_over(tmp_path: Path) -> None:
    await plant(tmp_path)
    url = postgres().make_database("taken")
    async with open_catalog(url) as other:
        await other.add_site(NewSite(code="S1", name="South"))

    code, told = await to_thread(run, tmp_path, url, "move")
    assert (code, "another catalog" in told) == (1, True), told


@pytest.mark.parametrize("url", ["mysql://host/name", "postgresql://host", "host"])
async def test_an_address_that_is_none_is_refused_by_name(tmp_path: Path, url: str) -> None:

    code, told = await to_thread(run, tmp_path, url, "stats")
    assert (code, "DATABASE_URL" in told) == (1, True), told
