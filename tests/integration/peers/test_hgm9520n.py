"""The HGM9520N map is read correctly from servers that nobody here wrote.

The registers are written down by hand from the controller's map, not made by our own encoder.
"""

import asyncio

import numpy as np
import pytest

from stripchart.drivers.base import Poll
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.driver import ModbusDriver
from stripchart.drivers.modbus.links import Links
from stripchart.model.device import parse_link
from stripchart.model.profile import Profile
from stripchart.model.quality import Quality
from stripchart.model.time import SystemClock
from stripchart.profiles.library import ProfileLibrary
from tests.integration.peers.servers import Peer, modbus_serial_server, pymodbus_server, pymodbustcp_server

WORDS = {
    0: 0b0000_0010_0000_0101,  # common alarm, warning, auto
    91: 1 << 2,  # warning group, word 0: underspeed
    114: 0b1100,  # generator normal and on load
    120: 4003,  # 32 bits, low word first
    135: 5001,
    140: 0x86A0,
    141: 0x0001,  # 0x000186A0: a voltage no genset has
    155: 4998,
    156: 65_531,  # -5
    166: 2174,
    169: 32_766,  # no earth current sensor
    174: 0xFF9C,
    175: 0xFFFF,  # -100
    180: 1500,
    198: 65_036,  # -500
    212: 1500,
    213: 245,
    220: 65_526,  # -10: frost, not a missing sensor
    222: 420,
    224: 32_766,  # no fuel level sensor
    260: 9,
    264: 3,
    270: 1234,
    273: 77,
    274: 0x86A0,
    275: 0x0001,
    511: 1,
}
EXPECTED = {
    "alarm_common": 1.0,
    "alarm_warning": 1.0,
    "alarm_shutdown": 0.0,
    "mode_auto": 1.0,
    "mode_manual": 0.0,
    "mains_normal": 0.0,
    "gen_normal": 1.0,
    "gen_closed": 1.0,
    "mains_uab": 400.3,
    "mains_freq": 50.01,
    "gen_freq": 49.98,
    "volt_diff": -0.5,
    "current_a": 217.4,
    "power_a": -10.0,
    "power_total": 150.0,
    "pf_a": -0.5,
    "engine_speed": 1500.0,
    "battery_volt": 24.5,
    "coolant_temp": -10.0,
    "oil_pressure": 420.0,
    "gen_status": 9.0,
    "gen_switch": 3.0,
    "run_hours": 1234.0,
    "start_count": 77.0,
    "energy_kwh": 10_000.0,
    "alarm_count": 1.0,
}
NO_NUMBER = {
    "gen_uab": Quality.BAD_OUT_OF_RANGE,
    "current_earth": Quality.BAD_NO_DATA,
    "fuel_level": Quality.BAD_NO_DATA,
}


async def poll_once(profile: Profile, port: int) -> Poll:
    links, address = Links(), parse_link(f"tcp://127.0.0.1:{port}")
    places = np.arange(len(profile.points), dtype=np.int32)
    driver = ModbusDriver(
        links.acquire(address),
        1,
        compile_profile(profile),
        places,
        clock=SystemClock(),
        release=lambda: links.release(address),
    )
    try:
        async with asyncio.timeout(20):
            return await driver.poll(0)
    finally:
        await driver.aclose()


@pytest.mark.parametrize("peer", [pymodbus_server, pymodbustcp_server, modbus_serial_server])
async def test_every_value_is_read_as_the_map_says(peer: Peer) -> None:
    profile = ProfileLibrary.shipped().get("smartgen-hgm9520n")
    async with peer([WORDS.get(address, 0) for address in range(600)]) as port:
        poll = await poll_once(profile, port)
    assert poll.error is None
    place_of = {point.key: place for place, point in enumerate(profile.points)}
    values = dict(zip(poll.samples.point_id.tolist(), poll.samples.value.tolist(), strict=True))
    quality = dict(zip(poll.samples.point_id.tolist(), poll.samples.quality.tolist(), strict=True))
    assert {key: values[place_of[key]] for key in EXPECTED} == EXPECTED
    assert {key: quality[place_of[key]] for key in NO_NUMBER} == NO_NUMBER
    warnings = [point for point in profile.points if point.table == "holding" and point.address == 91]
    assert [values[place_of[point.key]] for point in warnings] == [4.0]
    assert len(values) == len(profile.points), "every point has a sample"
