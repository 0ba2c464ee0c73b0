"""Profile: the points and the pacing of a device type."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stripchart.model.block import Block
from stripchart.model.command import Command
from stripchart.model.point import Point, Texts


@dataclass(frozen=True, slots=True)
class Pacing:
    """How a device wants to be asked. Pauses are what serial converters need between frames.

    `max_registers`: registers in one request (Modbus allows 125); `max_bits`: coils or discrete inputs in one
    request (2000); `max_gap`: unwanted addresses worth reading to save a request. `timeout_s` is how long a reply may
    take, `retries` how often a request is asked again, each time after `pause_before_retry_s`.
    """

    max_registers: int = 125
    max_bits: int = 2000
    max_gap: int = 10
    pause_after_send_s: float = 0.0
    pause_between_s: float = 0.0
    timeout_s: float = 10.0
    retries: int = 2
    pause_before_retry_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Condition:
    """True while the point `point` has the value `equals`.

    `otherwise` is what the points of the read group are known to be while it is false (an alarm word is 0 while
    the common-alarm bit is clear); None: nothing is known, and they are left alone.
    """

    point: str
    equals: float
    otherwise: float | None = None


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """Points read together: each `every`-th cycle, and only while `when` holds."""

    name: str
    every: int = 1
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A device type. `groups` names the display groups in their order, `overview` the points of its tile.

    `commands`: what an operator can have the device do, beside writing its writable points. `holes`: addresses that
    no request may ask for together.
    """

    key: str
    name: Texts
    kind: str
    maker: str = ""
    description: Texts = field(default_factory=dict)
    interval_s: float = 10.0
    unit_id: int = 1
    pacing: Pacing = Pacing()
    reads: Mapping[str, ReadGroup] = field(default_factory=lambda: {"fast": ReadGroup("fast")})
    groups: Mapping[str, Texts] = field(default_factory=dict)
    overview: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    commands: Mapping[str, Command] = field(default_factory=dict)
    holes: tuple[Block, ...] = ()

    def point(self, key: str) -> Point:
        """Raises KeyError when the profile has no such point."""
        for point in self.points:
            if point.key == key:
                return point
        raise KeyError(key)
