"""Live metrics over a real WebSocket: a snapshot, then what is new; slow clients get the newest."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from stripchart.api import metrics_socket
from stripchart.api.app import build_api
from stripchart.api.metrics_socket import Mailbox
from stripchart.auth.doors import DoorOptions
from stripchart.live.metrics import Metrics
from stripchart.model.device import DeviceId, SiteId
from tests.integration.api.conftest import Server
from tests.integration.api.served import served


class Plant:
    """Two boilers behind a real port."""

    def __init__(self, server: Server, address: str) -> None:
        self.server, self.address = server, address
        self.one = self.two = 0
        self.token = server.client.headers["Authorization"].removeprefix("Bearer ")

    def socket(self, query: str = "", token: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        address = self.address.replace("http://", "ws://") + "/ws/metrics" + query
        return connect(address, additional_headers=headers if token != "" else {}, **options)


@pytest.fixture
async def plant(server: Server) -> AsyncIterator[Plant]:
    async with served(build_api(server.parts), server.parts) as address:
        plant = Plant(server, address)
        plant.one = await server.add_boiler("One")
        plant.two = await server.add_boiler("Two", unit_id=2)
        for boiler in (plant.one, plant.two):
            await server.until(boiler, lambda now: now["status"] == "online" and now["flow"]["value"] is not None)
        yield plant


async def told(socket: ClientConnection) -> Any:
    async with asyncio.timeout(15):
        return json.loads(await socket.recv())


async def why_closed(socket: ClientConnection) -> tuple[int, str]:
    async with asyncio.timeout(15):
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    return socket.close_code or 0, socket.close_reason or ""


async def test_a_snapshot_comes_first_then_each_device_as_it_changes(plant: Plant) -> None:
    async with plant.socket() as socket:
        snapshot = await told(socket)
        assert snapshot["type"] == "snapshot"
        assert [device["device_id"] for device in snapshot["data"]] == [plant.one, plant.two]
        device = snapshot["data"][0]
        assert device["site_code"] == "MKZ"
        assert device["device_type"] == "sensor"
        assert device["online"] is True
        assert device["error"] is None
        assert (device["flow"], device["pump"], device["serial"]) == (61.0, 1, "B-1")
        assert device["timestamp"].endswith("Z")
        plant.server.boilers[2].update({"flow": 70.5, "pump": 0})
        async with asyncio.timeout(15):
            while (news := await told(socket)).get("flow") != 70.5:
                assert "type" not in news
        assert (news["device_id"], news["pump"]) == (plant.two, 0)


async def test_only_the_devices_that_are_asked_for_are_told(plant: Plant) -> None:
    async with plant.socket(f"?devices={plant.two}") as socket:
        assert [device["device_id"] for device in (await told(socket))["data"]] == [plant.two]
        for _ in range(3):
            assert (await told(socket))["device_id"] == plant.two


async def test_a_ping_is_answered(plant: Plant) -> None:
    async with plant.socket() as socket:
        await socket.send("ping")
        async with asyncio.timeout(15):
            while await socket.recv() != "pong":
                pass


async def test_a_device_that_is_none_is_named_in_the_close(plant: Plant) -> None:
    no_id = "is no id; allowed are ids with commas between"
    for devices, reason in (
        ("999", "devices: there is no device 999"),
        ("1,x", f"devices: 'x' {no_id}"),
        ("1,,2", f"devices: '' {no_id}"),
        ("9" * 40, f"devices: '{'9' * 40}' {no_id}"),
    ):
        async with plant.socket(f"?devices={devices}") as socket:
            assert await why_closed(socket) == (1008, reason)


async def test_who_has_no_token_is_told_so_and_a_token_may_be_in_the_query(plant: Plant) -> None:
    async with plant.socket(token="") as socket:
        code, reason = await why_closed(socket)
        assert (code, reason.startswith("sign in first")) == (1008, True)
    async with plant.socket(f"?token={plant.token}", token="") as socket:
        assert (await told(socket))["type"] == "snapshot"
    async with plant.socket(origin="https://stranger.example") as socket:
        assert (await why_closed(socket))[0] == 1008


async def test_a_session_that_ends_takes_its_sockets_with_it(plant: Plant) -> None:
    async with plant.socket() as socket:
        assert (await told(socket))["type"] == "snapshot"
        assert (await plant.server.client.post("/api/auth/logout")).status_code == 204
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(20):
                while True:
                    await socket.recv()
        assert (socket.close_code, socket.close_reason) == (1008, "this session, or token, has ended; sign in again")


async def test_a_setting_opens_it_to_everybody(server: Server) -> None:
    parts = replace(server.parts, doors=replace(server.parts.doors, options=DoorOptions(socket_is_public=True)))
    async with (
        served(build_api(parts), server.parts) as address,
        Plant(server, address).socket(token="") as socket,
    ):
        assert await told(socket) == {"type": "snapshot", "data": []}


async def test_a_silent_plant_has_heartbeats(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_socket, "HEARTBEAT_S", 0.05)
    async with served(build_api(server.parts), server.parts) as address, Plant(server, address).socket() as socket:
        assert (await told(socket))["type"] == "snapshot"
        assert (await told(socket))["type"] == "heartbeat"


async def test_what_changed_is_encoded_once_for_all_clients(plant: Plant) -> None:
    feed = plant.server.parts.metrics
    sockets = [await plant.socket() for _ in range(5)]
    try:
        for socket in sockets:
            await told(socket)
        before = feed.encoded
        counts = [0] * len(sockets)
        for place, socket in enumerate(sockets):
            for _ in range(4):
                await told(socket)
                counts[place] += 1
        assert feed.encoded - before < sum(counts), "each of five clients was sent what was encoded once"
    finally:
        await asyncio.gather(*(socket.close() for socket in sockets))


async def test_the_metrics_can_be_asked_for_once_of_a_device_and_of_a_site(plant: Plant) -> None:
    server = plant.server
    everything = await server.get("/api/metrics")
    assert [device["device_id"] for device in everything] == [plant.one, plant.two]
    assert [d["device_id"] for d in await server.get("/api/metrics", device_id=plant.two)] == [plant.two]
    assert len(await server.get("/api/metrics", site_id=server.site_id)) == 2
    assert (await server.client.get("/api/metrics", params={"device_id": 999})).status_code == 404
    assert (await server.client.get("/api/metrics", params={"site_id": 999})).status_code == 404
    assert (await server.client.get("/ws/metrics")).status_code == 426
    server.boilers[1].update({"flow": 3276.6})
    async with asyncio.timeout(15):
        now = await server.get("/api/metrics", device_id=plant.one)
        while now[0]["flow"] is not None:
            await asyncio.sleep(0.05)
            now = await server.get("/api/metrics", device_id=plant.one)
    assert now[0]["online"] is True, "a sensor without a value is null, and its device is there"
    await server.client.put(f"/api/sites/{server.site_id}", json={"code": "YKZ"})
    assert (await server.get("/api/metrics"))[0]["site_code"] == "YKZ"


def metrics(device: int, text: str) -> Metrics:
    return Metrics(DeviceId(device), SiteId(1), text, {})


async def test_a_slow_client_gets_the_newest_and_what_it_missed_is_counted() -> None:
    mailbox = Mailbox(frozenset())
    mailbox.put([metrics(1, "old"), metrics(2, "two")])
    mailbox.put([metrics(1, "new")])
    assert await mailbox.take(1) == ["new", "two"]
    assert mailbox.replaced == 1
    assert await mailbox.take(0) == []
    chosen = Mailbox(frozenset({DeviceId(2)}))
    chosen.put([metrics(1, "one")])
    assert await chosen.take(0) == []
    chosen.put([metrics(2, "two")])
    assert (await chosen.take(1), chosen.replaced) == (["two"], 0)
