"""`stripchart history backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

from stripchart.cli.options import DataDir
from stripchart.cli.terminal import output


def backup(
    target: Annotated[Path, typer.Argument(file_okay=False, help="Folder for backups.", show_default=False)],
    data_dir: DataDir = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many backups to keep there, this one too. \\[default: all]")
    ] = None,
    trust_old: Annotated[
        bool, typer.Option("--trust-old", help="Do not read years again that an earlier backup has.")
    ] = False,
) -> None:
    """Back up history, catalog and profiles into a folder, also while the server runs.

    Every sample acknowledged before it begins is in it. A year that an earlier backup in the same folder has as it \
is now is not copied again. Each file is checked by its checksum; a backup that is broken off does not count, and \
those before it stay. The exit code is 3 when pieces were found broken, which are named; the rest is backed up.

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
        raise FoundBrokenError("\n".join(f"{piece}: broken, and so it is in the backup" for piece in made.broken))


def restore(
    source: Annotated[
        Path,
        typer.Argument(exists=True, help="Folder of backups (its newest), or one backup-*.json.", show_default=False),
    ],
    data_dir: DataDir = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also into a folder with data, which is kept aside in undo-*/.")
    ] = False,
) -> None:
    """Put a backup back into the data folder. The server must be stopped.

    The backup is read and checked as a whole first; only then anything is changed. With --force the data that was \
there is moved to a folder undo-\\[time] in the data folder: it is a data folder itself, and yours to delete.

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
    undo = f"; what was there is in {done.undo}" if done.undo is not None else ""
    output().print(
        f"{settings.data_dir}: as it was at {done.manifest.began}, {len(done.manifest.files)} files, "
        f"{decimal(done.manifest.bytes)}{undo}",
        markup=False,
        soft_wrap=True,
    )


def add_to(history: typer.Typer) -> None:
    history.command()(backup)
    history.command()(restore)
