"""Profile: the points and the pacing of a device type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stripchart.model.address_book import AddressBook
from stripchart.model.block import Block
from stripchart.model.command import Command
from stripchart.model.point import Point, Texts
from stripchart.model.ranges import Ranges


@dataclass(frozen=True, slots=True)
class Pacing:
    """How a device wants to be asked. Pauses are what serial converters need between frames.

    `max_registers`: registers in one request (Modbus allows 125); `max_bits`: coils or discrete inputs in one
    request (2000); `max_gap`: unwanted addresses worth reading to save a request. `timeout_s` is how long a reply may
    take, `retries` how often a request is asked again, each time after `pause_before_retry_s`. `is_gateway`: the
    other units of its link are behind it, so its `pause_between_s` holds for them, too.
    """

    max_registers: int = 125
    max_bits: int = 2000
    max_gap: int = 10
    pause_after_send_s: float = 0.0
    pause_between_s: float = 0.0
    timeout_s: float = 10.0
    retries: int = 2
    pause_before_retry_s: float = 0.5
    is_gateway: bool = False


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
class Identity:
    """A device of this type has one of these values in the point: any other is of another type, and is not read."""

    point: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """Keys of the points with the parts of a device's clock, and how far it may be off."""

    year: str
    month: str
    day: str
    hour: str
    minute: str
    second: str
    tolerance_s: float = 60.0

    @property
    def parts(self) -> tuple[str, ...]:
        """From the year to the second."""
        return self.year, self.month, self.day, self.hour, self.minute, self.second


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
    no request may ask for together. `ranges`: tables of range codes. `expected`: what shows that it is such a device.
    `clock`: the points of its clock. `book`: the addresses of the points.
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
    ranges: Ranges = field(default_factory=dict)
    expected: tuple[Identity, ...] = ()
    clock: DeviceClock | None = None
    book: AddressBook = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "book", AddressBook.of(self.points))

    def point(self, key: str) -> Point:
        """Raises KeyError when the profile has no such point."""
        for point in self.points:
            if point.key == key:
                return point
        raise KeyError(key)

    @property
    def leading(self) -> frozenset[str]:
        """See `leading_reads`."""
        return leading_reads(self.reads, self.points, self.expected)


def leading_reads(
    reads: Mapping[str, ReadGroup], points: Iterable[Point], expected: Iterable[Identity]
) -> frozenset[str]:
    """Names of the read groups that say what a device is and how much it has, and are read before all others."""
    holder, asked = {}, {identity.point for identity in expected}
    for point in points:
        holder[point.key] = point.read
        if point.capacity is not None:
            asked.add(point.capacity.point)
    leading = {holder[key] for key in asked if key in holder}
    whens = [reads[name].when for name in leading if name in reads]
    return frozenset(leading | {holder[when.point] for when in whens if when is not None and when.point in holder})
