"""Command: something an operator has a device do by a sequence of writes, as by pressing a key of its panel."""

from dataclasses import dataclass, field

from stripchart.model.point import Needed, Table, Texts


@dataclass(frozen=True, slots=True)
class Step:
    """One write: `value` to the coil or register at `address`; then nothing for `wait_s`.

    `ends_pulse`: it lets go of a key, and is sent also when an earlier step failed.
    """

    table: Table
    address: int
    value: int
    wait_s: float = 0.0
    ends_pulse: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What shows that a command was obeyed: within `within_s` the point has one of the values.

    Without values: the point has another one than before.
    """

    point: str
    values: tuple[float, ...] = ()
    within_s: float = 5.0

    def is_met(self, before: float | None, now: float | None) -> bool:
        """None stands for a value that is not known."""
        if now is None:
            return False
        return now in self.values if self.values else before is not None and now != before


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`confirm` is what an operator is asked before; `needs` must hold before the first step."""

    key: str
    name: Texts
    steps: tuple[Step, ...]
    confirm: Texts = field(default_factory=dict)
    needs: Needed | None = None
    expected: Expected | None = None

    @property
    def lasts_s(self) -> float:
        """How long the steps take by themselves."""
        return sum(step.wait_s for step in self.steps)
