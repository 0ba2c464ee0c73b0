"""A simulated device: the register image of a profile, what its values truly are, and who moves them."""

import difflib
import time
from collections.abc import Mapping

from stripchart.model.block import Block
from stripchart.model.encode import Value, encode, own_bits
from stripchart.model.point import Point, Table
from stripchart.model.profile import Profile
from stripchart.model.wanted import low_word
from stripchart.simulator.behaviours.base import Behaviour, Still
from stripchart.simulator.decode import decode
from stripchart.simulator.faults import Fault
from stripchart.simulator.image import Image, spans, written_to
from stripchart.simulator.quirks import Quirks
from stripchart.wire.errors import IllegalRequestError
from stripchart.wire.pdu import (
    ILLEGAL_DATA_ADDRESS,
    WRITE_SINGLE_REGISTER,
    Request,
    exception_reply,
    parse_request,
    write_reply,
)

_TABLES = {
    1: Table.COIL,
    2: Table.DISCRETE,
    3: Table.HOLDING,
    4: Table.INPUT,
    5: Table.COIL,
    6: Table.HOLDING,
    15: Table.COIL,
    16: Table.HOLDING,
}


class UnknownPointError(KeyError):
    """The profile has no point of this key."""

    def __init__(self, profile: Profile, key: str) -> None:
        near = difflib.get_close_matches(key, [point.key for point in profile.points], n=3)
        hint = f"; near: {', '.join(near)}" if near else ""
        super().__init__(f"profile {profile.key} has no point {key!r}{hint}")

    def __str__(self) -> str:
        return str(self.args[0])


class SimulatedDevice:
    """What answers at a unit id.

    Between the first and the last known address of a table a gap answers 0; other addresses are refused with
    exception 2; what it cannot do beyond that is in `quirks`. Writes (functions 5, 6, 15, 16) go into the image and
    are told to the behaviour. Function 6 on a longer value that the profile wants written so sets its other registers
    to 0.
    """

    def __init__(self, profile: Profile, unit_id: int, behaviour: Behaviour | None = None) -> None:
        self.profile = profile
        self.unit_id = unit_id
        self.fault: Fault | None = None
        self.quirks = Quirks()
        self._replied_s = 0.0
        self._behaviour = behaviour or Still()
        self._image = Image([*spans(profile.points), *written_to(profile), *self._behaviour.extra])
        self._points = {point.key: point for point in profile.points}
        self._followers = _followers(profile)
        self._truth: dict[str, Value] = {key: _at_rest(point) for key, point in self._points.items()}
        self._held: set[str] = set()
        self.advance(0)

    def set(self, key: str, value: Value) -> None:
        """Make the point this value and hold it, whatever the behaviour says, until `release`.

        Raises UnknownPointError, and EncodeError when the point cannot hold the value.
        """
        self._show(key, value)
        self._held.add(key)

    def release(self, key: str) -> None:
        """Give the point back to the behaviour."""
        self._known(key)
        self._held.discard(key)

    def read(self, key: str) -> Value:
        """What the point truly is: as it was set, before any rounding on the wire."""
        self._known(key)
        return self._truth[key]

    def advance(self, seconds: float) -> None:
        """Let plant time pass. Raises UnknownPointError when the behaviour moves a point the profile lacks."""
        self.update(self._behaviour.advance(seconds))

    def update(self, values: Mapping[str, Value]) -> None:
        """New values of points; those that are held stay as they are."""
        for key, value in values.items():
            if key not in self._truth:
                raise UnknownPointError(self.profile, key)
            if value != self._truth[key] and key not in self._held:
                self._show(key, value)

    def answer(self, pdu: bytes) -> bytes:
        """The reply to a request, without framing; a request that cannot be served gets an exception.

        Empty when the device is silent over it.
        """
        if self.quirks.pause_s and time.monotonic() - self._replied_s < self.quirks.pause_s:
            return b""
        reply = self._reply(pdu)
        self._replied_s = time.monotonic()
        return reply

    def _reply(self, pdu: bytes) -> bytes:
        try:
            request = parse_request(pdu)
            return self._write(request) if request.values else self._read(request)
        except IllegalRequestError as error:
            return exception_reply(pdu[0] if pdu else 0, error.code)

    def _read(self, request: Request) -> bytes:
        asked = Block(_TABLES[request.function], request.start, request.start + request.count)
        objection = self.quirks.objection(asked)
        if objection is not None:
            return b"" if self.quirks.silent else exception_reply(request.function, objection)
        data = self._image.read(_TABLES[request.function], request.start, request.count)
        if data is None:
            raise IllegalRequestError(ILLEGAL_DATA_ADDRESS, f"{request.start}: no such address")
        return bytes((request.function, len(data))) + data

    def _write(self, request: Request) -> bytes:
        table = _TABLES[request.function]
        if self._image.read(table, request.start, request.count) is None:
            raise IllegalRequestError(ILLEGAL_DATA_ADDRESS, f"{request.start}: no such address")
        if self.quirks.echo:
            return write_reply(request)
        self._image.write(table, request.start, request.values)
        self._behaviour.written(table, request.start, request.values)
        end = request.start + request.count
        for point in self.profile.points:
            if point.table is not table:
                continue
            if request.function == WRITE_SINGLE_REGISTER and _takes_low_word(point, request.start):
                words = [0] * point.registers
                words[low_word(point)] = request.values[0]
                self._image.write(table, point.address, words)
                self._learn(point)
            elif request.start <= point.address and point.end <= end:
                self._learn(point)
        return write_reply(request)

    def _learn(self, point: Point) -> None:
        words = self._image.values(point.table, point.address, point.registers)
        value = decode(point, words, other=self._other(point))
        self._truth[point.key] = value
        self._tell(point.key, value)

    def _tell(self, key: str, value: Value) -> None:
        self._behaviour.told(key, value)

    def _show(self, key: str, value: Value) -> None:
        point = self._known(key)
        self._put(point, value)
        self._truth[key] = value
        for follower in self._followers.get(key, ()):
            self._put(follower, self._truth[follower.key])

    def _put(self, point: Point, value: Value) -> None:
        words = encode(point, value, other=self._other(point))
        if point.bit is not None:
            before = self._image.values(point.table, point.address, point.registers)
            own = own_bits(point)
            words = tuple(old & ~mask | new for old, mask, new in zip(before, own, words, strict=True))
        self._image.write(point.table, point.address, words)

    def _other(self, point: Point) -> float | None:
        source = point.scale_factor or (point.scale_when.point if point.scale_when else None)
        value = self._truth[source] if source else None
        return value if isinstance(value, float | int) else None

    def _known(self, key: str) -> Point:
        if key not in self._points:
            raise UnknownPointError(self.profile, key)
        return self._points[key]


def _takes_low_word(point: Point, address: int) -> bool:
    writes_one = point.writable is not None and point.writable.function == WRITE_SINGLE_REGISTER
    return writes_one and point.registers > 1 and address == point.address + low_word(point)


def _followers(profile: Profile) -> dict[str, list[Point]]:
    """For each point, those whose registers change when it does, because it scales them."""
    followers: dict[str, list[Point]] = {}
    for point in profile.points:
        source = point.scale_factor or (point.scale_when.point if point.scale_when else None)
        if source:
            followers.setdefault(source, []).append(point)
    return followers


def _at_rest(point: Point) -> Value:
    """What registers full of zeros say."""
    return decode(point, (0,) * point.registers)
