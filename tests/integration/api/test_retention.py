"""How long samples are kept, and what room there is, over HTTP."""

import numpy as np

from stripchart.history.horizons import DAY_MS
from stripchart.model.sample import PointId, SampleBatch
from tests.integration.api.conftest import Server

HOUR_MS = 3_600_000


async def test_a_device_says_how_long_its_samples_are_kept(server: Server) -> None:
    device = await server.add_boiler("boiler", retention_days=30)
    details = await server.get(f"/api/devices/{device}")
    assert details["retention_days"] == 30
    flow = PointId(details["points"][0]["id"])
    now_ms = server.parts.clock.now_ms()
    at_ms = np.arange(now_ms // DAY_MS * DAY_MS - 60 * DAY_MS, now_ms - HOUR_MS, HOUR_MS)
    count = len(at_ms)
    batch = SampleBatch(np.full(count, flow, np.int32), at_ms, np.arange(float(count)), np.zeros(count, np.uint8))
    await server.parts.historian.append(batch)
    asked = {"key": "flow", "start_time": "2020-01-01T00:00:00Z"}
    for days, least, most in ((30, 29 * 24, 32 * 24), (10, 9 * 24, 12 * 24)):
        await server.client.put(f"/api/devices/{device}", json={"retention_days": days})
        await server.until(device, lambda latest: latest["flow"]["quality"] == "good")
        total = await settled(server, device, asked, most)
        assert least < total <= most
    trend = await server.get("/api/trend", point_id=flow, start_time="2020-01-01T00:00:00Z")
    assert trend["bucket_ms"] % HOUR_MS == 0
    wrong = await server.client.put(f"/api/devices/{device}", json={"retention_days": -1})
    assert wrong.json()["error"]["fields"][0]["field"] == "retention_days"


KILN = """
profile: kiln
name: Kiln
kind: sensor
points:
  - {key: heat, name: Heat, address: 0, retention_days: 50}
  - {key: load, name: Load, address: 1}
"""


async def test_a_point_goes_before_its_device(server: Server) -> None:
    (server.data_dir / "profiles" / "kiln.yaml").write_text(KILN, encoding="utf-8")
    server.parts.profiles.refresh()
    device = await server.add_boiler("kiln", profile="kiln", retention_days=10, enabled=False)
    ids = [point["id"] for point in (await server.get(f"/api/devices/{device}"))["points"]]
    today_ms = server.parts.clock.now_ms() // DAY_MS * DAY_MS
    at_ms = np.tile(today_ms - np.arange(60, 0, -1) * DAY_MS, 2)
    point_id = np.repeat(np.array(ids, np.int32), 60)
    batch = SampleBatch(point_id, at_ms, np.arange(120.0), np.zeros(120, np.uint8))
    await server.parts.historian.append(batch)
    since = {"start_time": "2020-01-01T00:00:00Z"}
    for key, days in (("heat", 50), ("load", 10)):
        assert await settled(server, device, {"key": key, **since}, days) in {days, days - 1}


async def settled(server: Server, device: int, asked: dict[str, str], most: int) -> int:
    """How many samples there are, once the horizon is in force."""
    for _ in range(200):
        total = int((await server.get(f"/api/readings/{device}", **asked))["total"])
        if total <= most:
            break
    return total


async def test_health_tells_of_the_room(server: Server) -> None:
    room = (await server.get("/api/health"))["room"]
    assert room["state"] in {"ok", "warning", "full"}
    assert room["free_bytes"] > 0
    assert 0 < room["used_percent"] <= 100
    assert (room["dropped_samples"], room["dropped_before"], room["days_left"]) == (0, None, None)
