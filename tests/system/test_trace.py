"""`stripchart trace` shows what goes over a link of a running server."""

import asyncio
import re
from pathlib import Path

from tests.system.plant import are_all_online, asking
from tests.system.programs import finished, started
from tests.system.test_serve import SERVE, SIMULATE, add_genset


async def test_frames_faults_and_files_come_from_a_running_server(tmp_path: Path) -> None:
    async with started(*SIMULATE, folder=tmp_path) as simulator:
        link = (await simulator.line(r"tcp://[\d.]+:\d+"))[0]
        async with started(*SERVE, folder=tmp_path) as server, asking(server) as asked:
            await add_genset(asked, link)
            await asked.devices_once(are_all_online)
            address = str(asked.client.base_url).rstrip("/")
            token = asked.client.headers["Authorization"].removeprefix("Bearer ")
            command = ("trace", link, "--server", address)
            settings = {"STRIPCHART_TOKEN": token}
            shown, kept, none, faults = await asyncio.gather(
                finished(*command, folder=tmp_path, **settings),
                finished(*command, "--pcap", "link.pcap", folder=tmp_path, **settings),
                finished("trace", "tcp://127.0.0.1:9", "--server", address, folder=tmp_path, **settings),
                finished(*command, "--faults", folder=tmp_path, **settings),
            )
            async with started(*command, "--follow", folder=tmp_path, **settings) as following:
                await following.line(r" -> .*read holding registers")
                await following.line(r" <- .*read holding registers: \d+ bytes")
    assert (shown.code, faults.code, kept.code) == (0, 0, 0)
    assert re.search(r"Z -> 00 01 00 00 00 06 01 03 [0-9a-f ]+  unit 1 read holding registers \d+\.\.\d+", shown.out)
    assert (tmp_path / "link.pcap").read_bytes()[:4] == bytes.fromhex("4d3cb2a1")
    assert (none.code, "no device is polled over tcp://127.0.0.1:9" in none.err) == (1, True)


async def test_a_server_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    answer = await finished("trace", "tcp://10.0.0.7:502", "--server", "http://127.0.0.1:9", folder=tmp_path)
    assert (answer.code, answer.out) == (1, "")
    assert "no server answers at http://127.0.0.1:9" in answer.err
    assert "--server names another" in answer.err
