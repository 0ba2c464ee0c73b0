"""A process of its own that serves plants: `python -m bench.plant 100`, and ends with its input.

Prints a line of JSON: the `ports` of a fleet of so many devices, and with `demo` behind it the `demo` plant.
"""

import asyncio
import contextlib
import json
import sys
from dataclasses import asdict

import uvloop

from bench.workload import hundred_points
from stripchart.simulator.fleet import running_fleet
from stripchart.simulator.plant import Plant
from stripchart.simulator.running import running_plant


async def serve(count: int, *, with_demo: bool) -> None:
    """Serve until standard input ends."""
    async with contextlib.AsyncExitStack() as stack:
        fleet = await stack.enter_async_context(running_fleet(hundred_points(), count))
        told: dict[str, object] = {"ports": fleet.ports}
        if with_demo:
            told["demo"] = _told((await stack.enter_async_context(running_plant(base_port=0))).plant)
        print(json.dumps(told), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def _told(plant: Plant) -> dict[str, object]:
    """Sites and devices as the API takes them, but for `site` in place of the id."""
    return {
        "sites": [asdict(site) for site in plant.sites],
        "devices": [
            {**asdict(device), "link": f"{link.framing}://127.0.0.1:{link.port}"}
            for link in plant.links
            for device in link.devices
        ],
    }


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), with_demo="demo" in sys.argv[2:]))
