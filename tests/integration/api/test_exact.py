"""A whole number beyond what a JSON number can tell is exact from the register to the reply, live and recorded."""

import asyncio
import struct

from stripchart.model.device import Framing
from stripchart.profiles.load import load_profile
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.server import serving
from tests.integration.api.conftest import Server

METER = """
profile: meter64
name: Meter
kind: meter
pacing: {timeout_s: 0.3, retries: 0}
overview: [ticks]
groups: {values: Values}
points:
  - {key: ticks, name: Ticks, address: 0, type: uint64}
  - {key: balance, name: Balance, address: 4, type: int64, unit: Wh}
  - {key: small, name: Small, address: 8, type: uint64}
"""
_WORDS = [0x0020, 0, 0, 1, 0x8000, 0, 0, 1, 0, 0, 0, 7]
WRITE = struct.pack(">BHHB12H", 16, 0, len(_WORDS), 2 * len(_WORDS), *_WORDS)
"""The request that writes them, as any Modbus master would."""
TICKS, BALANCE = 2**53 + 1, -(2**63) + 1


async def test_64_bit_numbers_keep_every_digit(server: Server) -> None:
    file = server.data_dir / "profiles" / "meter64.yaml"
    file.write_text(METER, encoding="utf-8")
    await server.until_profile("meter64")
    meter = SimulatedDevice(load_profile(file), 1)
    async with serving([meter], framing=Framing.TCP) as plant:
        meter.answer(WRITE)
        link = f"tcp://127.0.0.1:{plant.port}"
        device = await server.add_boiler("Meter", link=link, profile="meter64")
        latest = await server.until(device, lambda now: now["ticks"]["text"] is not None)
        texts = {each["key"]: (each["text"], each["last_good_text"]) for each in latest["values"]}
        assert texts == {
            "ticks": (str(TICKS), str(TICKS)),
            "balance": (str(BALANCE), str(BALANCE)),
            "small": (None, None),
        }
        readings = await recorded(server, device)
        assert {each["text"] for each in readings if each["key"] == "ticks"} == {str(TICKS)}
        assert {each["text"] for each in readings if each["key"] == "small"} == {None}


async def recorded(server: Server, device: int) -> list[dict[str, object]]:
    async with asyncio.timeout(15):
        while True:
            answer = await server.client.get(f"/api/readings/{device}")
            readings: list[dict[str, object]] = answer.json().get("readings", [])
            if len(readings) >= 6:
                return readings
            await asyncio.sleep(0.05)
