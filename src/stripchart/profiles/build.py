"""Drafts of points to points of the model; each rule a point has by itself is checked here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from stripchart.model.alarm import Alert
from stripchart.model.point import (
    Capacity,
    Counter,
    DataType,
    ManualWhen,
    Order,
    Point,
    Ranged,
    RawRange,
    RecordMode,
    RecordRule,
    ScaleWhen,
    Table,
    Texts,
    ValidRange,
    Writable,
)
from stripchart.model.point_address import PointAddress, PointAddressError, parse_panel_point
from stripchart.profiles.expand import Draft, to_texts
from stripchart.profiles.locate import ADDRESSES, located, type_in
from stripchart.profiles.point_forms import CounterForm, RecordForm, WritableForm
from stripchart.profiles.problem import Findings, did_you_mean
from stripchart.profiles.raw import BITFIELDS, ENUMS, NUMBERS, PARTS, raw_limits
from stripchart.profiles.schema import ProfileForm
from stripchart.profiles.values import TextsForm
from stripchart.profiles.writing import Target, build_writable

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MOST_DECIMALS = 6

_FITS = {
    **dict.fromkeys(("scale", "offset", "decimals", "scale_factor", "scale_when"), (NUMBERS, "numbers")),
    **dict.fromkeys(("valid", "counter", "unit", "ranged"), (NUMBERS, "numbers")),
    "no_data": (NUMBERS | ENUMS | BITFIELDS, "numbers, enums and bit fields"),
    "labels": (ENUMS | {DataType.BOOL}, "enums and bools"),
    "bits": (BITFIELDS, "bit fields"),
    "alarm": (BITFIELDS | {DataType.BOOL}, "bools and bit fields"),
    "registers": (frozenset({DataType.STRING}), "strings; other types have their own length"),
    "bit": (PARTS, "bool, uint16, uint32, enum16 and enum32"),
    "bit_count": (PARTS, "bool, uint16, uint32, enum16 and enum32"),
}
"""Which types a field is for. A default that does not fit a point is left out; a field of its own is a mistake."""

CodedTexts = Mapping[int, Texts]
CodesOrSet = str | Mapping[int, str | TextsForm]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What building points needs beside their drafts."""

    sets: Mapping[str, CodedTexts]
    max_registers: int
    max_bits: int
    findings: Findings


def workshop_for(form: ProfileForm, findings: Findings) -> Workshop:
    sets = {name: _coded(texts) for name, texts in form.sets.items()}
    return Workshop(sets, form.pacing.max_registers, form.pacing.max_bits, findings)


def build_point(draft: Draft, workshop: Workshop) -> Point | None:
    """The point, or None when its place or its type is wrong; what is wrong is in the findings."""
    where = located(draft, workshop.findings)
    if where is None:
        return None
    table, address = where
    return _Bench(draft, workshop, table, address, type_in(table, draft, workshop.findings)).point()


def _coded(texts: Mapping[int, str | TextsForm]) -> CodedTexts:
    return {code: to_texts(text) for code, text in texts.items()}


