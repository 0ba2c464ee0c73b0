"""Commands to a running simulator, one line of text each: faults and values by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stripchart.simulator.device import SimulatedDevice, UnknownPointError
from stripchart.simulator.encode import EncodeError, Value
from stripchart.simulator.faults import FaultError, parse_fault

_USAGE = {
    "list": "list",
    "points": "points DEVICE",
    "read": "read DEVICE POINT",
    "set": "set DEVICE POINT VALUE",
    "release": "release DEVICE POINT",
    "fault": "fault DEVICE NAME[=ARG][~PROBABILITY]",
    "clear": "clear DEVICE",
    "help": "help",
}


class CommandError(ValueError):
    """A command that cannot be understood; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Console:
    """Commands by device name: the unit id as text on a single port, the device's name in a plant."""

    devices: Mapping[str, SimulatedDevice]

    async def command(self, text: str) -> str:
        """Do one command and say what was done. Whatever is wrong with it is said in the returned text."""
        try:
            return self._do(text.split())
        except (CommandError, FaultError, UnknownPointError, EncodeError) as error:
            return f"error: {error}"

    def _do(self, words: list[str]) -> str:
        name = words[0] if words else "help"
        if name not in _USAGE:
            raise CommandError(f"command {name!r}: allowed are {', '.join(_USAGE)}")
        wanted = len(_USAGE[name].split())
        if (len(words) < wanted and words) or (len(words) > wanted and name != "set"):
            raise CommandError(f"{name} is written: {_USAGE[name]}")
        doers: dict[str, Callable[[list[str]], str]] = {
            "list": self._list,
            "points": self._list_points,
            "read": self._read,
            "set": self._set,
            "release": self._release,
            "fault": self._fault,
            "clear": self._clear,
            "help": lambda _: "\n".join(_USAGE.values()),
        }
        return doers[name](words[1:])

    def _list(self, _: list[str]) -> str:
        return "\n".join(
            f"{name}: {device.profile.key}, unit {device.unit_id}, {device.fault or 'well'}"
            for name, device in self.devices.items()
        )

    def _list_points(self, words: list[str]) -> str:
        device = self._device(words[0])
        return "\n".join(f"{point.key} = {_shown(device.read(point.key))}" for point in device.profile.points)

    def _read(self, words: list[str]) -> str:
        device, key = self._device(words[0]), words[1]
        return f"{words[0]} {key} = {_shown(device.read(key))}"

    def _set(self, words: list[str]) -> str:
        device, key, text = self._device(words[0]), words[1], " ".join(words[2:])
        device.set(key, _value(text, is_text=isinstance(device.read(key), str)))
        return f"{words[0]} {key} = {_shown(device.read(key))}, held"

    def _release(self, words: list[str]) -> str:
        self._device(words[0]).release(words[1])
        return f"{words[0]} {words[1]} moves again"

    def _fault(self, words: list[str]) -> str:
        device = self._device(words[0])
        device.fault = parse_fault(words[1])
        return f"{words[0]}: {device.fault}"

    def _clear(self, words: list[str]) -> str:
        self._device(words[0]).fault = None
        return f"{words[0]}: well"

    def _device(self, name: str) -> SimulatedDevice:
        if name not in self.devices:
            raise CommandError(f"device {name!r}: allowed are {', '.join(self.devices)}")
        return self.devices[name]


def _value(text: str, *, is_text: bool) -> Value:
    if is_text:
        return text
    if text == "none":
        return None
    try:
        return float(text)
    except ValueError:
        raise CommandError(f"value {text!r}: a number is allowed, or none for no data") from None


def _shown(value: Value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "none" if value is None else str(value)
