"""Wireshark decodes the capture files, without being told how."""

import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from stripchart.wire import ascii as ascii_frames
from stripchart.wire import mbap, pdu, rtu
from stripchart.wire.capture import Captured, Wrapping, pcap

START_NS = 1_800_000_000_123_456_789
ASK = pdu.read_request(3, 100, 2)
TELL = pdu.words_reply(3, (7, 65_535))
REFUSE = pdu.exception_reply(3, 2)
FIELDS = ("modbus.func_code", "modbus.reference_num", "modbus.regval_uint16", "modbus.exception_code")


def dissected(file: Path, frames: list[tuple[bool, bytes]], wrapping: Wrapping) -> list[str]:
    """A line a packet: protocol, unit, function, address, values, exception."""
    captured: list[Captured] = [(START_NS + n, sent, data) for n, (sent, data) in enumerate(frames)]
    file.write_bytes(pcap(captured, wrapping))
    fields = [
        word for field in ("_ws.col.Protocol", "mbtcp.unit_id", "mbrtu.unit_id", *FIELDS) for word in ("-e", field)
    ]
    command = ["tshark", "-r", str(file), "-T", "fields", "-E", "separator=|", *fields]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "malformed" not in ended.stdout.lower()
    return ended.stdout.splitlines()


@pytest.mark.parametrize("wrapping", [Wrapping.TCP, Wrapping.UDP])
def test_frames_with_a_header_are_modbus_tcp_and_udp(wrapping: Wrapping, tmp_path: Path) -> None:
    reply = mbap.build_frame(1, 5, TELL)
    pieces = [(False, reply[:5]), (False, reply[5:])] if wrapping is Wrapping.TCP else [(False, reply)]
    frames = [(True, mbap.build_frame(1, 5, ASK)), *pieces, (True, mbap.build_frame(2, 5, ASK))]
    name = "Modbus/TCP" if wrapping is Wrapping.TCP else "Modbus/UDP"
    assert dissected(tmp_path / "a.pcap", [*frames, (False, mbap.build_frame(2, 5, REFUSE))], wrapping) == [
        f"{name}|5||3|100||",
        f"{name}|5||3||7,65535|",
        f"{name}|5||3|100||",
        f"{name}|5||3|||2",
    ]


@pytest.mark.parametrize(("wrapping", "coding"), [(Wrapping.RTU, rtu), (Wrapping.ASCII, ascii_frames)])
def test_frames_of_a_line_are_modbus_rtu_and_noise_is_data(
    wrapping: Wrapping, coding: ModuleType, tmp_path: Path
) -> None:
    reply = b"\xff" + coding.build_frame(5, TELL)
    frames = [
        (True, coding.build_frame(5, ASK)),
        (False, reply[:4]),
        (False, reply[4:]),
        (True, coding.build_frame(5, ASK)),
        (False, coding.build_frame(9, REFUSE) + coding.build_frame(5, REFUSE)),
    ]
    *lines, noise = sorted(dissected(tmp_path / "a.pcap", frames, wrapping))
    assert noise == "||||||"
    assert lines == [
        "Modbus RTU||5|3|100||",
        "Modbus RTU||5|3|100||",
        "Modbus RTU||5|3||7,65535|",
        "Modbus RTU||5|3|||2",
        "Modbus RTU||9|3|||2",
    ]


def test_nothing_is_an_empty_file(tmp_path: Path) -> None:
    assert dissected(tmp_path / "a.pcap", [], Wrapping.TCP) == []
