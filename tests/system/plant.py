"""Asking a running server, and looking at what a process leaves behind."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from httpx import AsyncClient

from tests.system.programs import PATIENCE_S


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
        answer = await self.get(f"/api/readings/{device_id}", limit=10_000)
        return {tuple(reading[field] for field in fields) for reading in answer["readings"]}

    @contextlib.asynccontextmanager
    async def stream(self, **query: Any) -> AsyncIterator[AsyncIterator[list[dict[str, Any]]]]:
        """The events of the stream, while this is open."""
        async with self.client.stream("GET", "/api/devices/stream", params=query) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.aiter_lines()
            yield (json.loads(line.removeprefix("data:")) async for line in lines if line.startswith("data:"))


@contextlib.asynccontextmanager
async def asking(address: str) -> AsyncIterator[Server]:
    """A client of the server at the address."""
    async with AsyncClient(base_url=address, timeout=PATIENCE_S, trust_env=False) as client:
        yield Server(client)


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
