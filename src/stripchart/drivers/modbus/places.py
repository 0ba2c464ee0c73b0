"""Places: where a link connects to, its own address or its backup. Pure: times are passed in, in seconds."""

from stripchart.model.device import LinkAddress

_LOOK_EVERY_S = 30.0


class Places:
    """The link's own address comes first. Where a connection was of no use, the other one is tried first next."""

    def __init__(self, address: LinkAddress) -> None:
        self.current = address
        self.at_backup = False
        self._address = address
        self._backup: LinkAddress | None = None
        self._first = address
        self._look_at_s = 0.0

    def configure(self, backup: LinkAddress | None) -> None:
        """Another backup, or none."""
        self._backup, self._first = backup, self._address

    def to_try(self) -> tuple[LinkAddress, ...]:
        """Where to connect to, in this order."""
        if self._backup is None:
            return (self._address,)
        other = self._backup if self._first == self._address else self._address
        return (self._first, other)

    def connected(self, place: LinkAddress, now_s: float) -> None:
        self.current = self._first = place
        self.at_backup = place != self._address
        self._look_at_s = now_s + _LOOK_EVERY_S

    def was_useless(self) -> None:
        """The connection brought no reply."""
        if self._backup is not None:
            self._first = self._address if self.at_backup else self._backup

    def look_is_due(self, now_s: float) -> bool:
        """Whether to see if the link's own address is back; at the most every half minute."""
        if not self.at_backup or now_s < self._look_at_s:
            return False
        self._look_at_s = now_s + _LOOK_EVERY_S
        return True

    def returned(self) -> None:
        """The link's own address is back."""
        self._first = self._address
