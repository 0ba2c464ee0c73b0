"""What a link shares with its transport: address, options, counters, and the flight recorder."""

from collections.abc import Callable
from dataclasses import dataclass, field

from stripchart.drivers.modbus.counters import LinkCounters
from stripchart.drivers.modbus.recorder import FlightRecorder
from stripchart.model.device import LinkAddress
from stripchart.model.link import LinkOptions


def _nobody(_unit_id: int) -> None:
    return None


@dataclass(slots=True)
class LinkContext:
    """`options` may change while the link is open. `heard_late` is told the unit of each late reply."""

    address: LinkAddress
    options: LinkOptions = field(default_factory=LinkOptions)
    counters: LinkCounters = field(default_factory=LinkCounters)
    recorder: FlightRecorder = field(default_factory=FlightRecorder)
    heard_late: Callable[[int], None] = _nobody
