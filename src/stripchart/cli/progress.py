"""Progress bars on standard error; nothing where nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stripchart.cli.terminal import complaints

Show = Callable[[str, int, int], None]
"""Told what is worked on, how much is done, and how much there is."""


@contextmanager
def progress(title: str, *, in_bytes: bool = False) -> Iterator[Show]:
    """A bar while this is open, if standard error is a terminal."""
    console = complaints()
    if not console.is_terminal:
        yield lambda what, done, total: None
        return
    count = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), count, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"{title} {what}".rstrip(), completed=done, total=total or None)

        yield show
