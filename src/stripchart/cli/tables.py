"""`stripchart history export` and `import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stripchart.cli.options import DataDir
from stripchart.cli.terminal import complaints, output

if TYPE_CHECKING:
    from stripchart.interop.exporting import Exported, TableFormat
    from stripchart.interop.importing import Looked
    from stripchart.interop.names import Names
    from stripchart.settings import Settings

Devices = Annotated[
    list[str] | None, typer.Option("--device", help="Only this device (its name); may be repeated. \\[default: all]")
]
Points = Annotated[
    list[str] | None, typer.Option("--point", help="Only this point (its key); may be repeated. \\[default: all]")
]
Moment = Annotated[str | None, typer.Option(metavar="TIME", help="ISO 8601; UTC when it names no zone.")]


def export(  # noqa: PLR0913 - a command's options
    file: Annotated[
        Path,
        typer.Argument(
            help="File to write, *.csv or *.parquet; - writes CSV to standard output.", show_default=False
        ),
    ],
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Start, inclusive. ISO 8601; UTC unless it has an offset."),
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="End, exclusive.")] = None,
    device: Devices = None,
    point: Points = None,
    table_format: Annotated[
        Literal["csv", "parquet"] | None,
        typer.Option("--format", help="File format. \\[default: from the file name, else csv]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Export samples to CSV or Parquet, even while the server runs.

    One row per sample: time, device, point, value, unit, quality, text; device by device and point by point, oldest \
first. Times are UTC. In CSV, a text that a spreadsheet would take for a formula gets a leading apostrophe, which \
import removes.

    [bold]Examples[/]
      stripchart history export day.csv --from 2026-11-20 --to 2026-11-21 --device G1
      stripchart history export all.parquet --data-dir /var/lib/stripchart
      stripchart history export - --device G1 --point coolant_temp | head
    """
    from stripchart.cli.failure import FoundBrokenError
    from stripchart.cli.history import settings_of_folder

    settings = settings_of_folder(data_dir)
    span = _span(start, end)
    written = _write(settings, file, _format(file, table_format), (device or [], point or []), span, force=force)
    if str(file) != "-":
        text = f"{file}: {written.samples:,} samples and {written.texts:,} texts of {written.points:,} points"
        output().print(text, markup=False, soft_wrap=True)
    if written.broken:
        raise FoundBrokenError("\n".join(f"{piece}: damaged, not exported" for piece in written.broken))


def import_table(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV or Parquet file.", show_default=False)
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COLUMN",
            help="Column of the file that holds time, device, point, value, ...; may be repeated.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Validate every row and store nothing; the server may run.")
    ] = False,
    show_errors: Annotated[int, typer.Option(min=1, max=10_000, help="Number of invalid fields to show.")] = 20,
    data_dir: DataDir = None,
) -> None:
    """Import samples from CSV or Parquet. Stop the server first.

    Required columns: time, device, point, and value or text; optional: unit, quality. Devices and points must be in \
the catalog. The whole file is validated first: with one invalid field nothing is stored, and the exit code is 3. A \
sample with the same point and time replaces the stored one, so an interrupted import can be repeated.

    [bold]Examples[/]
      stripchart history import old.csv --dry-run
      stripchart history import plc.csv --column time=Timestamp --column value=Reading
      stripchart history import all.parquet --data-dir /var/lib/stripchart
    """
    import asyncio

    from stripchart.cli.failure import CommandError, FoundBrokenError
    from stripchart.cli.history import settings_of_folder
    from stripchart.cli.point_names import names_of_points
    from stripchart.interop.lines import TableError

    settings = settings_of_folder(data_dir, or_of_server=True)
    given = _columns(column or [])
    try:
        names = names_of_points(settings)
        if dry_run:
            looked = _look(file, names, given, show_errors)
        else:
            looked = asyncio.run(_import(settings, file, names, given, show_errors))
    except TableError as error:
        raise CommandError(str(error)) from error
    if looked.ignored:
        complaints().print(f"columns ignored: {', '.join(looked.ignored)}", markup=False)
    if looked.errors.count:
        raise FoundBrokenError(_wrong(file, looked, stored="nothing would be" if dry_run else "nothing was"))
    if dry_run:
        output().print(f"{_told(file, looked)}: valid; nothing was stored", markup=False, soft_wrap=True)


