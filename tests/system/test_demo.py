"""`stripchart demo`: a plant on the screen with one command, and nothing left when it ends."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.system.plant import Server, are_all_online, asking, left_of_session, listens, port_of
from tests.system.programs import PATIENCE_S, Program, started

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEVICES = 14
LIVE_WITHIN_S = 10
FREE_PORTS = ("demo", "--port", "0", "--plant-port", "0", "--data-dir", "kept", "--history")

Demo = tuple[Program, Server]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A demo whose devices have all answered, no later than promised."""
    folder = tmp_path_factory.mktemp("demo")
    async with started(*FREE_PORTS, "0", folder=folder) as program, asking(program) as server:
        await server.devices_once(
            lambda devices: len(devices) == DEVICES and are_all_online(devices), within_s=LIVE_WITHIN_S
        )
        yield program, server


def good_values(event: list[dict[str, Any]]) -> dict[int, float]:
    """Good values by point."""
    values = (value for device in event for value in device["values"])
    return {value["point_id"]: value["value"] for value in values if value["quality"] == "good"}


async def test_every_device_has_live_values_soon_after_the_start(demo: Demo) -> None:
    program, server = demo
    async with asyncio.timeout(LIVE_WITHIN_S), server.stream(values="overview") as events:
        waited_for = {device["id"] for device in (await server.devices()).values()}
        async for event in events:
            waited_for -= {device["device_id"] for device in event if good_values([device])}
            if not waited_for:
                break
    assert not waited_for
    said = await program.line(r"(\d+) of (\d+) devices")
    assert said.groups() == (str(DEVICES), str(DEVICES))
    assert (await server.get("/api/health"))["problems"] == []


async def test_the_page_is_at_the_address_that_is_printed(demo: Demo) -> None:
    _, server = demo
    page = await server.client.get("/")
    assert page.status_code == 200
    assert "Stripchart" in page.text


async def test_a_stream_begins_with_all_devices_at_once(demo: Demo) -> None:
    _, server = demo
    async with asyncio.timeout(LIVE_WITHIN_S), server.stream(interval_s=60) as events:
        first = await anext(events)
    assert len(first) == DEVICES
    assert all(device["status"] == "online" for device in first)


async def test_a_stream_goes_on_every_interval_with_other_values(demo: Demo) -> None:
    _, server = demo
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE_S), server.stream(interval_s=1.5) as events:
        first = await anext(events)
        began_s = loop.time()
        then = [await anext(events) for _ in range(2)]
    assert loop.time() - began_s > 2.5
    assert all(len(event) == DEVICES for event in then)
    before, after = good_values(first), good_values(then[-1])
    assert sum(before[point] != after.get(point) for point in before) > len(before) / 20


def all_others_read_since(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether every device but the mute one has been read again since then; slow ones take a period longer."""
    others = [name for name in now if name != "Main meter"]
    return all(now[name]["last_reading_at"] > before[name]["last_reading_at"] for name in others)


async def test_a_mute_device_goes_offline_alone_and_comes_back(demo: Demo) -> None:
    program, server = demo
    before = await server.devices()
    await program.type("fault Main meter mute")
    muted = await server.devices_once(
        lambda devices: devices["Main meter"]["status"] == "offline" and all_others_read_since(before, devices)
    )
    assert re.search("no reply|has been silent", muted.pop("Main meter")["error"])
    assert are_all_online(muted)
    for name, device in muted.items():
        # One slot may go to a busy machine; a mute neighbour in the way would cost many.
        assert device["missed_slots"] - before[name]["missed_slots"] <= 1, name
    await program.type("clear Main meter")
    await server.devices_once(are_all_online)


async def past_readings(server: Server, device_id: int, before_ms: int) -> int:
    """How many readings the device has in the 24 hours up to then."""
    times = {"start_time": utc(before_ms - 24 * 3_600_000), "end_time": utc(before_ms)}
    answer = await server.get(f"/api/readings/{device_id}", limit=10_000, **times)
    return len(answer["readings"])


def utc(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat().replace("+00:00", "Z")


async def test_a_signal_ends_it_whole_and_the_next_start_has_what_was_kept_and_the_same_past(tmp_path: Path) -> None:
    begun_ms = round(time.time() * 1000)
    async with started(*FREE_PORTS, "1", folder=tmp_path) as first, asking(first) as server:
        devices = await server.devices_once(are_all_online)
        sensor = devices["Line flow"]["id"]
        kept = await server.readings(sensor)
        await first.line("samples of a simulated past", within_s=4 * PATIENCE_S)
        past = await past_readings(server, sensor, begun_ms)
        async with server.stream(interval_s=60) as events:
            await anext(events)
            ended = await first.end(signal.SIGINT)
    assert ended.code == 0, ended.err
    assert 24 * 60 - 2 <= past <= 24 * 60
    assert next(line for line in first.out if "live after" in line or "simulated" in line).startswith("14 of 14")
    assert "Traceback" not in ended.err
    ports = {port_of(device["link"]) for device in devices.values()}
    assert [port for port in {*ports, port_of(await first.address())} if listens(port)] == []
    assert left_of_session(first.process.pid) == []

    async with started(*FREE_PORTS, "1", folder=tmp_path) as second, asking(second) as server:
        again = await server.devices()
        assert {name: device["id"] for name, device in again.items()} == {n: d["id"] for n, d in devices.items()}
        assert kept
        assert kept <= await server.readings(sensor)
        await second.line("Ctrl-C stops everything")
        assert await past_readings(server, sensor, begun_ms) == past
        ended = await second.end(signal.SIGTERM)
    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    assert not any("simulated" in line for line in second.out)
