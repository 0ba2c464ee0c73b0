"""Commands typed (or piped in) while a simulated plant runs."""

import asyncio
import os
import socket
import stat
import sys

from rich.console import Console

from stripchart.simulator.console import Console as PlantConsole

_CHUNK_BYTES = 4096
_LONGEST_LINE_BYTES = 65_536
_LOOK_AGAIN_S = 1.0


async def answer_typed_commands(plant: PlantConsole, console: Console) -> None:
    """Do each line that comes in, and print what was done; for ever."""
    lines = _Lines()
    try:
        while True:
            line = await lines.queue.get()
            console.print(await plant.command(line), highlight=False, markup=False, soft_wrap=True)
    finally:
        lines.close()


class _Lines:
    """Lines of standard input as they come; none when there is nobody to type.

    Reading never waits, also not for the rest of a line. At most 100 lines wait in `queue`, more are left out.
    """

    def __init__(self) -> None:
        self.queue: asyncio.Queue[str] = asyncio.Queue(100)
        self._loop = asyncio.get_running_loop()
        self._descriptor = _readable_stdin()
        self._begun = b""
        self._later: asyncio.TimerHandle | None = None
        self._listen()

    def close(self) -> None:
        if self._later:
            self._later.cancel()
        if self._descriptor is not None:
            self._loop.remove_reader(self._descriptor)

    def _listen(self) -> None:
        if self._descriptor is not None:
            self._loop.add_reader(self._descriptor, self._take, self._descriptor)

    def _take(self, descriptor: int) -> None:
        if not _in_foreground(descriptor):
            # What is typed now is for another program, and taking it would stop this one (SIGTTIN).
            self._loop.remove_reader(descriptor)
            self._later = self._loop.call_later(_LOOK_AGAIN_S, self._listen)
            return
        data = os.read(descriptor, _CHUNK_BYTES)
        if not data:
            self._loop.remove_reader(descriptor)
        *whole, self._begun = (self._begun + data).split(b"\n")
        self._begun = self._begun[-_LONGEST_LINE_BYTES:]
        for line in whole:
            text = line.decode(errors="replace").strip()
            if text and not self.queue.full():
                self.queue.put_nowait(text)


def _readable_stdin() -> int | None:
    """The descriptor of a terminal, a pipe or a pair of sockets, which some programs make in place of a pipe.

    A file is not for commands, and neither is a connection from elsewhere.
    """
    if sys.stdin is None or sys.stdin.closed:
        return None
    descriptor = sys.stdin.fileno()
    mode = os.fstat(descriptor).st_mode
    is_pair = stat.S_ISSOCK(mode) and _is_local(descriptor)
    return descriptor if os.isatty(descriptor) or stat.S_ISFIFO(mode) or is_pair else None


def _is_local(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as end:
        return end.family == getattr(socket, "AF_UNIX", None)


def _in_foreground(descriptor: int) -> bool:
    return not os.isatty(descriptor) or os.tcgetpgrp(descriptor) == os.getpgrp()
