"""`stripchart history` for a history on a server: moving one there, and how it is doing."""

from typing import TYPE_CHECKING

import typer

from stripchart.cli.options import DataDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from stripchart.history.figures import ServerFigures
    from stripchart.history.moving import Moved
    from stripchart.settings import Settings

_MINUTE_MS = 60_000
_PROBES = 60


def move(data_dir: DataDir = None) -> None:
    """Copy catalog and history of the data folder into PostgreSQL. Stop the server first.

    STRIPCHART_DATABASE_URL names the database, such as postgresql://me:secret@db/plant; it must not hold a catalog \
yet. The catalog is copied first, then the samples day by day, oldest first. If interrupted, run the same command \
again and it continues. The files are not changed.

    [bold]Example[/]
      stripchart history move --data-dir /var/lib/stripchart
    """
    import asyncio

    from stripchart.cli.failure import CommandError
    from stripchart.cli.history import settings_of_folder

    settings = settings_of_folder(data_dir, or_of_server=True)
    if settings.database_url is None:
        raise CommandError(
            "set STRIPCHART_DATABASE_URL to the target database: postgresql://user:password@host/database"
        )
    if not settings.catalog_file.exists():
        raise CommandError(f"{settings.catalog_file}: no catalog here; name the data folder with --data-dir")
    rows, moved = asyncio.run(_move(settings, settings.database_url))
    catalog = f"{rows} rows of the catalog" if rows else "the catalog was copied earlier"
    earlier = f" ({moved.before} days were copied earlier)" if moved.before else ""
    output().print(
        f"moved: {catalog}; {moved.samples:,} samples of {moved.days} days{earlier}, {moved.texts:,} texts",
        markup=False,
        soft_wrap=True,
    )


async def _move(settings: "Settings", url: str) -> "tuple[int, Moved]":
    from stripchart.catalog.moving import copy_catalog
    from stripchart.cli.progress import progress
    from stripchart.history.moving import Progress
    from stripchart.history.moving import move as move_history
    from stripchart.history.opening import Place, open_directly

    files = Place(settings.history_folder, settings.data_dir / "spool", None)
    async with open_directly(files, settings.history) as old:
        rows = await copy_catalog(settings.catalog_file_url, url)
        async with open_directly(settings.history_place, settings.history) as new:
            noted = Progress(settings.data_dir / "moved.json", settings.history_place.told)
            with progress("moving") as show:
                return rows, await move_history(old, new, noted, show)


def show_figures(settings: "Settings", *, as_json: bool) -> None:
    """Print how the history's server is doing."""
    import asyncio
    import dataclasses

    import orjson

    figures, rate = asyncio.run(_figures(settings))
    if as_json:
        fields = dataclasses.asdict(figures) | {"rows_per_s": rate, "bytes_per_sample": figures.bytes_per_sample}
        typer.echo(orjson.dumps(fields).decode())
        return
    for name, told in _lines(figures, rate):
        output().print(f"{name:<18} {told}", markup=False, highlight=False, soft_wrap=True)


async def _figures(settings: "Settings") -> "tuple[ServerFigures, float]":
    """The figures, after some queries were asked, and how many samples a second there are of the last minute."""
    import time

    from stripchart.history.opening import open_server

    async with open_server(settings.history_place, settings.history) as historian:
        newest = await historian.latest()
        for number in range(_PROBES):
            point = newest.point_id[number % len(newest) : number % len(newest) + 1].tolist() if len(newest) else []
            end_ms = int(newest.at_ms.max()) + 1 if len(newest) else 0
            await historian.read(point, end_ms - 3_600_000, end_ms, limit=1000)
        now_ms = time.time_ns() // 1_000_000
        recent = await historian.count(newest.point_id.tolist(), now_ms - _MINUTE_MS, now_ms)
        return await historian.figures(), recent / (_MINUTE_MS / 1000)


def _lines(figures: "ServerFigures", rate: float) -> list[tuple[str, str]]:
    from rich.filesize import decimal

    from stripchart.history.care.findings import moment

    kind = {"timescale": "TimescaleDB", "plain": "plain PostgreSQL"}[figures.kind]
    each = "" if figures.bytes_per_sample is None else f", {figures.bytes_per_sample:.1f} bytes per sample"
    growth = figures.growth_bytes_per_day
    ratio = figures.compression_ratio
    quantiles = figures.query_ms
    span = [("-" if at_ms is None else moment(at_ms)) for at_ms in (figures.first_ms, figures.last_ms)]
    return [
        ("stored in", kind),
        ("samples", f"{figures.samples:,}, from {span[0]} to {span[1]}"),
        ("size", f"{decimal(figures.bytes)}{each}"),
        ("growth", "not known yet" if growth is None else f"{decimal(round(growth))} per day"),
        ("insert rate", f"{rate:,.0f} samples per second"),
        ("chunks", f"{figures.chunks}, {figures.compressed} of them compressed"),
        ("compression", "none yet" if ratio is None else f"{ratio:.1f} times smaller"),
        (
            "queries",
            "-" if quantiles is None else "p50 {:.1f} ms, p95 {:.1f} ms, p99 {:.1f} ms".format(*quantiles),
        ),
    ]


def add_to(history: typer.Typer) -> None:
    history.command()(move)
