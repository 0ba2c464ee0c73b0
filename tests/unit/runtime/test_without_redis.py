"""Who has no Redis pays nothing for it."""

import subprocess
import sys


def test_nothing_of_redis_is_loaded_without_its_address() -> None:
    script = (
        "import asyncio, sys, stripchart.runtime.running, stripchart.api.app;"
        "from stripchart.runtime.bus import open_bus;"
        "asyncio.run(open_bus(None).__aenter__());"
        "print(sorted(name for name in sys.modules if name in {'redis', 'hiredis', 'stripchart.bus.connection'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
