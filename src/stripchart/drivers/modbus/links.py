"""Links: all devices of one address share one link, because a serial bus or a converter has room for one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from stripchart.drivers.base import SetupError
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.opening import open_link
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import LinkAddress
from stripchart.model.link import LinkOptions

Opener = Callable[[LinkAddress, LinkOptions], ModbusLink]

MayUse = Callable[[LinkAddress], bool]
"""Whether this process may send something over the link now."""


class Links:
    """Counts who uses a link: opens it for the first, closes it behind the last."""

    def __init__(self, opener: Opener = open_link, may_use: MayUse = lambda _: True) -> None:
        self._open, self._may_use = opener, may_use
        self._shared: dict[str, _Shared] = {}
        self._options: Mapping[LinkAddress, LinkOptions] = {}

    def __iter__(self) -> Iterator[ModbusLink]:
        """The open links."""
        return iter([shared.link for shared in self._shared.values()])

    def __len__(self) -> int:
        return len(self._shared)

    def configure(self, options: Mapping[LinkAddress, LinkOptions]) -> None:
        """The options of the links from now on, open ones included; a link that is not named has the usual ones."""
        self._options = dict(options)
        for link in self:
            link.configure(self._options_of(link.address))

    def acquire(self, address: LinkAddress) -> ModbusLink:
        """The link of the address. Everyone who acquires it has to release it.

        There is never a second connection to one address: raises SetupError when another link has it, with another
        framing or other settings of the serial line, or as its backup.
        """
        shared = self._shared.get(address.end)
        if shared is None:
            self._check(address)
            link = self._open(address, self._options_of(address))
            link.may_be_used = partial(self._may_use, address)
            shared = self._shared[address.end] = _Shared(link)
        elif shared.link.address != address:
            raise SetupError(
                f"{address}: {shared.link.address} is in use, and there may be one connection only; "
                "give all devices of it the same link",
                cause=_in_use(shared.link.address),
            )
        shared.users += 1
        return shared.link

    async def release(self, address: LinkAddress) -> None:
        """Give the link back; the last user closes it. Raises KeyError when nobody holds it."""
        shared = self._shared[address.end]
        shared.users -= 1
        if shared.users == 0:
            del self._shared[address.end]
            await shared.link.aclose()

    async def aclose(self) -> None:
        """Close every link, whoever still holds it."""
        while self._shared:
            _, shared = self._shared.popitem()
            await shared.link.aclose()

    def _options_of(self, address: LinkAddress) -> LinkOptions:
        return self._options.get(address, LinkOptions())

    def _check(self, address: LinkAddress) -> None:
        """Another link's backup is taken, and so is an address that this link has as its own backup."""
        for link in self:
            backup = link.options.backup_of(link.address)
            if backup is not None and backup.end == address.end:
                message = f"{address} is the backup of {link.address}, and there may be one connection only"
                raise SetupError(message, cause=_in_use(link.address))
        backup = self._options_of(address).backup_of(address)
        if backup is not None and backup.end in self._shared:
            message = f"{address}: its backup {backup.host}:{backup.port} is a link of its own, in use"
            raise SetupError(message, cause=_in_use(backup))


def _in_use(address: LinkAddress) -> Cause:
    return Cause(CauseCode.LINK_IN_USE, {"link": str(address)})


@dataclass(slots=True)
class _Shared:
    link: ModbusLink
    users: int = 0
