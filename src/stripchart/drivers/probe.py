"""Probe: one value of a device, read to see whether it can be."""

from dataclasses import dataclass

from stripchart.model.cause import Cause
from stripchart.model.quality import Quality


@dataclass(frozen=True, slots=True)
class Probe:
    """The point that was read, what came (None: no value, or a text), and why not, in words (`error`) and by code."""

    key: str
    value: float | None
    text: str | None
    quality: Quality | None
    error: str | None
    cause: Cause | None = None
