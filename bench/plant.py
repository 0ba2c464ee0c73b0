"""A process of its own that serves a fleet: `python -m bench.plant 100` prints the ports, and ends with its input."""

import asyncio
import json
import sys

import uvloop

from bench.workload import hundred_points
from stripchart.simulator.fleet import running_fleet


async def serve(count: int) -> None:
    """Serve until standard input ends."""
    async with running_fleet(hundred_points(), count) as fleet:
        print(json.dumps(fleet.ports), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
