"""Where the commands write."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 1000


def output() -> "Console":
    """Standard output. What is not read on a terminal is not folded: files and pipes get whole rows of a table."""
    from rich.console import Console

    folds = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if folds else _WIDE, highlight=False)


def complaints() -> "Console":
    """Standard error: warnings and failures."""
    from rich.console import Console

    return Console(stderr=True, soft_wrap=True, highlight=False)
