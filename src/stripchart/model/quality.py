"""Quality: how far a sample can be trusted, and why not."""

from enum import IntEnum, StrEnum

_LEVEL_SHIFT = 6
_REASON_MASK = 0x3F


class Level(StrEnum):
    """The three levels of trust (as in OPC UA Part 8, clause 6.3)."""

    GOOD = "good"
    UNCERTAIN = "uncertain"
    BAD = "bad"


class Reason(StrEnum):
    """Why a sample is not good. STEP: a counter moved as it cannot have moved."""

    COMM = "comm"
    SENSOR = "sensor"
    OUT_OF_RANGE = "out_of_range"
    STALE = "stale"
    MANUAL = "manual"
    NO_DATA = "no_data"
    STEP = "step"


_LEVELS = tuple(Level)
_REASONS: tuple[Reason | None, ...] = (None, *Reason)


class Quality(IntEnum):
    """Level and reason in one byte: bits 7-6 are the level, bits 5-0 the reason.

    The code is what a `SampleBatch` and the historian hold. A sample has no value exactly when its level is bad.
    """

    GOOD = 0
    UNCERTAIN = 0x40
    UNCERTAIN_SENSOR = 0x42
    UNCERTAIN_OUT_OF_RANGE = 0x43
    UNCERTAIN_STALE = 0x44
    UNCERTAIN_MANUAL = 0x45
    UNCERTAIN_STEP = 0x47
    BAD = 0x80
    BAD_COMM = 0x81
    BAD_SENSOR = 0x82
    BAD_OUT_OF_RANGE = 0x83
    BAD_NO_DATA = 0x86

    @property
    def level(self) -> Level:
        return _LEVELS[self.value >> _LEVEL_SHIFT]

    @property
    def reason(self) -> Reason | None:
        return _REASONS[self.value & _REASON_MASK]

    @property
    def has_value(self) -> bool:
        return self.level is not Level.BAD


FIRST_BAD = int(Quality.BAD)
"""Codes from here on are bad: `batch.quality >= FIRST_BAD` is the column of samples without a value."""
