"""The live stream: each device is encoded once for all who look, and a large plant stops nobody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
from httpx import AsyncClient

from stripchart.api import live, live_feed, live_view
from stripchart.api.app import build_api
from stripchart.api.live_feed import LiveFeed
from stripchart.api.live_view import Values
from stripchart.auth.doors import DoorOptions
from stripchart.simulator.faults import parse_fault
from tests.integration.api.conftest import Server
from tests.integration.api.served import served


def devices_of(event: bytes) -> list[dict[str, Any]]:
    _, _, data = event.partition(b"data: ")
    assert data.endswith(b"]\n\n")
    found: list[dict[str, Any]] = orjson.loads(data)
    return found


async def test_what_several_ask_for_in_one_moment_is_encoded_once(server: Server, monkeypatch: Any) -> None:
    one, two = await server.add_boiler("One"), await server.add_boiler("Two", unit_id=2)
    await server.until(two, lambda now: now["flow"]["value"] == 62.0)
    encoded: list[int] = []
    original = live_view.latest_of

    def counting(*given: Any) -> Any:
        encoded.append(given[1].device.id)
        return original(*given)

    monkeypatch.setattr(live_feed, "latest_of", counting)
    monkeypatch.setattr(live_feed, "_MOMENT_NS", 60_000_000_000)
    feed = LiveFeed(server.parts)
    events = await asyncio.gather(
        *(feed.event((), Values.ALL) for _ in range(20)), *(feed.event((one,), Values.ALL) for _ in range(20))
    )
    assert sorted(encoded) == [one, two]
    assert [device["device_id"] for device in devices_of(events[0])] == [one, two]
    assert [device["device_id"] for device in devices_of(events[-1])] == [one]


async def test_others_have_their_turn_while_a_large_plant_is_encoded(server: Server, monkeypatch: Any) -> None:
    for number in range(5):
        await server.add_boiler(f"Boiler {number}")
    monkeypatch.setattr(live_feed, "_SLICE_NS", -1)
    feed = LiveFeed(server.parts)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    assert len(devices_of(await feed.event((), Values.ALL))) == 5
    beside.cancel()
    assert turns >= 5


async def test_with_changes_only_a_device_is_sent_again_when_something_of_it_is_new(
    server: Server, monkeypatch: Any
) -> None:
    monkeypatch.setattr(live_feed, "_MOMENT_NS", 0)
    parts = server.parts
    quick = await server.add_boiler("Quick")
    slow = await server.add_boiler("Slow", unit_id=2, interval_s=3600)
    await server.until(quick, lambda now: now["flow"]["value"] == 61.0)
    await server.until(slow, lambda now: now["flow"]["value"] == 62.0)
    feed = LiveFeed(parts)
    event, number = await feed.changes((), Values.ALL, 0)
    assert len(devices_of(event)) == 2
    server.boilers[1].fault = parse_fault("mute")
    sent: list[int] = []
    async with asyncio.timeout(15):
        while not sent:
            event, number = await feed.changes((), Values.ALL, number)
            sent = [device["device_id"] for device in devices_of(event)]
            await asyncio.sleep(0.02)
    assert sent == [quick]
    newcomer, _ = await feed.changes((), Values.ALL, 0)
    assert len(devices_of(newcomer)) == 2, "another client has seen nothing yet"
    event_id = event.split(b"\n")[0].removeprefix(b"id: ").decode()
    assert feed.since(event_id) == number, "a client that comes again goes on where it was"
    assert (feed.since(""), feed.since("1-5"), feed.since(f"{parts.started_ms:x}-99999")) == (0, 0, 0)


async def test_a_client_that_comes_again_with_the_id_of_its_last_event_is_sent_what_is_new(server: Server) -> None:
    still = await server.add_boiler("Still", interval_s=3600)
    await server.until(still, lambda now: now["flow"]["value"] == 61.0)
    path = "/api/devices/stream?changed=true&interval_s=0.5"
    async with asyncio.timeout(20), streaming(server) as client:
        first = await first_event(client, path, {})
        assert len(devices_of(first)) == 1
        seen = first.split(b"\n")[0].removeprefix(b"id: ").decode()
        assert devices_of(await first_event(client, path, {"Last-Event-ID": seen})) == []
        assert len(devices_of(await first_event(client, path, {"Last-Event-ID": "other-7"}))) == 1


@contextlib.asynccontextmanager
async def streaming(server: Server) -> AsyncIterator[AsyncClient]:
    """A client of a real port."""
    async with (
        served(build_api(server.parts), server.parts) as address,
        AsyncClient(base_url=address, trust_env=False) as client,
    ):
        yield client


async def first_event(client: AsyncClient, path: str, headers: dict[str, str]) -> bytes:
    async with client.stream("GET", path, headers=headers) as answer:
        received = b""
        async for part in answer.aiter_bytes():
            received += part
            if received.endswith(b"\n\n"):
                break
        return received


async def test_between_two_events_there_are_signs_of_life(server: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    received = b""
    async with (
        asyncio.timeout(20),
        streaming(server) as client,
        client.stream("GET", "/api/devices/stream?interval_s=60") as answer,
    ):
        async for part in answer.aiter_bytes():
            received += part
            if received.count(b": still there\n\n") >= 2:
                break
    assert received.startswith(b"data: []\n\n")


async def test_a_stream_that_is_not_for_everybody_ends_with_its_session(server: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    parts = replace(server.parts, doors=replace(server.parts.doors, options=DoorOptions(stream_is_public=False)))
    token = server.client.headers["Authorization"]
    async with (
        asyncio.timeout(20),
        served(build_api(parts), parts) as address,
        AsyncClient(base_url=address, headers={"Authorization": token}, trust_env=False) as client,
        client.stream("GET", "/api/devices/stream?interval_s=60") as answer,
    ):
        lines = answer.aiter_lines()
        assert await anext(lines) == "data: []"
        assert (await client.post("/api/auth/logout")).status_code == 204
        assert {line async for line in lines} <= {"", ": still there"}


ALARMED = """
profile: alarmed
name: Alarmed boiler
kind: sensor
pacing: {timeout_s: 0.3, retries: 0}
overview: [flow]
groups: {values: Values, alarms: Alarms}
points:
  - {key: flow, name: Flow, address: 0, type: int16, scale: 0.1}
  - {key: faults, name: Faults, address: 1, type: bitfield16, group: alarms, alarm: critical, bits: {0: Dry, 1: Hot}}
"""


async def test_a_tile_has_the_alarms_that_are_active_and_the_device_is_as_bad_as_they_are(server: Server) -> None:
    file = server.data_dir / "profiles" / "alarmed.yaml"
    file.write_text(ALARMED, encoding="utf-8")
    await server.until_profile("alarmed")
    boiler = await server.add_boiler("Boiler", profile="alarmed")

    async def shown() -> tuple[str, list[tuple[str, float]]]:
        device = devices_of(await LiveFeed(server.parts).event((boiler,), Values.OVERVIEW))[0]
        return device["alert"], [(value["key"], value["value"]) for value in device["values"]]

    await server.until(boiler, lambda now: now["faults"]["value"] == 1.0)
    assert await shown() == ("critical", [("flow", 61.0), ("faults", 1.0)])
    server.boilers[1].update({"pump": 0})
    await server.until(boiler, lambda now: now["faults"]["value"] == 0.0)
    assert await shown() == ("normal", [("flow", 61.0)])
