"""mbpoll, a client of Debian that no one here wrote, reads the simulator."""

import asyncio
import re
import shutil

from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.server import serving
from tests.integration.simulator.clients import LIMIT_S


async def mbpoll(port: int, *arguments: str) -> str:
    """Run it once against the port; what it printed. Fails when it is not installed or cannot read."""
    program = shutil.which("mbpoll")
    assert program, "mbpoll is missing: install the Debian package mbpoll (make test does)"
    process = await asyncio.create_subprocess_exec(
        program,
        *("-m", "tcp", "-p", str(port), "-0", "-1", "-o", "5"),
        *arguments,
        "127.0.0.1",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(LIMIT_S):
        output, _ = await process.communicate()
    text = output.decode(errors="replace")
    assert process.returncode == 0, text
    return text


def values(text: str) -> dict[int, float]:
    """Addresses and values as mbpoll prints them: '[220]:   82'; in a 16-bit word, the sign of it in brackets."""
    return {int(address): float(value) for address, value in re.findall(r"^\[(\d+)\]:\s+(-?[\d.e+]+)", text, re.M)}


async def test_mbpoll_reads_registers_pairs_of_them_floats_and_coils() -> None:
    library = ProfileLibrary.shipped()
    genset = SimulatedDevice(library.get("smartgen-hgm9520n"), 1)
    genset.set("coolant_temp", 82)
    genset.set("engine_speed", 1500)
    genset.set("power_total", 123.4)
    meter = SimulatedDevice(library.get("eastron-sdm630"), 2)
    meter.set("voltage_l1", 230.5)
    async with serving([genset, meter], framing=Framing.TCP) as server:
        engine = values(await mbpoll(server.port, "-a", "1", "-t", "4", "-r", "212", "-c", "9"))
        power = values(await mbpoll(server.port, "-a", "1", "-t", "4:int", "-r", "180"))
        volts = values(await mbpoll(server.port, "-a", "2", "-t", "3:float", "-B", "-r", "0"))
    assert engine[220] == 82
    assert engine[212] == 1500
    assert power == {180: 1234}
    assert volts == {0: 230.5}
