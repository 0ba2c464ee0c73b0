"""The point of a device that has no profile: one value in holding registers."""

from dataclasses import dataclass

from stripchart.model.point import DataType, Order

OWN_KEY = "value"
"""The key of such a point; its history is kept under it, wherever the point lies."""

OWN_TYPES = frozenset(
    {
        DataType.UINT16,
        DataType.INT16,
        DataType.UINT32,
        DataType.INT32,
        DataType.UINT64,
        DataType.INT64,
        DataType.FLOAT16,
        DataType.FLOAT32,
        DataType.FLOAT64,
    }
)

USUAL_TYPES = {1: DataType.UINT16, 2: DataType.FLOAT32, 4: DataType.FLOAT64}
"""What is in so many registers when nothing is said."""


@dataclass(frozen=True, slots=True)
class OwnPoint:
    """Where the value is (0-based, as on the wire), how it is encoded, and its unit."""

    address: int
    type: DataType
    unit: str = ""
    word_order: Order = Order.BIG

    @property
    def profile(self) -> str:
        """Stands for the key of a profile: one for all devices that are read the same way. No file has such a key."""
        order = "" if self.word_order is Order.BIG else f"/{self.word_order}"
        return f"own/holding/{self.address}/{self.type}{order}/{self.unit}"