def _write(
    settings: "Settings",
    file: Path,
    table_format: "TableFormat",
    chosen: tuple[list[str], list[str]],
    span: tuple[int, int],
    *,
    force: bool,
) -> "Exported":
    from stripchart.cli.failure import CommandError
    from stripchart.cli.files import new_file
    from stripchart.cli.point_names import names_of_points
    from stripchart.cli.progress import progress
    from stripchart.history.care.snapshot import snapshot
    from stripchart.interop.exporting import export as write_table
    from stripchart.interop.names import UnknownNameError

    names = names_of_points(settings)
    with snapshot(settings.history_folder) as seen, progress("exporting") as show:
        there = sorted({*seen.points(), *seen.points_with_texts()})
        try:
            points = names.chosen(there, *chosen)
        except UnknownNameError as error:
            raise CommandError(str(error)) from error
        with new_file(file, force=force) as to:
            return write_table(
                seen,
                names,
                points,
                span,
                table_format=table_format,
                to=to,
                advance=lambda done, total: show("points", done, total),
            )


async def _import(
    settings: "Settings", file: Path, names: "Names", given: dict[str, str], show_errors: int
) -> "Looked":
    import time

    from stripchart.cli.progress import progress
    from stripchart.history.opening import open_directly
    from stripchart.interop.importing import look_through, open_spool, store
    from stripchart.interop.lines import LineErrors

    started_s = time.monotonic()
    async with open_directly(settings.history_place, settings.history) as historian:
        with open_spool(settings.data_dir) as spool:
            with progress("reading", in_bytes=True) as show:
                looked = look_through(
                    file,
                    names,
                    given,
                    LineErrors(show_errors),
                    spool=spool,
                    advance=lambda done, total: show(file.name, done, total),
                )
            if looked.errors.count:
                return looked
            before = (await historian.stats()).samples
            with progress("storing") as show:
                await store(historian, looked, spool, lambda done, total: show("rows", done, total))
            new = (await historian.stats()).samples - before
    elapsed_s = time.monotonic() - started_s
    output().print(
        f"{_told(file, looked)}: stored in {elapsed_s:.1f} s, {looked.rows / elapsed_s:,.0f} rows per second; "
        f"{looked.samples - new:,} samples replaced stored ones of the same time and point or were in the file twice",
        markup=False,
        soft_wrap=True,
    )
    return looked


def _look(file: Path, names: "Names", given: dict[str, str], show_errors: int) -> "Looked":
    from stripchart.cli.progress import progress
    from stripchart.interop.importing import look_through
    from stripchart.interop.lines import LineErrors

    with progress("reading", in_bytes=True) as show:
        return look_through(
            file,
            names,
            given,
            LineErrors(show_errors),
            spool=None,
            advance=lambda done, total: show(file.name, done, total),
        )


def _told(file: Path, looked: "Looked") -> str:
    from stripchart.history.care.findings import moment

    span = ""
    if looked.first_ms is not None and looked.last_ms is not None:
        span = f", {moment(looked.first_ms)} to {moment(looked.last_ms)}"
    texts = len(looked.texts)
    return f"{file}: {looked.samples:,} samples and {texts:,} texts of {looked.points:,} points{span}"


def _wrong(file: Path, looked: "Looked", *, stored: str) -> str:
    lines = [f"{file}: {error}" for error in sorted(looked.errors.first)]
    more = looked.errors.count - len(lines)
    lines.append(f"{file}: {f'{more:,} more; ' if more else ''}{stored} stored")
    return "\n".join(lines)


def _columns(given: list[str]) -> dict[str, str]:
    from stripchart.cli.failure import CommandError

    columns = {}
    for each in given:
        name, mark, column = each.partition("=")
        if not (name and mark and column):
            raise CommandError(f"--column {each}: must be NAME=COLUMN, such as time=Timestamp")
        columns[name] = column
    return columns


def _format(file: Path, given: "TableFormat | None") -> "TableFormat":
    from stripchart.cli.failure import CommandError

    by_name: TableFormat = "parquet" if file.suffix.casefold() == ".parquet" else "csv"
    chosen = given or by_name
    if str(file) == "-" and chosen == "parquet":
        raise CommandError("a Parquet file cannot be written to standard output; name a file")
    return chosen


def _span(start: str | None, end: str | None) -> tuple[int, int]:
    from stripchart.cli.failure import CommandError

    ever = 2**62
    span = (-ever if start is None else _ms("--from", start), ever if end is None else _ms("--to", end))
    if span[0] >= span[1]:
        raise CommandError(f"--from {start} is not before --to {end}")
    return span


def _ms(option: str, text: str) -> int:
    from datetime import datetime

    from stripchart.cli.failure import CommandError
    from stripchart.model.time import to_ms

    try:
        return to_ms(datetime.fromisoformat(text))
    except ValueError as error:
        raise CommandError(f"{option} {text}: must be an ISO 8601 time, such as 2026-11-21T12:00:00Z") from error


def add_to(history: typer.Typer) -> None:
    history.command()(export)
    history.command("import")(import_table)
