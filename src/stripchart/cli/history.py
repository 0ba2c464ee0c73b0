"""`stripchart history`: looking after what was recorded."""

from typing import TYPE_CHECKING, Annotated

import typer

from stripchart.cli.options import DataDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from rich.table import Table

    from stripchart.history.care.stats import FolderStats
    from stripchart.settings import Settings

history = typer.Typer(
    help="Check, back up, restore, compact, export, import and move the recorded history.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 success; 1 failure; 2 wrong options; 3 done, but data is damaged or invalid.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]


@history.command()
def check(data_dir: DataDir = None) -> None:
    """Verify the integrity of the history: checksums, order, counts, sums, roll-ups, texts and the journal.

    Read-only; the server may run. Each damaged block is named with file, point and time range, and the exit code is \
3. The server keeps serving everything else; restore a backup to get the damaged parts back.

    [bold]Examples[/]
      stripchart history check
      stripchart history check --data-dir /var/lib/stripchart
    """
    from stripchart.cli.failure import FoundBrokenError
    from stripchart.cli.point_names import names_of_points, told
    from stripchart.cli.progress import progress
    from stripchart.history.care.check import check as findings_in

    settings = settings_of_folder(data_dir)
    with progress("checking") as show:
        findings = list(findings_in(settings.history_folder, lambda done, total: show("", done, total)))
    names = names_of_points(settings) if any(finding.point is not None for finding in findings) else None
    lines = [(finding, finding.told(told(names, finding.point) if names else "")) for finding in findings]
    for finding, line in lines:
        if finding.is_harmless:
            output().print(f"note: {line}", markup=False, soft_wrap=True)
    broken = [line for finding, line in lines if not finding.is_harmless]
    if broken:
        raise FoundBrokenError("\n".join(broken))
    output().print(f"{settings.history_folder}: no damage found", markup=False, soft_wrap=True)


@history.command()
def stats(
    data_dir: DataDir = None,
    json: Json = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Skip checksums; damaged blocks are then not counted.")
    ] = False,
) -> None:
    """Show what is stored, in total and by year: samples, bytes, points, segments, oldest and newest.

    For a history in PostgreSQL: samples, size, growth, insert rate, chunks, compression and query times.

    [bold]Examples[/]
      stripchart history stats
      stripchart history stats --quick --json --data-dir /var/lib/stripchart
    """
    import dataclasses

    import orjson

    from stripchart.cli.on_server import show_figures
    from stripchart.cli.progress import progress
    from stripchart.history.care.stats import stats_of_folder

    settings = settings_of_folder(data_dir, or_of_server=True)
    if settings.database_url is not None:
        show_figures(settings, as_json=json)
        return
    with progress("counting") as show:
        found = stats_of_folder(settings.history_folder, look_for_broken=not quick, advance=show)
    if json:
        fields = dataclasses.asdict(found) | {"bytes_per_sample": found.bytes_per_sample}
        for year, told in zip(found.years, fields["years"], strict=True):
            told["bytes_per_sample"] = year.bytes_per_sample
        typer.echo(orjson.dumps(fields).decode())
        return
    output().print(_stats_table(found))
    output().print(_summary(found), markup=False, soft_wrap=True)


@history.command()
def compact(data_dir: DataDir = None) -> None:
    """Merge small blocks and return free space to the disk. Stop the server first.

    The server does most of this by itself. Run it after importing old data, or after much has been deleted. Each \
year file is replaced in one step, so nothing is lost if it is interrupted.

    [bold]Example[/]
      stripchart history compact --data-dir /var/lib/stripchart
    """
    from rich.filesize import decimal

    from stripchart.cli.progress import progress
    from stripchart.history.care.compact import compact as compacted

    settings = settings_of_folder(data_dir)
    with progress("compacting") as show:
        before, after = compacted(settings.history_folder, show)
    output().print(
        f"{settings.history_folder}: {decimal(before.bytes)} in {before.pieces} pieces before, "
        f"{decimal(after.bytes)} in {after.pieces} pieces now",
        markup=False,
        soft_wrap=True,
    )


def settings_of_folder(data_dir: DataDir, *, or_of_server: bool = False) -> "Settings":
    """The settings, after a restore that was broken off in the folder is finished.

    Raises CommandError when the history is kept on a server, unless `or_of_server`.
    """
    from stripchart.cli.configuration import settings_from
    from stripchart.cli.failure import CommandError
    from stripchart.cli.logs import configure_logs
    from stripchart.history.care.restore import finish_restore

    configure_logs("error")
    settings = settings_from(data_dir=data_dir)
    if settings.database_url is not None and not or_of_server:
        raise CommandError(
            "the history is in PostgreSQL (STRIPCHART_DATABASE_URL) and this command works on files only: use the "
            "tools of the database, such as pg_dump, or the export of the API"
        )
    finish_restore(settings.data_dir)
    return settings


def _stats_table(found: "FolderStats") -> "Table":
    from rich.filesize import decimal
    from rich.table import Column, Table

    from stripchart.history.care.findings import moment

    names = ("samples", "bytes", "per sample", "points", "segments", "bundles", "rolled up", "quarantined")
    table = Table("year", *(Column(name, justify="right", no_wrap=True) for name in names), "oldest", "newest")
    for year in found.years:
        each = year.bytes_per_sample
        span = ("-" if at_ms is None else moment(at_ms) for at_ms in (year.first_ms, year.last_ms))
        table.add_row(
            str(year.year),
            f"{year.samples:,}",
            decimal(year.bytes),
            "-" if each is None else f"{each:.2f} B",
            *(f"{count:,}" for count in (year.points, year.segments, year.bundles, year.rolled_up)),
            "not checked" if year.quarantined is None else f"{year.quarantined:,}",
            *span,
        )
    return table


def _summary(found: "FolderStats") -> str:
    from rich.filesize import decimal

    each = found.bytes_per_sample
    per_sample = "" if each is None else f", {each:.2f} bytes per sample"
    return (
        f"{found.samples:,} samples and {found.texts:,} texts of {found.points:,} points in {decimal(found.bytes)}"
        f"{per_sample}; {found.waiting:,} of them still in the journal only"
    )


def add_to(app: typer.Typer) -> None:
    from stripchart.cli import backups, on_server, tables

    backups.add_to(history)
    on_server.add_to(history)
    tables.add_to(history)
    app.add_typer(history, name="history")
