"""Commands to a running simulator, one line of text each: faults and values by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stripchart.model.encode import EncodeError, Value
from stripchart.simulator.device import SimulatedDevice, UnknownPointError
from stripchart.simulator.faults import FaultError, parse_fault
from stripchart.simulator.quirks import Quirks, with_quirk

_USAGE = {
    "list": "list",
    "points": "points DEVICE",
    "read": "read DEVICE POINT",
    "set": "set DEVICE POINT VALUE",
    "release": "release DEVICE POINT",
    "fault": "fault DEVICE NAME[=ARG][~PROBABILITY]",
    "quirk": "quirk DEVICE NAME[=ARG]",
    "clear": "clear DEVICE",
    "help": "help",
}
_ARGUMENTS = {name: usage.split()[1:] for name, usage in _USAGE.items()}


class CommandError(ValueError):
    """A command that cannot be understood; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Console:
    """Commands by device name: the unit id as text on a single port, the device's name in a plant."""

    devices: Mapping[str, SimulatedDevice]

    async def command(self, text: str) -> str:
        """Do one command and say what was done. Whatever is wrong with it is said in the returned text."""
        try:
            return self._do(text)
        except (CommandError, FaultError, UnknownPointError, EncodeError) as error:
            return f"error: {error}"

    def _do(self, text: str) -> str:
        name, _, rest = text.strip().partition(" ")
        name = name or "help"
        if name not in _USAGE:
            raise CommandError(f"unknown command {name!r}; commands are {', '.join(_USAGE)}")
        if not _ARGUMENTS[name]:
            return self._list() if name == "list" else "\n".join(_USAGE.values())
        device, words = self._device(rest.strip())
        wanted = len(_ARGUMENTS[name]) - 1
        arguments = words.split(maxsplit=wanted - 1) if wanted else words.split()
        if len(arguments) != wanted:
            raise CommandError(f"usage: {_USAGE[name]}")
        doers: dict[str, Callable[[SimulatedDevice, list[str]], str]] = {
            "points": _list_points,
            "read": _read,
            "set": _set,
            "release": _release,
            "fault": _fault,
            "quirk": _quirk,
            "clear": _clear,
        }
        return doers[name](device, arguments)

    def _list(self) -> str:
        return "\n".join(
            f"{name}: {device.profile.key}, unit {device.unit_id}, {_state(device)}"
            for name, device in self.devices.items()
        )

    def _device(self, text: str) -> tuple[SimulatedDevice, str]:
        """The device that the text begins with, and what follows. A device's name may have spaces in it."""
        for name in sorted(self.devices, key=len, reverse=True):
            if text == name or text.startswith(name + " "):
                return self.devices[name], text[len(name) :]
        raise CommandError(f"unknown device {text!r}; devices are {', '.join(self.devices)}")


def _state(device: SimulatedDevice) -> str:
    parts = [str(part) for part in (device.fault, device.quirks) if part is not None and str(part)]
    return ", ".join(parts) or "no fault"


def _list_points(device: SimulatedDevice, _: list[str]) -> str:
    return "\n".join(f"{point.key} = {_shown(device.read(point.key))}" for point in device.profile.points)


def _read(device: SimulatedDevice, words: list[str]) -> str:
    return f"{words[0]} = {_shown(device.read(words[0]))}"


def _set(device: SimulatedDevice, words: list[str]) -> str:
    key, text = words
    device.set(key, _value(text, is_text=isinstance(device.read(key), str)))
    return f"{key} = {_shown(device.read(key))}, held"


def _release(device: SimulatedDevice, words: list[str]) -> str:
    device.release(words[0])
    return f"{words[0]} released"


def _fault(device: SimulatedDevice, words: list[str]) -> str:
    device.fault = parse_fault(words[0])
    return f"unit {device.unit_id}: {device.fault}"


def _quirk(device: SimulatedDevice, words: list[str]) -> str:
    device.quirks = with_quirk(device.quirks, words[0])
    return f"unit {device.unit_id}: {device.quirks}"


def _clear(device: SimulatedDevice, _: list[str]) -> str:
    device.fault, device.quirks = None, Quirks()
    return f"unit {device.unit_id}: faults and quirks cleared"


def _value(text: str, *, is_text: bool) -> Value:
    if is_text:
        return text
    if text == "none":
        return None
    try:
        return float(text)
    except ValueError:
        raise CommandError(f"value {text!r}: must be a number, or none for no data") from None


def _shown(value: Value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "none" if value is None else str(value)
