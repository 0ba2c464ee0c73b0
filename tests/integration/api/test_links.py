"""Links over the API: health, options, and what the flight recorder kept."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stripchart.simulator.faults import Fault, FaultKind
from tests.integration.api.conftest import Server


def name_of(server: Server) -> str:
    return f"tcp://127.0.0.1:{server.plant.port}"


async def until_link(server: Server, wanted: Any) -> dict[str, Any]:
    async with asyncio.timeout(15):
        while True:
            # A new device's link is there when its poller has begun.
            for link in await server.get("/api/links"):
                if wanted(link):
                    return dict(link)
            await asyncio.sleep(0.02)


async def test_a_link_shows_its_state_counters_round_trips_and_units(server: Server) -> None:
    assert await server.get("/api/links") == []
    await server.add_boiler("Boiler")
    link = await until_link(server, lambda link: link["counters"]["replies"])
    assert (link["link"], link["place"], link["state"]) == (name_of(server), name_of(server), "connected")
    assert link["since"].endswith("Z")
    assert link["trouble"] is None
    assert link["round_trip"]["p50_ms"] > 0
    (unit,) = link["units"]
    assert (unit["unit_id"], unit["state"], unit["silent_for_s"]) == (1, "closed", None)
    assert link["options"]["probe_longest_s"] == 60


async def test_a_silent_unit_is_shown_with_its_fault_and_the_frames_around_it(server: Server) -> None:
    await server.add_boiler("Boiler")
    await until_link(server, lambda link: link["counters"]["replies"])
    server.boilers[1].fault = Fault(FaultKind.MUTE)
    link = await until_link(server, lambda link: link["units"][0]["state"] == "open")
    (unit,) = link["units"]
    assert unit["timeouts"] >= 1
    fault = next(fault for fault in link["faults"] if fault["kind"] == "timeout")
    assert (fault["unit_id"], "no reply within" in fault["reason"]) == (1, True)
    assert (fault["cause"]["code"], fault["cause"]["facts"]["last"]) == ("no_reply", 5)
    assert (link["trouble"], link["cause"]) == (None, None)
    frames = await server.get("/api/links/trace", link=name_of(server), fault=fault["number"])
    assert frames[0]["sent"]
    assert frames[0]["meaning"].startswith("unit 1 read holding registers 0..")
    asked = {"unit_id": 1, "function": 3, "first": 0, "last": 5, "exception": None, "size": 4}
    assert frames[0]["spoken"] == [asked]
    # The last question before the fault has no answer.
    before = [frame["sent"] for frame in frames if frame["at"] <= fault["at"]]
    assert before[-1:] == [True] or before == []


async def test_a_trace_comes_as_text_and_after_a_moment(server: Server) -> None:
    await server.add_boiler("Boiler")
    await until_link(server, lambda link: link["counters"]["replies"] >= 2)
    frames = await server.get("/api/links/trace", link=name_of(server))
    later = await server.get("/api/links/trace", link=name_of(server), after_ns=frames[1]["at_ns"])
    assert [frame["at_ns"] for frame in later[: len(frames) - 2]] == [frame["at_ns"] for frame in frames[2:]]
    answer = await server.client.get("/api/links/trace", params={"link": name_of(server), "format": "text"})
    first, second = answer.text.splitlines()[:2]
    assert first.endswith("unit 1 read holding registers 0..5")
    assert "Z -> 00 01 00 00 00 06 01 03 00 00 00 06  " in first
    assert "Z <- 00 01 " in second


async def test_wireshark_decodes_a_downloaded_trace(server: Server, tmp_path: Path) -> None:
    await server.add_boiler("Boiler")
    await until_link(server, lambda link: link["counters"]["replies"] >= 2)
    answer = await server.client.get("/api/links/trace", params={"link": name_of(server), "format": "pcap"})
    assert answer.headers["content-type"] == "application/vnd.tcpdump.pcap"
    file = tmp_path / "link.pcap"
    file.write_bytes(answer.content)
    fields = [word for field in ("mbtcp.unit_id", "modbus.func_code") for word in ("-e", field)]
    command = ["tshark", "-r", str(file), "-T", "fields", *fields]
    seen = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60, check=True)
    assert seen.stdout.splitlines()[:4] == ["1\t3"] * 4


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"link": "tcp://127.0.0.1:9"}, 404, "link"),
        ({"link": "nonsense"}, 422, "link"),
        ({"fault": "7"}, 404, "fault"),
        ({"fault": "x"}, 422, "fault"),
        ({"format": "doc"}, 422, "format"),
    ],
)
async def test_a_trace_that_is_not_there_is_said_so(
    server: Server, query: dict[str, str], status: int, field: str
) -> None:
    await server.add_boiler("Boiler")
    await until_link(server, lambda link: link["counters"]["replies"])
    answer = await server.client.get("/api/links/trace", params={"link": name_of(server), **query})
    assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (status, field)


async def test_options_hold_at_once_and_are_kept(server: Server) -> None:
    await server.add_boiler("Boiler")
    await until_link(server, lambda link: link["counters"]["replies"])
    answer = await server.client.put(
        "/api/links/options", params={"link": name_of(server)}, json={"reconnect_after": 1, "trace_bytes": 4096}
    )
    assert (answer.status_code, answer.json()["reconnect_after"]) == (200, 1)
    link = await until_link(server, lambda link: link["counters"]["connects"] >= 3)
    assert (link["options"]["reconnect_after"], link["options"]["trace_bytes"]) == (1, 4096)
    kept = await server.parts.catalog.link_options()
    assert [options.reconnect_after for options in kept.values()] == [1]


@pytest.mark.parametrize(
    ("options", "field", "message"),
    [
        ({"listen_s": 0.3}, "listen_s", "listen_s: listen_s is for ascii, rtu, rtu_over_tcp, not for tcp"),
        ({"retry_first_s": 0}, "retry_first_s", "retry_first_s: 0: allowed are 0.01 to 600"),
        ({"bakcup": "a:1"}, "bakcup", "bakcup: Extra inputs are not permitted"),
    ],
)
async def test_options_that_are_not_allowed_change_nothing(
    server: Server, options: dict[str, object], field: str, message: str
) -> None:
    await server.add_boiler("Boiler")
    answer = await server.client.put("/api/links/options", params={"link": name_of(server)}, json=options)
    error = answer.json()["error"]
    assert (answer.status_code, error["message"], error["fields"][0]["field"]) == (422, message, field)
    assert [options.reconnect_after for options in (await server.parts.catalog.link_options()).values()] == [0]


async def test_a_link_without_devices_has_no_options(server: Server) -> None:
    answer = await server.client.put("/api/links/options", params={"link": "tcp://127.0.0.1:9"}, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