@dataclass(frozen=True, slots=True)
class _Bench:
    """One point on its way: place and type are settled, the fields come one by one."""

    draft: Draft
    workshop: Workshop
    table: Table
    address: int
    type: DataType

    def point(self) -> Point:
        form, draft = self.draft.form, self.draft
        self._refuse_misfits()
        scale = 1.0 if self._fitting("scale") is None else self._not_zero("scale", form.scale or 0.0)
        registers = self._registers()
        bit, bit_count = self._bits_of_register(registers)
        when = self._scale_when()
        return Point(
            key=self._key(),
            name=draft.filled_texts(form.name),
            table=self.table,
            address=self.address,
            type=self.type,
            registers=registers,
            byte_order=form.byte_order or Order.BIG,
            word_order=form.word_order or Order.BIG,
            bit=bit,
            bit_count=bit_count,
            scale=scale,
            offset=form.offset or 0.0 if self.type in NUMBERS else 0.0,
            scale_factor=draft.filled(form.scale_factor) if form.scale_factor and self.type in NUMBERS else None,
            scale_when=when,
            unit=form.unit or "" if self.type in NUMBERS else "",
            decimals=self._decimals(scale, when),
            valid=self._valid(),
            no_data=self._no_data(bit_count if bit is not None else None),
            labels=self._labels(bit_count if bit is not None else registers * 16),
            bits=self._coded_texts("bits", form.bits, registers * 16 - 1),
            group=draft.filled(form.group or "values"),
            alarm=Alert(form.alarm) if form.alarm and self._fitting("alarm") else None,
            read=draft.filled(form.read or "fast"),
            ranged=self._ranged(),
            capacity=self._capacity(),
            manual_when=self._manual_when(),
            writable=self._writable(registers, bit),
            counter=self._counter(),
            record=self._record(),
            retention_days=form.retention_days,
            panel_point=self._panel_point(),
        )

    def _add(self, field: str, message: str) -> None:
        self.workshop.findings.add((*self.draft.place, field), message)

    def _fitting(self, field: str) -> object:
        """What the field holds, or None when it is not for this type."""
        return getattr(self.draft.form, field) if self.type in _FITS[field][0] else None

    def _refuse_misfits(self) -> None:
        for field in sorted(self.draft.own & _FITS.keys()):
            types, said = _FITS[field]
            if self.type not in types:
                self._add(field, f"{self.type} has none; allowed for {said}")

    def _key(self) -> str:
        key = self.draft.filled(self.draft.form.key)
        if not KEY.fullmatch(key):
            self._add("key", f"{key!r}: allowed are up to 64 lower-case letters, digits and _, a letter first")
        return key

    def _ranged(self) -> Ranged | None:
        form = self.draft.form.ranged
        if form is None or self.type not in NUMBERS:
            return None
        return Ranged(self.draft.filled(form.code), self.draft.filled(form.kind), form.tables)

    def _manual_when(self) -> ManualWhen | None:
        form = self.draft.form.manual_when
        if form is None or self.type is DataType.STRING:
            return None
        return ManualWhen(self.draft.filled(form.point), form.equals)

    def _capacity(self) -> Capacity | None:
        key = self.draft.form.capacity
        if key is None:
            return None
        if "n" not in self.draft.words:
            self._add("capacity", "how many of what? allowed in repeated points")
            return None
        return Capacity(self.draft.filled(key), int(self.draft.words["n"]["en"]))

    def _panel_point(self) -> PointAddress | None:
        if self.draft.form.panel_point is None:
            return None
        try:
            return parse_panel_point(self.draft.filled(self.draft.form.panel_point))
        except PointAddressError as error:
            self._add("panel_point", str(error))
            return None

    def _not_zero(self, field: str, number: float) -> float:
        if number == 0:
            self._add(field, "0: allowed is any other number")
            return 1.0
        return number

    def _registers(self) -> int:
        registers = self.type.registers
        if self.type is DataType.STRING:
            registers = self.draft.form.registers or 1
            if self.draft.form.registers is None:
                self._add("registers", "missing; a string needs its length in registers (two characters each)")
        if self.address + registers > ADDRESSES:
            end = self.address + registers - 1
            self._add("address", f"the point ends at {end}; allowed are addresses up to {ADDRESSES - 1}")
        longest = self.workshop.max_bits if self.table.is_bits else self.workshop.max_registers
        if registers > longest:
            self._add(
                "registers", f"{registers} registers are more than one request may have ({longest}, see pacing)"
            )
        return registers

    def _bits_of_register(self, registers: int) -> tuple[int | None, int]:
        form = self.draft.form
        bit, count = form.bit, form.bit_count or 1
        if self.table.is_bits:
            if bit is not None:
                self._add("bit", f"the {self.table} table has single bits; allowed is bit in registers")
            return None, 1
        if self.type is DataType.BOOL and bit is None:
            self._add("bit", f"missing; a bool in a register needs its bit, 0 to {registers * 16 - 1}")
        if bit is None and form.bit_count is not None:
            self._add("bit_count", "of which bit on? allowed together with bit")
        if self.type is DataType.BOOL and count != 1:
            self._add("bit_count", f"{count}: allowed for a bool is 1")
        if bit is not None and bit + count > registers * 16:
            last = registers * 16 - 1
            self._add("bit", f"bits {bit} to {bit + count - 1}; allowed are 0 to {last} in {self.type}")
        return bit, count

    def _scale_when(self) -> ScaleWhen | None:
        form = self.draft.form.scale_when
        if form is None or self.type not in NUMBERS:
            return None
        if self.draft.form.scale_factor is not None:
            self._add("scale_when", "the point has a scale_factor; allowed is one of the two")
        return ScaleWhen(self.draft.filled(form.point), form.equals, self._not_zero("scale_when", form.scale))

    def _decimals(self, scale: float, when: ScaleWhen | None) -> int | None:
        """As written, or as many as the scale and the offset have; None where the scale does not say."""
        form = self.draft.form
        if self.type not in NUMBERS or form.decimals is not None:
            return form.decimals if self.type in NUMBERS else None
        is_float = self.type.value.startswith("float")
        if form.scale_factor is not None or (is_float and form.scale is None):
            return None
        parts = (scale, form.offset or 0.0, when.scale if when else 1.0)
        return min(max(map(decimals_of, parts)), _MOST_DECIMALS)

    def _valid(self) -> ValidRange | None:
        valid = self.draft.form.valid
        if valid is None or self.type not in NUMBERS:
            return None
        low, high = valid
        if low is not None and high is not None and low > high:
            self._add("valid", f"[{low:g}, {high:g}]: allowed is [low, high], low not above high")
        return ValidRange(low, high) if low is not None or high is not None else None

    def _no_data(self, bit_count: int | None) -> tuple[RawRange, ...]:
        # A default for numbers must not swallow a bit field whose highest bit is set, or a high code.
        if self.type not in NUMBERS and not (self._fitting("no_data") and "no_data" in self.draft.own):
            return ()
        least, most = raw_limits(self.type, bit_count)
        ranges = []
        for number, entry in enumerate(self.draft.form.no_data or ()):
            first, last = entry if isinstance(entry, tuple) else (entry, entry)
            first = least if first is None else first
            last = most if last is None else last
            if "no_data" in self.draft.own:
                self._check_no_data(number, (first, last), (least, most))
            if max(first, least) <= min(last, most):
                ranges.append(RawRange(max(first, least), min(last, most)))
        return tuple(ranges)

    def _check_no_data(self, number: int, span: tuple[float, float], limits: tuple[float, float]) -> None:
        place = (*self.draft.place, "no_data", number)
        if span[0] > span[1]:
            self.workshop.findings.add(place, "allowed is [first, last], first not above last")
        for end in span:
            if not limits[0] <= end <= limits[1]:
                self.workshop.findings.add(
                    place,
                    f"{end:.15g} is never read: {self.type} has {limits[0]:.15g} to {limits[1]:.15g} here, after the"
                    " sign rule" + _signed_hint(self.type, end),
                )
                return

    def _labels(self, bits: int) -> CodedTexts:
        if self.type in ENUMS and self.draft.form.labels is None:
            self._add("labels", "missing; an enum needs the texts of its codes")
        highest = 1 if self.type is DataType.BOOL else 2**bits - 1
        return self._coded_texts("labels", self.draft.form.labels, highest)

    def _coded_texts(self, field: str, written: CodesOrSet | None, highest: int) -> CodedTexts:
        """The texts of `labels` or `bits`, written here or in a set, for codes 0 to `highest`."""
        if written is None or self.type not in _FITS[field][0]:
            return {}
        findings, place = self.workshop.findings, (*self.draft.place, field)
        if isinstance(written, str):
            name = self.draft.filled(written)
            found = self.workshop.sets.get(name)
            if found is None:
                findings.add(place, f"{name!r} is not one of the sets; {did_you_mean(name, self.workshop.sets)}")
                return {}
            coded = found
        else:
            coded = _coded(written)
        for code in coded:
            if not 0 <= code <= highest:
                spot = place if isinstance(written, str) else (*place, code)
                findings.add(spot, f"{code}: allowed for {self.type} are 0 to {highest}")
        return coded

    def _writable(self, registers: int, bit: int | None) -> Writable | None:
        written = self.draft.form.writable
        if not written:
            return None
        form = written if isinstance(written, WritableForm) else WritableForm()
        target = Target(self.table, self.type, registers, bit, self.draft.form.scale_when is not None)
        return build_writable(form, target, self.draft, lambda message: self._add("writable", message))

    def _counter(self) -> Counter | None:
        written = self._fitting("counter")
        if not written:
            return None
        rollover = written.rollover if isinstance(written, CounterForm) else None
        most = written.max_per_hour if isinstance(written, CounterForm) else None
        for name, number in (("rollover", rollover), ("max_per_hour", most)):
            if number is not None and number <= 0:
                self._add("counter", f"{name} {number:g}: allowed are numbers above 0")
        return Counter(rollover, most)

    def _record(self) -> RecordRule:
        written = self.draft.form.record
        if isinstance(written, RecordForm):
            return RecordRule(written.mode, self._deadband(written), written.heartbeat_s)
        return RecordRule(written or RecordMode.EVERY_POLL)

    def _deadband(self, written: RecordForm) -> float:
        """In the point's unit, whichever way it is written."""
        percent = written.deadband_percent
        if percent is None:
            return written.deadband
        if "deadband" in written.model_fields_set:
            self._add("record", "deadband and deadband_percent say the same; allowed is one of them")
        low, high = self.draft.form.valid or (None, None)
        if low is None or high is None:
            self._add("record", "deadband_percent is of the valid range; it needs valid: [low, high] with both ends")
            return 0.0
        return percent / 100 * abs(high - low)


def decimals_of(number: float) -> int:
    """Digits behind the decimal point: 0.1 has one, 10.0 none."""
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _signed_hint(type_: DataType, raw: float) -> str:
    _, most = raw_limits(type_)
    below = raw - 2.0 ** (type_.registers * 16)
    if type_.value.startswith("int") and most < raw and raw_limits(type_)[0] <= below:
        return f"; the word of {raw:.15g} is {below:.15g} here"
    return ""
