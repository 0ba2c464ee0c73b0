"""Behaviour: what moves the values of a simulated device."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.model.point import Table

Values = dict[str, Value]
"""New values by the key of the point, in the point's unit."""


class Behaviour(Protocol):
    """The life of one device."""

    @property
    def extra(self) -> Sequence[Block]:
        """Addresses that answer and can be written although the profile has no point there."""

    def pass_time(self, seconds: float) -> None:
        """Let plant time pass."""

    def advance(self, seconds: float) -> Mapping[str, Value]:
        """Let plant time pass (0: just say how things are); the values that may have changed."""

    def written(self, table: Table, start: int, values: Sequence[int]) -> None:
        """A client wrote registers or coils, which the image already holds."""

    def told(self, key: str, value: Value) -> None:
        """A client wrote all of a point's registers: this is what the point was told to be."""


@runtime_checkable
class Tallied(Behaviour, Protocol):
    """A behaviour that counts: what `tallies` says grows with time, by as much whatever it was before.

    What was set is as if it had been counted until now.
    """

    tallies: list[float]


class Unheard:
    """Half of a behaviour that does not care what clients write."""

    def written(self, table: Table, start: int, values: Sequence[int]) -> None:
        return

    def told(self, key: str, value: Value) -> None:
        return


class Still(Unheard):
    """Nothing moves: the values are those that `set` and clients write."""

    extra: Sequence[Block] = ()

    def pass_time(self, seconds: float) -> None:
        return

    def advance(self, seconds: float) -> Mapping[str, Value]:
        return {}
