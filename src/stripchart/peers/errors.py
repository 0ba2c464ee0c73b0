"""How asking another process fails."""

from stripchart.drivers.base import DriverError


class NobodyError(DriverError):
    """No collector could be asked; nothing was done."""


class NoWordError(DriverError):
    """The collector was asked and did not answer: it may have been done."""
