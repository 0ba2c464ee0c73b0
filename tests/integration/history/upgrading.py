"""A process that opens a history of format 1 and kills itself before so many roll-ups: `upgrading FOLDER COUNT`."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from stripchart.history.embedded import format as formats
from stripchart.history.embedded.historian import open_historian

_roll_up = formats._rollups


async def upgrade_until_killed(folder: Path, count: int) -> None:
    left = count

    def count_down(*arguments: Any) -> list[bytes | None]:
        nonlocal left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return _roll_up(*arguments)

    formats._rollups = count_down  # type: ignore[assignment]
    async with open_historian(folder):
        pass


if __name__ == "__main__":
    asyncio.run(upgrade_until_killed(Path(sys.argv[1]), int(sys.argv[2])))
