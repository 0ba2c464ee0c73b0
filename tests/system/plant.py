"""Asking a running server, and looking at what a process leaves behind."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from httpx import AsyncClient, Response

from tests.system.programs import PATIENCE_S, Program


class Server:
    """A server's API, as a client sees it."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **fields: Any) -> Any:
        answer = await self.client.post(path, json=fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def devices(self) -> dict[str, dict[str, Any]]:
        """Every device by name."""
        return {device["name"]: device for device in await self.get("/api/devices")}

    async def devices_once(
        self, wanted: Callable[[dict[str, dict[str, Any]]], bool], *, within_s: float = PATIENCE_S
    ) -> dict[str, dict[str, Any]]:
        """The devices, as soon as they are as wanted."""
        async with asyncio.timeout(within_s):
            while True:
                devices = await self.devices()
                if wanted(devices):
                    return devices
                await asyncio.sleep(0.1)

    async def readings(self, device_id: int) -> set[tuple[Any, ...]]:
        """All readings of the device: time, key, value, quality, reason."""
        fields = ("timestamp", "key", "value", "quality", "reason")
        answer = await self.client.get(f"/api/readings/{device_id}", params={"limit": 10_000})
        if answer.status_code == 404 and answer.json()["error"]["code"] == "no_readings":
            return set()
        assert answer.status_code == 200, answer.text
        return {tuple(reading[field] for field in fields) for reading in answer.json()["readings"]}

    @contextlib.asynccontextmanager
    async def stream(self, **query: Any) -> AsyncIterator[AsyncIterator[list[dict[str, Any]]]]:
        """The events of the stream, while this is open."""
        async with self.client.stream("GET", "/api/devices/stream", params=query) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.aiter_lines()
            yield (json.loads(line.removeprefix("data:")) async for line in lines if line.startswith("data:"))


OWNER = {"username": "owner", "password": "Turbine7"}


@contextlib.asynccontextmanager
async def asking(program: Program) -> AsyncIterator[Server]:
    """A client of the server that the program is, signed in as its owner: who is made when there is none."""
    async with AsyncClient(base_url=await program.address(), timeout=PATIENCE_S, trust_env=False) as client:
        answer = await _let_in(client, program)
        assert answer.is_success, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Server(client)


async def _let_in(client: AsyncClient, program: Program) -> Response:
    if not (await client.get("/api/auth/setup")).json()["needed"] and "demo" not in program.arguments:
        return await client.post("/api/auth/login", json=OWNER)
    link = await program.link()
    path, who = ("setup", OWNER) if "/setup#" in link else ("link", {})
    return await client.post(f"/api/auth/{path}", json={**who, "secret": link.partition("#")[2]})


def are_all_online(devices: dict[str, dict[str, Any]]) -> bool:
    return bool(devices) and all(device["status"] == "online" for device in devices.values())


def listens(port: int) -> bool:
    """Whether anything answers on the port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(link: str) -> int:
    """The port at the end of `tcp://127.0.0.1:502`."""
    return int(link.rpartition(":")[2])


def left_of_session(leader: int) -> list[str]:
    """What still runs of a session: a line for each process. Reads /proc."""
    left = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader and fields[0] != "Z":
                left.append(status.read_text())
    return left
