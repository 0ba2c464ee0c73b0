"""A simulated plant in a process of its own, so that it does not take the time of what is measured."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def served_ports(module: str, count: int) -> AsyncIterator[list[int]]:
    """The ports that `python -m MODULE COUNT` serves while the body runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        str(count),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            ports = json.loads(await process.stdout.readline())["ports"]
        yield ports
    finally:
        process.stdin.close()
        await process.wait()
