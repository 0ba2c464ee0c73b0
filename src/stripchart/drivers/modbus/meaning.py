"""What raw bytes of a link mean, in words."""

from stripchart.drivers.base import EXCEPTION_NAMES
from stripchart.model.device import Framing
from stripchart.wire import ascii as ascii_frames
from stripchart.wire import mbap, pdu, rtu
from stripchart.wire.errors import BadFrameError, IllegalRequestError
from stripchart.wire.pdu import EXCEPTION_FLAG

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
    found = _mbap_frames(data) if framing in {Framing.TCP, Framing.UDP, Framing.TLS} else _line_frames(framing, data)
    words = [f"unit {frame[0]} {_of(frame[1:], sent=sent)}" for frame, _ in found]
    rest = len(data) - sum(size for _, size in found)
    if rest:
        words.append(f"{rest} bytes that are no frame")
    return "; ".join(words)


def _mbap_frames(data: bytes) -> list[tuple[bytes, int]]:
    frames = []
    try:
        while (taken := mbap.take_frame(data)) is not None:
            _, unit_id, body, end = taken
            frames.append((bytes((unit_id,)) + body, end))
            data = data[end:]
    except BadFrameError:
        pass
    return frames


def _line_frames(framing: Framing, data: bytes) -> list[tuple[bytes, int]]:
    coding = ascii_frames if framing is Framing.ASCII else rtu
    return [(frame, end - start) for start, end, frame in coding.frames_in(data)]


def _of(body: bytes, *, sent: bool) -> str:
    function = body[0]
    if function & EXCEPTION_FLAG:
        name = _FUNCTIONS.get(function & ~EXCEPTION_FLAG, f"function {function & ~EXCEPTION_FLAG}")
        code = body[1] if len(body) > 1 else 0
        return f"{name}: exception {code} ({EXCEPTION_NAMES.get(code, 'unknown exception')})"
    name = _FUNCTIONS.get(function, f"function {function}")
    if not sent:
        return f"{name}: {len(body) - 1} bytes"
    try:
        request = pdu.parse_request(body)
    except IllegalRequestError:
        return name
    return f"{name} {request.start}..{request.start + request.count - 1}"
