"""What is known of points beyond their samples, for those who look into a database with SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from stripchart.model.sample import PointId


@dataclass(frozen=True, slots=True)
class RegisterInfo:
    """A point as a register of its device. `register_address` is 0-based, as on the wire."""

    point_id: PointId
    device_id: int
    register_address: int
    register_name: str
    data_type: str
    unit: str


@runtime_checkable
class RegisterBook(Protocol):
    """A historian that keeps what points are beside their samples."""

    async def describe(self, registers: Sequence[RegisterInfo]) -> None:
        """Remember what these points are; what is known of others stays. Raises HistoryError."""
