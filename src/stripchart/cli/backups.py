"""`stripchart history backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from stripchart.cli.options import DataDir
from stripchart.cli.terminal import output


def backup(
    target: Annotated[Path, typer.Argument(file_okay=False, help="Folder for the backups.", show_default=False)],
    data_dir: DataDir = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Number of backups to keep, including this one. \\[default: all]")
    ] = None,
    trust_old: Annotated[
        bool, typer.Option("--trust-old", help="Do not re-verify files copied by an earlier backup.")
    ] = False,
) -> None:
    """Back up history, catalog and profiles into a folder, even while the server runs.

    The backup contains every sample acknowledged before it started. Incremental: a year that has not changed since \
an earlier backup in the same folder is not copied again. Files are verified by checksum; an interrupted backup does \
not count, and earlier ones stay valid. The exit code is 3 when damaged blocks were found; they are named, and the \
rest is backed up.

    [bold]Examples[/]
      stripchart history backup /mnt/nas/stripchart
      stripchart history backup /mnt/nas/stripchart --keep 7 --data-dir /var/lib/stripchart
    """
    from rich.filesize import decimal

    from stripchart.cli.failure import FoundBrokenError
    from stripchart.cli.history import settings_of_folder
    from stripchart.cli.progress import progress
    from stripchart.history.care.backup import BackupOptions
    from stripchart.history.care.backup import backup as backed_up

    settings = settings_of_folder(data_dir)
    with progress("backing up", in_bytes=True) as show:
        made = backed_up(settings.data_dir, target, BackupOptions(keep, trust_old), show)
    copied = sum(file.bytes for file in made.copied)
    removed = f", {len(made.removed)} old removed" if made.removed else ""
    output().print(
        f"{made.manifest_path}: {len(made.manifest.files)} files, {decimal(made.manifest.bytes)}; "
        f"{len(made.copied)} of them new, {decimal(copied)}{removed}",
        markup=False,
        soft_wrap=True,
    )
    if made.broken:
        raise FoundBrokenError("\n".join(f"{piece}: damaged, and backed up as it is" for piece in made.broken))


def restore(
    source: Annotated[
        Path,
        typer.Argument(
            exists=True, help="Folder of backups (the newest is taken), or one backup-*.json.", show_default=False
        ),
    ],
    data_dir: DataDir = None,
    force: Annotated[bool, typer.Option("--force", help="Replace existing data, which is moved to undo-*/.")] = False,
) -> None:
    """Restore a backup into the data folder. Stop the server first.

    The whole backup is verified before anything is changed. With --force, existing data is moved to undo-\\[time] \
inside the data folder: a complete data folder of its own, which you may delete.

    [bold]Examples[/]
      stripchart history restore /mnt/nas/stripchart --data-dir /var/lib/stripchart
      stripchart history restore /mnt/nas/stripchart/backup-20261121T063000.000Z.json --force
    """
    from rich.filesize import decimal

    from stripchart.cli.history import settings_of_folder
    from stripchart.cli.progress import progress
    from stripchart.history.care.restore import restore as put_back

    settings = settings_of_folder(data_dir)
    with progress("restoring", in_bytes=True) as show:
        done = put_back(source, settings.data_dir, force=force, advance=show)
    undo = f"; the previous data is in {done.undo}" if done.undo is not None else ""
    output().print(
        f"{settings.data_dir}: restored as of {done.manifest.began}, {len(done.manifest.files)} files, "
        f"{decimal(done.manifest.bytes)}{undo}",
        markup=False,
        soft_wrap=True,
    )


def add_to(history: typer.Typer) -> None:
    history.command()(backup)
    history.command()(restore)
