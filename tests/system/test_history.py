"""`stripchart history`: each command with the real program, on a small history, with and without a server on it."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import numpy as np
import pyarrow.parquet as arrow_parquet
import pytest

from stripchart.catalog.database import url_of
from stripchart.catalog.records import NewDevice, NewSite
from stripchart.catalog.repository import open_catalog
from stripchart.history.care.snapshot import snapshot
from stripchart.history.embedded.historian import open_historian
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.sample import PointId, SampleBatch
from tests.system.programs import Finished, Program, finished, started

PROFILE = """profile: boiler
name: {en: Boiler}
kind: sensor
points:
  - {key: flow, name: Flow, address: 0, type: int16, unit: m3/h}
  - {key: level, name: Level, address: 1, type: int16, unit: "%"}
  - {key: maker, name: Maker, address: 2, type: string, registers: 4}
"""
START_MS = 1_767_225_600_000 - 1_000_000
SAMPLES = 3000
"""A sample a second, of two points, over New Year 2026."""
MAKER = "=ACME, 'x'\nLtd"
EVER = (0, 10**15)
SERVE = ("serve", "--port", "0")


async def make_data(folder: Path) -> dict[str, PointId]:
    """A data folder with a boiler that is not polled, and what it said; the ids of its points."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "profiles" / "boiler.yaml").write_text(PROFILE)
    async with open_catalog(url_of(folder / "catalog.db")) as catalog:
        site = await catalog.add_site(NewSite(code="A", name="A"))
        device = await catalog.add_device(
            NewDevice(
                site_id=site.id,
                name="=Boiler",
                link=LinkAddress(Framing.TCP, host="127.0.0.1", port=1),
                unit_id=1,
                profile="boiler",
                interval_s=5,
                enabled=False,
            )
        )
        ids = await catalog.point_ids(device.id, ["flow", "level", "maker"])
    async with open_historian(folder / "history") as historian:
        for key in ("flow", "level"):
            at_ms = START_MS + np.arange(SAMPLES) * 1000
            quality = np.where(np.arange(SAMPLES) == 5, 0x81, 0).astype(np.uint8)
            value = np.where(quality, np.nan, np.arange(SAMPLES) * 0.5 - 1)
            texts = {ids["maker"]: (START_MS, MAKER)}
            await historian.append(SampleBatch(np.full(SAMPLES, ids[key], np.int32), at_ms, value, quality, texts))
    return ids


@pytest.fixture
async def points(tmp_path: Path) -> dict[str, PointId]:
    return await make_data(tmp_path / "data")


async def history(folder: Path, *arguments: str | Path) -> Finished:
    return await finished("history", *arguments, "--data-dir", "data", folder=folder)


async def done(folder: Path, *arguments: str | Path) -> Finished:
    """The command, which must end well and complain of nothing."""
    result = await history(folder, *arguments)
    assert (result.code, result.err) == (0, ""), result
    return result


async def failed(folder: Path, *arguments: str | Path, code: int = 1) -> str:
    """What the command, which must fail with one message, says."""
    result = await history(folder, *arguments)
    assert result.code == code, result
    assert result.out == ""
    assert result.err.count("error: ") == 1
    assert "Traceback" not in result.err
    return result.err


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Program]:
    async with started(*SERVE, "--data-dir", "data", folder=folder) as program:
        await program.address()
        yield program
        assert (await program.end()).code == 0


