"""A serial line has no transaction numbers either: a late reply is outwaited there too."""

import asyncio
import os
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from stripchart.drivers.base import NoAnswerError
from stripchart.drivers.modbus.link import open_link
from stripchart.model.device import Framing, LinkAddress
from stripchart.model.profile import Pacing
from tests.integration.links.peers import LIMIT_S, registers, rtu_words

_REQUEST_BYTES = 8


@contextmanager
def slow_unit(script: Callable[[int], None]) -> Iterator[str]:
    """A device at the other end of a pseudo-terminal, whose script reads and writes the descriptor it is given."""
    master, slave = os.openpty()
    tty.setraw(slave)
    thread = threading.Thread(target=script, args=(master,), daemon=True)
    thread.start()
    try:
        yield os.ttyname(slave)
    finally:
        os.close(slave)
        thread.join(LIMIT_S)
        os.close(master)


def next_request(line: int) -> bytes:
    taken = b""
    while len(taken) < _REQUEST_BYTES:
        taken += os.read(line, _REQUEST_BYTES - len(taken))
    return taken


async def test_a_late_reply_on_a_serial_line_is_not_taken_for_other_registers() -> None:
    second_is_due = threading.Event()

    def script(line: int) -> None:
        next_request(line)
        second_is_due.wait(LIMIT_S)
        os.write(line, rtu_words(1, 11, 12))
        assert next_request(line)[2:4] == bytes((0, 50))
        os.write(line, rtu_words(1, 21, 22))

    with slow_unit(script) as path:
        link = open_link(LinkAddress(Framing.RTU, path=path))
        try:
            async with asyncio.timeout(LIMIT_S):
                with pytest.raises(NoAnswerError):
                    await link.read(1, registers(0, 2), Pacing(timeout_s=0.3))
                second = asyncio.create_task(link.read(1, registers(50, 2), Pacing(timeout_s=10)))
                await asyncio.sleep(0.02)
                second_is_due.set()
                assert (await second).tolist() == [21, 22]
        finally:
            await link.aclose()
