"""What a profile says about writing a point, checked against what kind of point it is."""

from collections.abc import Callable
from dataclasses import dataclass

from stripchart.model.point import DataType, Needed, Table, Writable
from stripchart.profiles.expand import Draft
from stripchart.profiles.locate import ADDRESSES
from stripchart.profiles.point_forms import NeedForm, WritableForm
from stripchart.profiles.raw import NUMBERS

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Target:
    """What is known of the point by then."""

    table: Table
    type: DataType
    registers: int
    bit: int | None
    has_other_scale: bool

    @property
    def functions(self) -> tuple[int, ...]:
        """Function codes that can write it: function 6 takes the low register of a whole number."""
        if self.table.is_bits:
            return 5, 15
        is_plain = self.registers == 1 or not (self.type is DataType.STRING or self.type.value.startswith("float"))
        return (6, 16) if is_plain else (16,)


def build_writable(form: WritableForm, target: Target, draft: Draft, note: Note) -> Writable:
    """`note` is told what is wrong."""
    _check_place(form, target, note)
    _check_limits(form, target, note)
    end = (form.address or 0) + draft.shift + target.registers
    if end > ADDRESSES:
        note(f"it is written up to {end - 1}; allowed are addresses up to {ADDRESSES - 1}")
    return Writable(
        low=form.low,
        high=form.high,
        function=form.function,
        rescaled=form.rescaled,
        needs=needed(form.needs, draft),
        unlock=(form.unlock.address, form.unlock.value) if form.unlock else None,
        address=None if form.address is None else form.address + draft.shift,
        tolerance=form.tolerance,
        settle_s=form.settle_s,
        verify_s=form.verify_s,
        keep_rest=form.keep_rest,
        repeatable=form.repeatable,
    )


def needed(form: NeedForm | None, draft: Draft | None = None) -> Needed | None:
    """`draft`: whose placeholders the key of the point may have."""
    if form is None:
        return None
    return Needed(draft.filled(form.point) if draft else form.point, form.equals)


def _check_place(form: WritableForm, target: Target, note: Note) -> None:
    if target.table in {Table.INPUT, Table.DISCRETE}:
        note(f"the {target.table} table is read-only; allowed in the holding and coil tables")
    elif target.bit is not None and not form.keep_rest:
        note("a part of a register is written with the rest of it; allowed with keep_rest: true")
    elif form.keep_rest and (target.bit is None or form.address is not None):
        note("keep_rest is for parts of registers that are written where they are read")
    if form.function is not None and form.function not in target.functions:
        note(f"function {form.function}: allowed for this point is {' or '.join(map(str, target.functions))}")
    elif form.function == 6 and target.registers > 1 and form.keep_rest:
        note("function 6 writes one register of several; keep_rest needs function 16")


def _check_limits(form: WritableForm, target: Target, note: Note) -> None:
    is_number = target.type in NUMBERS
    if is_number and (form.low is None or form.high is None):
        note("a number needs limits; allowed is {low: ..., high: ...}")
    for low, high in ((form.low, form.high), form.rescaled or (None, None)):
        if low is not None and high is not None and low > high:
            note(f"low {low:g} is above high {high:g}")
    if form.rescaled is not None and not target.has_other_scale:
        note("rescaled is for points with scale_when")
    if form.tolerance and not is_number:
        note(f"{target.type} is read back as it was written; a tolerance is allowed for numbers")