def damage(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data" / "history" / "2026.db")) as db, db:
        db.execute("UPDATE body SET crc = crc + 1 WHERE id = 1")


def kept_in(folder: Path) -> list[bytes]:
    """All samples of a data folder, column by column."""
    with snapshot(folder / "history") as seen:
        points = seen.points()
        found = SampleBatch.joined([seen.loose(points, *EVER)])
        pieces = [piece for point in points for piece in seen.series(point, found, *EVER)]
    batch = SampleBatch.joined(pieces)
    assert len(batch) == 2 * SAMPLES
    return [column.tobytes() for column in (batch.point_id, batch.at_ms, batch.value, batch.quality)]


async def test_a_good_history_is_called_good_and_counted(tmp_path: Path, points: dict[str, PointId]) -> None:
    async with serving(tmp_path):
        assert (await done(tmp_path, "check")).out == "data/history: no damage found"
        stats = json.loads((await done(tmp_path, "stats", "--json")).out)
    assert (stats["samples"], stats["points"], stats["texts"], stats["waiting"]) == (2 * SAMPLES, 2, 1, 0)
    assert [year["year"] for year in stats["years"]] == [2025, 2026]
    assert sum(year["samples"] for year in stats["years"]) == 2 * SAMPLES
    assert stats["bytes_per_sample"] == stats["bytes"] / stats["samples"]
    table = (await done(tmp_path, "stats", "--quick")).out
    assert "not checked" in table
    assert "6,000 samples and 1 texts of 2 points" in table


async def test_what_is_broken_is_named_and_a_backup_mends_it(tmp_path: Path, points: dict[str, PointId]) -> None:
    good = kept_in(tmp_path / "data")
    await done(tmp_path, "backup", "backups")
    damage(tmp_path)
    message = await failed(tmp_path, "check", code=3)
    assert f"2026.db: segment of =Boiler flow (point {points['flow']}), 2026-01-01T00:00:00.000Z to " in message
    assert message.endswith("its checksum is wrong")
    assert "undo-" in (await done(tmp_path, "restore", "backups", "--force")).out
    assert kept_in(tmp_path / "data") == good


async def test_a_backup_made_while_the_server_runs_is_put_back_elsewhere(
    tmp_path: Path, points: dict[str, PointId]
) -> None:
    async with serving(tmp_path):
        made = await done(tmp_path, "backup", "backups", "--keep", "1")
        assert made.out.startswith("backups/backup-")
        assert "in use by process" in await failed(tmp_path, "restore", "backups", "--force")
    elsewhere = await finished("history", "restore", "backups", "--data-dir", "new", folder=tmp_path)
    assert (elsewhere.code, elsewhere.err) == (0, "")
    assert kept_in(tmp_path / "new") == kept_in(tmp_path / "data")
    assert (tmp_path / "new" / "profiles" / "boiler.yaml").read_text() == PROFILE
    assert (tmp_path / "new" / "catalog.db").exists()


async def test_compacting_reports_before_and_after(tmp_path: Path, points: dict[str, PointId]) -> None:
    before = kept_in(tmp_path / "data")
    assert "pieces before, " in (await done(tmp_path, "compact")).out
    assert kept_in(tmp_path / "data") == before


async def test_what_is_exported_while_the_server_runs_is_imported_again(
    tmp_path: Path, points: dict[str, PointId]
) -> None:
    before = kept_in(tmp_path / "data")
    async with serving(tmp_path):
        result = await done(tmp_path, "export", "all.csv")
        assert result.out == f"all.csv: {2 * SAMPLES:,} samples and 1 texts of 3 points"
        assert "valid; nothing was stored" in (await done(tmp_path, "import", "all.csv", "--dry-run")).out
        assert "in use by process" in await failed(tmp_path, "import", "all.csv")
    again = await done(tmp_path, "import", "all.csv")
    assert f"{2 * SAMPLES:,} samples replaced stored ones" in again.out
    assert kept_in(tmp_path / "data") == before
    assert not list((tmp_path / "data").glob("tmp*"))


async def test_an_empty_history_is_filled_from_parquet(tmp_path: Path, points: dict[str, PointId]) -> None:
    before = kept_in(tmp_path / "data")
    await done(tmp_path, "export", "all.parquet")
    assert str(arrow_parquet.read_schema(tmp_path / "all.parquet").field("time").type) == "timestamp[ms, tz=UTC]"
    for file in (tmp_path / "data" / "history").glob("*.db"):
        file.unlink()
    assert "rows per second; 0 samples replaced" in (await done(tmp_path, "import", "all.parquet")).out
    assert kept_in(tmp_path / "data") == before
    with snapshot(tmp_path / "data" / "history") as seen:
        assert list(seen.texts(points["maker"], *EVER)) == [(START_MS, MAKER)]


async def test_a_range_of_some_points_is_exported(tmp_path: Path, points: dict[str, PointId]) -> None:
    span = ("--from", "2026-01-01", "--to", "2026-01-01T02:00:10+02:00")
    result = await done(tmp_path, "export", "-", *span, "--device", "=boiler", "--point", "flow")
    rows = result.out.splitlines()
    assert rows[0] == "time,device,point,value,unit,quality,text"
    assert rows[1] == "2026-01-01T00:00:00.000Z,'=Boiler,flow,499,m3/h,good,"
    assert len(rows) == 11


async def test_a_pipe_that_ends_early_is_no_failure_with_a_traceback(
    tmp_path: Path, points: dict[str, PointId]
) -> None:
    async with started("history", "export", "-", "--data-dir", "data", folder=tmp_path) as program:
        await program.line("time")
        program.process.stdout._transport.close()  # type: ignore[union-attr]
        await program.process.wait()
        assert "Traceback" not in "\n".join(program.err)


async def test_wrong_rows_are_told_and_nothing_is_stored(tmp_path: Path, points: dict[str, PointId]) -> None:
    (tmp_path / "bad.csv").write_text(
        "time,device,point,value\n"
        "2024-01-01T00:00:00Z,=Boiler,flow,1\n"
        "2024-01-01T00:00:01Z,=Boiler,flw,1\n"
        "soon,=Boiler,flow,1\n"
        "2024-01-01T00:00:03Z,=Boiler,flow,much\n"
    )
    message = await failed(tmp_path, "import", "bad.csv", "--show-errors", "2", code=3)
    assert "bad.csv: line 3, device, point: device '=Boiler' has no point 'flw'; did you mean 'flow'?" in message
    assert "bad.csv: line 4, time: 'soon'; allowed are ISO 8601 times" in message
    assert message.endswith("bad.csv: 1 more; nothing was stored")
    assert not (tmp_path / "data" / "history" / "2024.db").exists()
