"""The latest of a device is encoded once for all who ask, and still never old, and never for those who may not."""

import asyncio
import gzip
from typing import Any

import numpy as np
from httpx import Response

from stripchart.model.sample import SampleBatch
from tests.integration.api.conftest import Server
from tests.integration.api.recording import points_of

PLAIN = {"Accept-Encoding": "identity"}


async def take_in(server: Server, device: int, flow: float) -> None:
    """A sample of the flow comes, and is shown."""
    points = np.array([points_of(server, device)["flow"]], np.int32)
    revision = server.parts.pipeline.latest.revision
    now_ms = np.array([server.parts.clock.now_ms()])
    server.parts.pipeline.accept(SampleBatch(points, now_ms, np.array([flow]), np.zeros(1, np.uint8)))
    async with asyncio.timeout(15):
        while True:
            if server.parts.pipeline.latest.revision > revision:
                return
            await asyncio.sleep(0.01)


async def latest(server: Server, device: int, **headers: str) -> Response:
    return await server.client.get(f"/api/devices/{device}/latest", headers=PLAIN | headers)


def flow_of(answer: Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return next(value for value in answer.json()["values"] if value["key"] == "flow")


async def test_what_comes_shows_in_the_very_next_answer(server: Server) -> None:
    device = await server.add_boiler("Boiler", enabled=False)
    assert (await latest(server, device)).json()["error"]["code"] == "no_readings"
    for flow in (61.5, 62.5, 63.5):
        await take_in(server, device, flow)
        first, second = flow_of(await latest(server, device)), flow_of(await latest(server, device))
        assert first["value"] == second["value"] == flow


async def test_a_change_of_the_device_shows_in_the_very_next_answer(server: Server) -> None:
    device = await server.add_boiler("Boiler", enabled=False)
    await take_in(server, device, 61.5)
    assert flow_of(await latest(server, device))["alert"] == "normal"
    change = {"name": "Boiler A", "thresholds": {"flow": {"critical_upper": 60}}}
    assert (await server.client.put(f"/api/devices/{device}", json=change)).status_code == 200
    answer = await latest(server, device)
    assert (answer.json()["device_name"], flow_of(answer)["alert"]) == ("Boiler A", "critical")
    assert (await server.client.delete(f"/api/devices/{device}")).status_code == 204
    assert (await latest(server, device)).status_code == 404


async def test_the_age_of_a_value_grows_while_nothing_comes(server: Server) -> None:
    device = await server.add_boiler("Boiler", enabled=False)
    await take_in(server, device, 61.5)
    first_s = flow_of(await latest(server, device))["age_s"]
    async with asyncio.timeout(15):
        while True:
            if flow_of(await latest(server, device))["age_s"] > first_s + 0.25:
                return
            await asyncio.sleep(0.05)


async def test_the_answer_is_packed_for_those_who_take_it_packed(server: Server) -> None:
    device = await server.add_boiler("Boiler", enabled=False)
    await take_in(server, device, 61.5)
    request = server.client.build_request("GET", f"/api/devices/{device}/latest", headers={"Accept-Encoding": "gzip"})
    answer = await server.client.send(request, stream=True)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    packed = b"".join([part async for part in answer.aiter_raw()])
    assert gzip.decompress(packed) == (await latest(server, device)).content


async def test_who_may_no_longer_ask_gets_nothing_of_what_was_encoded(server: Server) -> None:
    device = await server.add_boiler("Boiler", enabled=False)
    await take_in(server, device, 61.5)
    made = (await server.client.post("/api/tokens", json={"name": "wall", "kind": "display", "days": 1})).json()
    wall = f"Bearer {made['token']}"
    assert (await latest(server, device, Authorization=wall)).status_code == 200
    assert (await server.client.delete(f"/api/tokens/{made['id']}")).status_code == 204
    refused = await latest(server, device, Authorization=wall)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_token")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    for nobody in ("", "Bearer ", "Bearer nonsense", "Basic b3duZXI6eA=="):
        assert (await latest(server, device, Authorization=nobody)).status_code == 401
    assert (await server.client.post("/api/auth/logout")).status_code == 204
    assert (await latest(server, device)).status_code == 401


async def test_the_answer_is_like_any_other_to_headers_and_figures(server: Server) -> None:
    device = await server.add_boiler("Boiler", enabled=False)
    await take_in(server, device, 61.5)
    answer = await latest(server, device, **{"X-Request-ID": "wall-7"})
    told = {name: answer.headers[name] for name in ("X-Request-ID", "Cache-Control", "X-Content-Type-Options")}
    assert told == {"X-Request-ID": "wall-7", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    figures = (await server.client.get("/metrics")).text
    counted = 'route="/api/devices/{device_id}/latest",status="200"} 1.0'
    assert any(line.endswith(counted) for line in figures.splitlines()), figures
