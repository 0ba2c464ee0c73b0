"""Links: all devices of one address share one link, because a serial bus or a converter has room for one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stripchart.drivers.modbus.link import ModbusLink, open_link
from stripchart.model.device import LinkAddress


class Links:
    """Counts who uses a link: opens it for the first, closes it behind the last."""

    def __init__(self, opener: Callable[[LinkAddress], ModbusLink] = open_link) -> None:
        self._open = opener
        self._shared: dict[LinkAddress, _Shared] = {}

    def __iter__(self) -> Iterator[ModbusLink]:
        """The open links."""
        return iter([shared.link for shared in self._shared.values()])

    def __len__(self) -> int:
        return len(self._shared)

    def acquire(self, address: LinkAddress) -> ModbusLink:
        """The link of the address. Everyone who acquires it has to release it."""
        shared = self._shared.get(address)
        if shared is None:
            shared = self._shared[address] = _Shared(self._open(address))
        shared.users += 1
        return shared.link

    async def release(self, address: LinkAddress) -> None:
        """Give the link back; the last user closes it. Raises KeyError when nobody holds it."""
        shared = self._shared[address]
        shared.users -= 1
        if shared.users == 0:
            del self._shared[address]
            await shared.link.aclose()

    async def aclose(self) -> None:
        """Close every link, whoever still holds it."""
        while self._shared:
            _, shared = self._shared.popitem()
            await shared.link.aclose()


@dataclass(slots=True)
class _Shared:
    link: ModbusLink
    users: int = 0
