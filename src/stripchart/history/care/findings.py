"""What a check finds: which file, which piece of it, which point and time range, and what is wrong."""

from dataclasses import dataclass
from pathlib import Path

from stripchart.model.sample import PointId
from stripchart.model.time import to_iso


@dataclass(frozen=True, slots=True)
class Finding:
    """`piece` is the part of the file; times are UTC milliseconds, both included; None where there is no such thing.

    `is_harmless`: it will mend itself, nothing that was kept is lost by it.
    """

    path: Path
    piece: str
    problem: str
    point: PointId | None = None
    first_ms: int | None = None
    last_ms: int | None = None
    is_harmless: bool = False

    def told(self, name: str = "") -> str:
        """One line; `name` is what the point is called."""
        point = "" if self.point is None else f" of {name or f'point {self.point}'}"
        times = ""
        if self.first_ms is not None and self.last_ms is not None:
            times = f", {moment(self.first_ms)} to {moment(self.last_ms)}"
        return f"{self.path}: {self.piece}{point}{times}: {self.problem}"


def moment(at_ms: int) -> str:
    """ISO 8601, or the milliseconds where there is no such date."""
    try:
        return to_iso(at_ms)
    except (ValueError, OverflowError, OSError):
        return f"{at_ms} ms"
