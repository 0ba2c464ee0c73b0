"""A failure the user can do something about: one clear message, and exit code 1."""

import sys

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from stripchart.catalog.errors import CatalogError
from stripchart.drivers.base import DriverError
from stripchart.history.base import HistoryError
from stripchart.model.device import AddressError
from stripchart.profiles.library import UnknownProfileError
from stripchart.profiles.problem import ProfileError
from stripchart.simulator.faults import FaultError
from stripchart.simulator.server import SimulatorError


class CommandError(Exception):
    """The command cannot do what it was asked; the message says why and what would help."""


EXPECTED = (
    AddressError,
    CatalogError,
    CommandError,
    DriverError,
    FaultError,
    HistoryError,
    ProfileError,
    SimulatorError,
    UnknownProfileError,
)


def explain(error: Exception) -> str:
    """The failure in one message."""
    if isinstance(error, ValidationError):
        return "\n".join(_setting(detail["loc"], detail["msg"]) for detail in error.errors())
    return str(error)


def _setting(place: tuple[int | str, ...], message: str) -> str:
    return f"STRIPCHART_{'__'.join(str(part) for part in place).upper()}: {message}"


def stop_with(error: Exception) -> None:
    """Print the failure and leave with code 1."""
    Console(stderr=True).print(f"[bold red]error:[/] {escape(explain(error))}", soft_wrap=True, highlight=False)
    sys.exit(1)
