"""Warning: what is not right with a device that is read all the same, by code, for those who word it themselves."""

from enum import StrEnum


class WarningCode(StrEnum):
    """Every warning that has a code; facts are named in brackets. Shares are parts of one, None: nothing would do."""

    CYCLE_TOO_LONG = "cycle_too_long"
    """A cycle takes `longest_s` (`requests`, `paused_s` of pauses, at `baudrate`), more than `interval_s`.

    An interval of `shortest_s` would do.
    """
    LINK_OVERLOADED = "link_overloaded"
    """The `devices` of a link need `link_share` of its time, this one `own_share`; `shortest_s` would do."""
    SILENCE_DELAYS_OTHERS = "silence_delays_others"
    """While it is silent, `devices` wait `timeout_s` for it, more than the `interval_s` of `device`."""
    CLOCK_INVALID = "clock_invalid"
    """What its clock shows (`shown`) is no time."""
    CLOCK_SLOW = "clock_slow"
    """Its clock shows `shown`, `off_s` before ours, taken for a clock of `zone`."""
    CLOCK_FAST = "clock_fast"
    OTHER = ""
    """There are only words."""

    @classmethod
    def _missing_(cls, _: object) -> "WarningCode":
        """A code of a newer version: its words are there, too."""
        return cls.OTHER
