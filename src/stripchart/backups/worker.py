"""A process that makes one backup, beside the one that polls: `python -m stripchart.backups.worker data target keep`.

It writes what it made as one line of JSON; when it fails, why, and ends with code 1.
"""

import json
import os
import sys
from pathlib import Path

_POLITE = 10


def main(data_dir: str, target: str, keep: str) -> int:
    """Polling goes before: this process, its imports too, takes what it leaves of the processor."""
    os.nice(_POLITE)
    from stripchart.history.base import HistoryError
    from stripchart.history.care.backup import BackupOptions, backup

    try:
        made = backup(Path(data_dir), Path(target), BackupOptions(keep=int(keep)), lambda *_: None)
    except HistoryError as error:
        print(json.dumps({"error": str(error), "cause": error.cause.to_json()}))  # noqa: T201
        return 1
    told = {"path": str(made.manifest_path), "bytes": made.manifest.bytes, "broken": made.broken}
    print(json.dumps(told))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
