"""A T3 controller as its firmware answers: it says nothing where others refuse, and obeys some writes only."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from stripchart.model.encode import Value
from stripchart.model.point import Table
from stripchart.model.profile import Profile
from stripchart.simulator.behaviours.base import Behaviour
from stripchart.simulator.device import SimulatedDevice
from stripchart.wire import pdu

_OUTPUTS, _INPUTS, _VARIABLES = range(7100, 7228), range(7484, 7612), range(8092, 8348)
_OUTPUT_MODES = range(7356, 7420)
_SUB_UNITS = 300
_VALUE_REGISTERS = 2
_COUNT_MASK = 0xFF
_CLOCK = ("clock_second", "clock_minute", "clock_hour", "clock_day", "clock_weekday", "clock_month", "clock_year")
_AUTO = 1.0
_HEAD_BYTES = 5


class T3Panel(SimulatedDevice):
    """What answers at the unit id of a T3 controller. Its clock runs as the machine's, until it is set.

    `flash_writes`: writes that it took; each wears its flash.
    """

    def __init__(self, profile: Profile, unit_id: int, behaviour: Behaviour | None = None) -> None:
        self.flash_writes = 0
        self.clock_is_off = timedelta()
        self._is_deaf_output = False
        super().__init__(profile, unit_id, behaviour)

    def attach(self, units: Sequence[int]) -> None:
        """List these units as what is on the RS-485 line."""
        self.set("sub_devices", len(units))
        self._image.write(Table.HOLDING, _SUB_UNITS, units)

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        self.update(self._clock())

    def answer(self, request: bytes) -> bytes:
        """The reply to a request; empty for all that the firmware does not know, or finds wrong."""
        if len(request) < _HEAD_BYTES:
            return b""
        match request[0]:
            case pdu.READ_HOLDING_REGISTERS:
                return self._holding(request)
            case pdu.WRITE_SINGLE_REGISTER | pdu.WRITE_MULTIPLE_REGISTERS:
                return self._written(request)
            case _:
                return b""

    def _holding(self, request: bytes) -> bytes:
        """Only the low byte of the count is looked at, and the count of bytes is one byte, too."""
        start, count = int.from_bytes(request[1:3], "big"), request[4] & _COUNT_MASK
        reply = b""
        for first in range(start, start + count, pdu.MAX_READ_WORDS):
            part = min(pdu.MAX_READ_WORDS, start + count - first)
            said = super().answer(pdu.read_request(pdu.READ_HOLDING_REGISTERS, first, part))
            if not said or pdu.exception_code(said, pdu.READ_HOLDING_REGISTERS) is not None:
                return b""
            reply += said[2:]
        return bytes((pdu.READ_HOLDING_REGISTERS, len(reply) & _COUNT_MASK)) + reply if reply else b""

    def _written(self, request: bytes) -> bytes:
        function, address = request[0], int.from_bytes(request[1:3], "big")
        if function == pdu.WRITE_SINGLE_REGISTER and address in _VARIABLES:
            return request  # The bases of the tables are mixed up: it is stored nowhere.
        if function == pdu.WRITE_MULTIPLE_REGISTERS and request[3:5] != bytes((0, _VALUE_REGISTERS)):
            return b""
        if address in _OUTPUT_MODES and self.read(f"out{address - _OUTPUT_MODES.start + 1}_switch") != _AUTO:
            return request[:_HEAD_BYTES]
        self._is_deaf_output = function == pdu.WRITE_MULTIPLE_REGISTERS and address in _OUTPUTS
        try:
            reply = super().answer(request)
        finally:
            self._is_deaf_output = False
        if not reply or pdu.exception_code(reply, function) is not None:
            return b""
        self.flash_writes += 1
        return reply

    def _tell(self, key: str, value: Value) -> None:
        """By function 16 an output takes a value that its hardware never hears of."""
        if key in _CLOCK and isinstance(value, float):
            self._set_clock(key.removeprefix("clock_"), int(value))
        elif not self._is_deaf_output:
            super()._tell(key, value)

    def _set_clock(self, part: str, value: int) -> None:
        """Each field is set by itself and at once."""
        now = datetime.now(UTC)
        shown = now + self.clock_is_off
        if part != "weekday":
            self.clock_is_off = shown.replace(**{part: value}) - now  # type: ignore[arg-type]

    def _clock(self) -> dict[str, Value]:
        shown = datetime.now(UTC) + self.clock_is_off
        parts = (shown.second, shown.minute, shown.hour, shown.day, shown.isoweekday() % 7, shown.month, shown.year)
        return dict(zip(_CLOCK, map(float, parts), strict=True))
