"""What points are called outside: by device and key instead of by number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stripchart.model.sample import PointId
from stripchart.profiles.problem import did_you_mean

NUMBER_MARK = "#"
"""`#12` without a device is the point of that number, of which the catalog has no name."""


@dataclass(frozen=True, slots=True)
class PointName:
    """`is_text` is None when nobody knows; `is_current`: the device is there and still has the point."""

    device: str
    key: str
    unit: str = ""
    is_text: bool | None = None
    is_current: bool = True


class UnknownNameError(Exception):
    """There is no such device or point; the message says which there are."""


class Names:
    """Names of points, both ways. Devices are found without regard to capital letters."""

    def __init__(self, names: Mapping[PointId, PointName]) -> None:
        self._names = names
        self._ids: dict[tuple[str, str], PointId] = {}
        for point, name in sorted(names.items(), key=lambda item: item[1].is_current):
            self._ids[name.device.casefold(), name.key] = point
        self._devices = {name.device.casefold(): name.device for name in names.values()}

    def of(self, point: PointId) -> PointName:
        """The name of a point; one that is not in the catalog is called by its number."""
        return self._names.get(point) or PointName("", f"{NUMBER_MARK}{point}")

    def find(self, device: str, key: str) -> PointId | None:
        found = self._ids.get((device.casefold(), key))
        if found is None and not device and key.startswith(NUMBER_MARK) and key[1:].isdecimal():
            number = int(key[1:])
            return PointId(number) if number < 2**31 else None
        return found

    def allowed(self, device: str, key: str) -> str:
        """What may stand in place of a name that is not known."""
        if device.casefold() not in self._devices:
            return f"no device {device!r}; {did_you_mean(device, sorted(self._devices.values()))}"
        keys = sorted(own for known, own in self._ids if known == device.casefold())
        return f"device {device!r} has no point {key!r}; {did_you_mean(key, keys)}"

    def chosen(self, among: Iterable[PointId], devices: Sequence[str], keys: Sequence[str]) -> list[PointId]:
        """Those of the devices and keys (none given: all), by device, then number. Raises UnknownNameError."""
        for device in devices:
            if device.casefold() not in self._devices:
                raise UnknownNameError(self.allowed(device, ""))
        wanted_devices, wanted_keys = {device.casefold() for device in devices}, set(keys)
        known = [(self.of(point), point) for point in among]
        for key in keys:
            if not any(name.key == key for name, _ in known):
                keys_there = sorted({name.key for name, _ in known})
                raise UnknownNameError(f"no samples of a point {key!r}; {did_you_mean(key, keys_there)}")
        found = [
            (name.device, point)
            for name, point in known
            if (not devices or name.device.casefold() in wanted_devices) and (not keys or name.key in wanted_keys)
        ]
        return [point for _, point in sorted(found)]
