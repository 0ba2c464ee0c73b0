"""Failures that the user can do something about."""

import contextlib
from collections.abc import Iterator

from stripchart.auth.errors import AuthError
from stripchart.catalog.errors import CatalogError
from stripchart.cli.failure import CommandError
from stripchart.drivers.base import DriverError
from stripchart.history.base import HistoryError
from stripchart.model.device import AddressError
from stripchart.profiles.library import UnknownProfileError
from stripchart.profiles.problem import ProfileError
from stripchart.simulator.faults import FaultError
from stripchart.simulator.server import PortInUseError, SimulatorError

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
