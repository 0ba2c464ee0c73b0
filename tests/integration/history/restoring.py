"""A process that puts a backup back and kills itself before a certain move: `restoring SOURCE DATA_DIR MOVE`."""

import os
import signal
import sys
from pathlib import Path

from stripchart.history.care import restore as restoring

_replace = Path.replace


def restore_until_killed(source: Path, data_dir: Path, move: int) -> None:
    left = move

    def count_down(self: Path, target: Path) -> Path:
        nonlocal left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return _replace(self, target)

    Path.replace = count_down  # type: ignore[method-assign, assignment]
    restoring.restore(source, data_dir, force=True, advance=lambda *_: None)


if __name__ == "__main__":
    restore_until_killed(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
