"""`stripchart audit`: who did what, and whether the record of it is whole."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stripchart.cli.options import DataDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from rich.table import Table

    from stripchart.catalog.audit import Audit
    from stripchart.catalog.chain import Head, Record

audit = typer.Typer(
    help="Audit log (who changed what, when and from where): verify, show, export.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 success; 1 failure; 2 wrong options; 3 verified, and records were tampered with.",
)

_MOST_CHANGES_SHOWN = 6


@audit.command()
def verify(
    head: Annotated[
        str, typer.Option(metavar="ID:HASH", help="A head noted earlier, which must still be in the chain.")
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Verify the hash chain and name every record that was changed, removed, inserted or moved.

    Prints the head, the newest record. Note it somewhere that people with access to this folder cannot change, and \
pass it to the next verification: without it, a chain whose end was cut off cleanly looks intact. The exit code is 3 \
when something is wrong.

    [bold]Examples[/]
      stripchart audit verify
      stripchart audit verify --head 812:5d41402abc4b2a76b9719d911017c592...
    """
    import asyncio

    from stripchart.cli.failure import FoundBrokenError

    async def check() -> tuple[int, "Head", tuple[str, ...]]:
        async with _audit(data_dir) as opened:
            found = await opened.verify(_head(head))
            return found.count, found.head, found.faults

    count, newest, faults = asyncio.run(check())
    output().print(f"{count} records; head {newest}", markup=False, soft_wrap=True)
    if faults:
        raise FoundBrokenError("\n".join(faults))
    output().print("the audit log is intact")


@audit.command()
def show(
    who: Annotated[str, typer.Option(help="Only actions of this user.")] = "",
    kind: Annotated[str, typer.Option(help="Only this kind: user, token, site, device, write, ...")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Maximum number of records.")] = 50,
    data_dir: DataDir = None,
) -> None:
    """Show the newest records.

    [bold]Examples[/]
      stripchart audit show
      stripchart audit show --who olga --kind device
    """
    import asyncio

    from stripchart.catalog.audit import AuditFilter

    async def ask() -> "list[Record]":
        async with _audit(data_dir) as opened:
            return await opened.records(AuditFilter(who=who, kind=kind), limit=limit)

    output().print(_table(asyncio.run(ask())))


@audit.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write; - for standard output.", show_default=False)],
    format: Annotated[Literal["csv", "jsonl"], typer.Option(help="csv, or jsonl: one JSON object per line.")] = "csv",
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Export all records to a file, oldest first.

    [bold]Examples[/]
      stripchart audit export audit.csv
      stripchart audit export - --format jsonl
    """
    import asyncio

    from stripchart.catalog.audit import AuditFilter
    from stripchart.catalog.audit_lines import csv_header, csv_line, json_line
    from stripchart.cli.files import new_file

    async def write() -> None:
        as_line = csv_line if format == "csv" else json_line
        async with _audit(data_dir) as opened:
            with new_file(file, force=force) as target:
                target.write(csv_header().encode() if format == "csv" else b"")
                async for record in opened.every(AuditFilter()):
                    target.write(as_line(record).encode())

    asyncio.run(write())


def add_to(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")


@contextlib.asynccontextmanager
async def _audit(data_dir: Path | None) -> "AsyncIterator[Audit]":
    from stripchart.catalog.repository import open_catalog
    from stripchart.cli.configuration import settings_from
    from stripchart.cli.failure import CommandError

    settings = settings_from(data_dir=data_dir)
    if not settings.has_catalog:
        raise CommandError(f"{settings.catalog_file}: no catalog here; name the data folder with --data-dir")
    async with open_catalog(settings.catalog_url) as catalog:
        yield catalog.audit


def _head(text: str) -> "Head | None":
    from stripchart.catalog.chain import Head

    if not text:
        return None
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise typer.BadParameter(f"{text!r}: allowed is what verify printed, such as 812:5d41...")
    return Head(int(number), digest)


def _table(records: "list[Record]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from stripchart.catalog.audit_lines import as_object

    table = Table("id", "when", "who", "from", "what", "changes")
    for record in reversed(records):
        told = as_object(record)
        changes = [_change(name, change) for name, change in told["changes"].items()]
        more = f"\nand {len(changes) - _MOST_CHANGES_SHOWN} more" if len(changes) > _MOST_CHANGES_SHOWN else ""
        table.add_row(
            str(record.id),
            told["at"][:19].replace("T", " "),
            escape(record.who or "nobody"),
            escape(" ".join(filter(None, (record.origin, record.via)))),
            escape(f"{record.action} {record.kind} {record.subject}"),
            escape("\n".join(changes[:_MOST_CHANGES_SHOWN]) + more),
        )
    return table


def _change(name: str, change: object) -> str:
    if not isinstance(change, dict):
        return name
    old, new = change.get("old"), change.get("new")
    return f"{name}: {new}" if "old" not in change else f"{name}: {old} -> {new if 'new' in change else 'gone'}"
