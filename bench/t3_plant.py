"""A process of its own that serves T3 panels: `python -m bench.t3_plant 100` prints ports, ends with its input."""

import asyncio
import contextlib
import json
import sys

import uvloop

from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.building import PROFILE, Building
from stripchart.simulator.manners import T3_MANNERS
from stripchart.simulator.server import serving
from stripchart.simulator.t3_panel import T3Panel


async def serve(count: int) -> None:
    """Serve until standard input ends. Every panel answers as the firmware does, with 50 ms of sleep after each."""
    profile = ProfileLibrary.shipped().get(PROFILE)
    async with contextlib.AsyncExitStack() as stack:
        ports = []
        for number in range(count):
            panel = T3Panel(profile, 1, Building(number))
            server = await stack.enter_async_context(serving([panel], framing=Framing.TCP, manners=T3_MANNERS))
            ports.append(server.port)
        print(json.dumps({"ports": ports}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
