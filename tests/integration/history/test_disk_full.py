"""A disk that is really full: a small file system in memory, mounted where nobody else sees it.

`test_embedded_files.py` has what needs no mount: a bound of the history's own, and files that may not grow.
"""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


def why_not(folder: Path) -> str | None:
    """Why no file system can be mounted here; None when one can."""
    if shutil.which("unshare") is None or shutil.which("mount") is None:
        return "there is no `unshare` or `mount`"
    mount = ("unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    tried = subprocess.run(mount, capture_output=True, text=True, timeout=30, check=False)
    return tried.stderr.strip() or "not allowed" if tried.returncode else None


async def test_a_full_disk_refuses_clearly_serves_what_it_has_and_recovers(tmp_path: Path) -> None:
    reason = await asyncio.to_thread(why_not, tmp_path)
    if reason is not None:
        pytest.skip(f"needs a file system of its own (user and mount namespace): {reason}")
    command = ("unshare", "-rm", sys.executable, "-m", "tests.integration.history.filling", str(tmp_path))
    process = await asyncio.create_subprocess_exec(
        *command, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(120):
            told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, told.decode()
