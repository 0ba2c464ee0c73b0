"""Where a point lies: address or reference to table and 0-based address."""

import re

from stripchart.model.point import DataType, Table
from stripchart.profiles.expand import Draft
from stripchart.profiles.problem import Findings, shown

ADDRESSES = 65_536
_REFERENCE = re.compile(r"([0134])([0-9]{4,5})")
_TABLES = {"0": Table.COIL, "1": Table.DISCRETE, "3": Table.INPUT, "4": Table.HOLDING}


def type_in(table: Table, draft: Draft, findings: Findings) -> DataType:
    """The type as written, or what its table makes likely."""
    if not table.is_bits:
        return draft.form.type or DataType.UINT16
    if "type" in draft.own and draft.form.type is not DataType.BOOL:
        findings.add((*draft.place, "type"), f"{draft.form.type}: allowed in the {table} table is bool")
    return DataType.BOOL


def located(draft: Draft, findings: Findings) -> tuple[Table, int] | None:
    """Table and address of the point, or None with a finding."""
    form = draft.form
    if form.reference is None:
        if form.address is None:
            findings.add((*draft.place, "address"), "missing; a point needs an address or a reference")
            return None
        return form.table or Table.HOLDING, form.address + draft.shift
    for name in sorted({"address", "table"} & draft.own):
        findings.add((*draft.place, name), "a reference says it already; allowed is one of the two")
    found = _REFERENCE.fullmatch(str(form.reference))
    number = int(found[2]) if found else 0
    if found is None or not 1 <= number <= ADDRESSES:
        findings.add(
            (*draft.place, "reference"),
            f"{shown(form.reference)}: allowed are five or six digits, 0xxxx for coils, 1xxxx for discrete inputs,"
            " 3xxxx for input and 4xxxx for holding registers, xxxx from 0001 and at most 65536",
        )
        return None
    return _TABLES[found[1]], number - 1 + draft.shift
