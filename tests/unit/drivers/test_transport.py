"""What a failed connection says, and what a question asks."""

import errno
import socket
import ssl

import pytest

from stripchart.drivers.modbus.system_error import os_cause, os_reason
from stripchart.drivers.modbus.transport import Question
from stripchart.model.block import Block
from stripchart.model.point import Table
from stripchart.model.profile import Pacing


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "reason", "code"),
    [
        (
            ConnectionRefusedError(errno.ECONNREFUSED, "Connect call (1.2.3.4)"),
            "connection refused",
            "connection_refused",
        ),
        (OSError(errno.EHOSTUNREACH, "anything"), "no route to host", "unreachable"),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "name or service not known",
            "unknown_host",
        ),
        (ssl.SSLError(1, "wrong version number"), "wrong version number", "system"),
        (untrusted(), "certificate not accepted: self-signed certificate", "certificate"),
        (OSError("Multiple exceptions: a, b"), "multiple exceptions: a, b", "system"),
        (ConnectionResetError(), "connectionreseterror", "connection_reset"),
    ],
)
def test_the_reason_is_in_the_words_of_who_refused_and_has_a_code(error: OSError, reason: str, code: str) -> None:
    assert os_reason(error) == reason
    assert os_cause(error).code == code


@pytest.mark.parametrize(
    ("table", "function", "reply_bytes"),
    [(Table.COIL, 1, 2), (Table.DISCRETE, 2, 2), (Table.HOLDING, 3, 20), (Table.INPUT, 4, 20)],
)
def test_a_question_has_the_function_of_its_table(table: Table, function: int, reply_bytes: int) -> None:
    question = Question.to_read(7, Block(table, 40_000, 40_010), Pacing())
    assert question.pdu == bytes((function,)) + bytes.fromhex("9c40000a")
    assert (question.reply_head, question.reply_size) == (bytes((function, reply_bytes)), reply_bytes + 2)
    assert str(question) == f"unit 7, {table} 40000..40009"
