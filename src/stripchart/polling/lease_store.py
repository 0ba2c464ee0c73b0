"""The port to where leases are kept, and who takes part."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol, Self

import orjson


@dataclass(frozen=True, slots=True)
class CollectorInfo:
    """A collector: a name that no other process has ever had, its machine, its role.

    `here`: of what only some machines can reach, such as serial ports, the names of what this one can.
    """

    name: str
    machine: str
    role: str
    here: frozenset[str] = frozenset()

    def told(self) -> bytes:
        """As it is told to others."""
        return orjson.dumps({**asdict(self), "here": sorted(self.here)})

    @classmethod
    def heard(cls, told: bytes) -> Self:
        """Raises ValueError for anything else."""
        fields = orjson.loads(told)
        try:
            return cls(fields["name"], fields["machine"], fields["role"], frozenset(fields["here"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"what a collector says of itself: {error!r}") from error


class LeaseStore(Protocol):
    """Where leases are. Every method raises BusError when it cannot be reached; then it may have been done."""

    async def meet(self, me: str, about: bytes, ttl_ms: int) -> dict[str, bytes]:
        """Say that the collector lives for so long at least. All that live, each with what it said of itself."""

    async def hold(self, me: str, wanted: Mapping[str, bool], ttl_ms: int) -> dict[str, int]:
        """Take or renew leases for so long. The token of each that is held now; what others have is left out.

        `wanted`: whether the lease was held until now.
        """

    async def give_back(self, me: str, names: Iterable[str]) -> None:
        """Let go of leases before their time."""

    async def leave(self, me: str) -> None:
        """The collector goes, and is no longer counted on."""
