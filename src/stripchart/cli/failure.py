"""A failure the user can do something about: one clear message, and exit code 1."""

import contextlib
import sys
from collections.abc import Iterator

from rich.markup import escape

from stripchart.auth.errors import AuthError
from stripchart.catalog.errors import CatalogError
from stripchart.cli.terminal import complaints
from stripchart.drivers.base import DriverError
from stripchart.history.base import HistoryError
from stripchart.model.device import AddressError, LinkAddress
from stripchart.profiles.library import UnknownProfileError
from stripchart.profiles.problem import ProfileError
from stripchart.simulator.faults import FaultError
from stripchart.simulator.server import PortInUseError, SimulatorError


class CommandError(Exception):
    """The command cannot do what it was asked; the message says why and what would help."""


class FoundBrokenError(CommandError):
    """The command did what it was asked, and something is wrong with the data; the message names it."""


_FAILED, _FOUND_BROKEN = 1, 3

EXPECTED = (
    AddressError,
    AuthError,
    CatalogError,
    CommandError,
    DriverError,
    FaultError,
    HistoryError,
    ProfileError,
    SimulatorError,
    UnknownProfileError,
)


@contextlib.contextmanager
def naming_option(option: str) -> Iterator[None]:
    """Say with which option another port is chosen, when one of the simulator's is in use."""
    try:
        yield
    except PortInUseError as error:
        raise CommandError(f"{error} with {option}") from error


def with_address(link: LinkAddress, error: object) -> str:
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
