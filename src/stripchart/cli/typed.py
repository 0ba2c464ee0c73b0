"""Commands typed (or piped in) while a simulated plant runs."""

import asyncio
import os
import stat
import sys

from rich.console import Console

from stripchart.simulator.console import Console as PlantConsole


async def answer_typed_commands(plant: PlantConsole, console: Console) -> None:
    """Do each line that comes in, and print what was done; for ever."""
    lines = _stdin_lines()
    while True:
        console.print(await plant.command(await lines.get()), highlight=False, markup=False)


def _stdin_lines() -> asyncio.Queue[str]:
    """Lines as they come; none when there is nobody to type. At most 100 wait, more are left out."""
    lines: asyncio.Queue[str] = asyncio.Queue(100)
    if sys.stdin is None or sys.stdin.closed:
        return lines
    descriptor = sys.stdin.fileno()
    if not (sys.stdin.isatty() or stat.S_ISFIFO(os.fstat(descriptor).st_mode)):
        return lines
    loop = asyncio.get_running_loop()

    def take() -> None:
        line = sys.stdin.readline()
        if not line:
            loop.remove_reader(descriptor)
        elif line.strip() and not lines.full():
            lines.put_nowait(line)

    loop.add_reader(descriptor, take)
    return lines
