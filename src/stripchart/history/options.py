"""What the user says about the history: its memory, its room, and how long what is kept."""

from dataclasses import dataclass

DAYS_MOST = 36_500
"""A hundred years: as good as for ever."""

_ALLOWED = (
    ("head_bytes", 65_536, 2**40),
    ("max_bytes", 10_000_000, 2**60),
    ("raw_days", 1, DAYS_MOST),
    ("minute_days", 1, DAYS_MOST),
    ("rollup_days", 1, DAYS_MOST),
)


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """`head_bytes`: memory for samples on their way into files. `max_bytes`: bound of all files; None: the disk.

    `drop_when_full`: drop the oldest days at 95 % of disk or bound. `raw_days`: samples are kept so long; None: for
    ever. `minute_days`, `rollup_days`: what whole minutes, and whole hours and days, came to is kept so long; None:
    minutes as long as hours, those for ever. `drop_expired` False: nothing is let go for its age, whatever the days
    say.
    """

    head_bytes: int = 64 * 2**20
    max_bytes: int | None = None
    drop_when_full: bool = False
    raw_days: int | None = None
    minute_days: int | None = None
    rollup_days: int | None = None
    drop_expired: bool = True

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least, most in _ALLOWED:
            given = getattr(self, name)
            if given is not None and not least <= given <= most:
                raise ValueError(f"{name} {given}: allowed are {least} to {most}")
        self._check_order("raw_days", "minute_days")
        self._check_order("raw_days", "rollup_days")
        if self.minute_days is not None:
            self._check_order("minute_days", "rollup_days")

    def _check_order(self, shorter: str, longer: str) -> None:
        few, many = getattr(self, shorter), getattr(self, longer)
        if many is not None and (few is None or few > many):
            said = "kept for ever" if few is None else f"{few} days"
            raise ValueError(f"{longer} {many}: allowed is {shorter} ({said}) and more")
