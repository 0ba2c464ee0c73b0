"""A failure the user can do something about: one clear message, and exit code 1."""

import sys
from typing import TYPE_CHECKING

from rich.markup import escape

from stripchart.cli.terminal import complaints

if TYPE_CHECKING:
    from stripchart.model.device import LinkAddress


class CommandError(Exception):
    """The command cannot do what it was asked; the message says why and what would help."""


class FoundBrokenError(CommandError):
    """The command did what it was asked, and something is wrong with the data; the message names it."""


_FAILED, _FOUND_BROKEN = 1, 3


def with_address(link: "LinkAddress", error: object) -> str:
    """The failure with the link that it happened on, once."""
    text = str(error)
    return text if str(link) in text else f"{link}: {text}"


def explain(error: Exception) -> str:
    """The failure in one message; several of them a line each, so that an editor can jump to `file:line`."""
    text = str(error)
    count = text.count("\n") + 1
    return text if count == 1 else f"{count} problems\n{text}"


def stop_with(error: Exception) -> None:
    """Print the failure and leave with code 1, or 3 when it is the data that is wrong."""
    complaints().print(f"[bold red]error:[/] {escape(explain(error))}")
    sys.exit(_FOUND_BROKEN if isinstance(error, FoundBrokenError) else _FAILED)
