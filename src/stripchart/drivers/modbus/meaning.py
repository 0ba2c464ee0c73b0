"""What raw bytes of a link mean, in words."""

from stripchart.drivers.base import EXCEPTION_NAMES
from stripchart.model.device import Framing
from stripchart.wire import pdu
from stripchart.wire.spoken import Spoken, spoken_in

_FUNCTIONS = {
    pdu.READ_COILS: "read coils",
    pdu.READ_DISCRETE_INPUTS: "read discrete inputs",
    pdu.READ_HOLDING_REGISTERS: "read holding registers",
    pdu.READ_INPUT_REGISTERS: "read input registers",
    pdu.WRITE_SINGLE_COIL: "write coil",
    pdu.WRITE_SINGLE_REGISTER: "write register",
    pdu.WRITE_MULTIPLE_COILS: "write coils",
    pdu.WRITE_MULTIPLE_REGISTERS: "write registers",
}


def meaning(framing: Framing, data: bytes, *, sent: bool) -> str:
    """Each frame among the bytes in a few words, and how many bytes are none."""
    return "; ".join(_words(each, sent=sent) for each in spoken_in(framing, data, sent=sent))


def _words(said: Spoken, *, sent: bool) -> str:
    if said.unit_id is None or said.function is None:
        return f"{said.size} bytes that are no frame"
    name = f"unit {said.unit_id} {_FUNCTIONS.get(said.function, f'function {said.function}')}"
    if said.exception is not None:
        return f"{name}: exception {said.exception} ({EXCEPTION_NAMES.get(said.exception, 'unknown exception')})"
    if not sent:
        return f"{name}: {said.size} bytes"
    return name if said.first is None else f"{name} {said.first}..{said.last}"
