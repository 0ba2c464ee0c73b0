"""How long frames take on a serial line, and why a port does not open."""

import errno
import termios

import pytest
from serial import SerialException

from stripchart.drivers.modbus.serial_line import airtime_s, character_s, port_cause, port_reason, silence_s
from stripchart.drivers.modbus.transport import Question
from stripchart.model.block import Block
from stripchart.model.device import Framing, SerialLine
from stripchart.model.point import Table
from stripchart.model.profile import Pacing

_NO_SUCH_SETTINGS = "the port does not have this speed or character frame"


@pytest.mark.parametrize(
    ("line", "bits"),
    [(SerialLine(), 10), (SerialLine(9600, 8, "E", 1), 11), (SerialLine(9600, 7, "O", 2), 11)],
)
def test_a_character_has_start_data_parity_and_stop_bits(line: SerialLine, bits: int) -> None:
    assert character_s(line) == pytest.approx(bits / 9600)


def test_frames_are_apart_by_three_and_a_half_characters_but_not_less_than_1_75_ms() -> None:
    assert silence_s(Framing.RTU, SerialLine(9600, 8, "E", 1)) == pytest.approx(3.5 * 11 / 9600)
    assert silence_s(Framing.RTU, SerialLine(115_200)) == 0.00175
    assert silence_s(Framing.ASCII, SerialLine()) == 0


def test_request_and_reply_take_their_characters_on_the_wire() -> None:
    question = Question.to_read(1, Block(Table.HOLDING, 0, 125), Pacing())
    assert airtime_s(Framing.RTU, SerialLine(), question) == pytest.approx((8 + 255) * 10 / 9600)
    assert airtime_s(Framing.ASCII, SerialLine(), question) == pytest.approx((17 + 511) * 10 / 9600)


def hidden(reason: termios.error) -> SerialException:
    """What pyserial makes of it."""
    try:
        try:
            raise reason
        except termios.error:
            raise SerialException(f"Could not configure port: {reason}")  # noqa: B904
    except SerialException as error:
        return error


@pytest.mark.parametrize(
    ("error", "reason", "code"),
    [
        (SerialException(errno.ENOENT, "could not open port"), "no such file or directory", "no_port"),
        (
            SerialException(errno.EAGAIN, "could not lock"),
            "another program uses the port, or a link with other settings",
            "port_in_use",
        ),
        (hidden(termios.error(errno.ENOTTY, "Inappropriate ioctl")), "this is no serial port", "no_serial_port"),
        (hidden(termios.error(errno.EIO, "Input/output error")), "input/output error", "system"),
        (termios.error(errno.EINVAL, "Invalid argument"), _NO_SUCH_SETTINGS, "port_settings"),
        (ValueError("Failed to set custom baud rate"), _NO_SUCH_SETTINGS, "port_settings"),
        (SerialException("Broken"), "broken", "system"),
    ],
)
def test_the_reason_is_the_systems_in_plain_words_and_has_a_code(error: Exception, reason: str, code: str) -> None:
    assert port_reason(error) == reason
    assert port_cause(error).code == code
