"""Trend logs over HTTP: what they record is read as series of their own."""

import asyncio
from typing import Any

import numpy as np

from stripchart.model.quality import Quality
from stripchart.model.sample import SampleBatch
from tests.integration.api.conftest import Server


async def added(server: Server, device: int, **fields: object) -> dict[str, Any]:
    body = {"device_id": device, "name": "quarter hours", "points": ["flow", "pump"], **fields}
    answer = await server.client.post("/api/history/trend-logs", json=body)
    assert answer.status_code == 201, answer.text
    log: dict[str, Any] = answer.json()
    return log


async def recorded(server: Server, device: int, log: int, at_least: int) -> dict[str, Any]:
    """What the log has recorded, once it is so much."""
    async with asyncio.timeout(20):
        while True:
            found: dict[str, Any] = await server.get(f"/api/readings/{device}", trend_log_id=log, limit=1000)
            if found["total"] >= at_least:
                return found
            await asyncio.sleep(0.05)


async def test_a_log_is_added_changed_and_deleted(server: Server) -> None:
    device = await server.add_boiler("boiler")
    log = await added(server, device)
    assert (log["interval_s"], log["max_samples"], log["enabled"]) == (900, 1000, True)
    assert [series["key"] for series in log["series"]] == ["flow", "pump"]
    assert (
        await server.get("/api/history/trend-logs")
        == await server.get("/api/history/trend-logs", device_id=device)
        == [log]
    )
    path = f"/api/history/trend-logs/{log['id']}"
    changed = await server.client.put(path, json={"name": "minutes", "interval_s": 60, "points": ["flow"]})
    assert changed.json() == {**log, "name": "minutes", "interval_s": 60, "series": log["series"][:1]}
    assert await server.get(path) == changed.json()
    assert (await server.client.delete(path)).status_code == 204
    assert await server.get("/api/history/trend-logs") == []
    for answer in (await server.client.get(path), await server.client.delete(path)):
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


async def test_a_log_records_the_newest_samples_on_the_grid_of_its_interval(server: Server) -> None:
    device = await server.add_boiler("boiler")
    await server.until(device, lambda latest: latest["flow"]["quality"] == "good")
    log = await added(server, device, interval_s=1)
    found = await recorded(server, device, log["id"], 4)
    own = {series["point_id"] for series in log["series"]}
    assert {reading["point_id"] for reading in found["readings"]} == own
    by_key = {reading["key"]: reading for reading in found["readings"]}
    assert (by_key["flow"]["value"], by_key["flow"]["quality"]) == (61.0, "good")
    times = [reading["timestamp"] for reading in found["readings"] if reading["key"] == "flow"]
    assert all(time.endswith(".000Z") for time in times)
    assert len(set(times)) == len(times)
    only = await server.get(f"/api/readings/{device}", trend_log_id=log["id"], key="pump")
    assert {reading["key"] for reading in only["readings"]} == {"pump"}
    plain = await server.get(f"/api/readings/{device}")
    assert not own & {reading["point_id"] for reading in plain["readings"]}
    series = log["series"][0]["point_id"]
    trend = await server.get("/api/trend", point_id=series)
    assert trend["series"][0]["last"][-1] == 61.0


async def test_of_each_point_the_newest_samples_alone_are_kept(server: Server) -> None:
    device = await server.add_boiler("boiler")
    log = await added(server, device, interval_s=3600, max_samples=10, points=["flow"])
    series = np.full(25, log["series"][0]["point_id"], np.int32)
    hours = np.arange(25) * 3_600_000 + 1_790_000_000_000
    historian = server.parts.historian
    await historian.append(SampleBatch(series, hours, np.arange(25.0), np.zeros(25, np.uint8)))
    found = await server.get(
        f"/api/readings/{device}", trend_log_id=log["id"], start_time="2026-01-01T00:00:00Z", limit=1000
    )
    assert found["total"] == 10
    assert [reading["value"] for reading in found["readings"]] == [float(number) for number in range(15, 25)]
    again = await server.client.put(f"/api/history/trend-logs/{log['id']}", json={"interval_s": 1})
    assert again.status_code == 200
    async with asyncio.timeout(20):
        while True:
            kept = await historian.count([log["series"][0]["point_id"]], 0, 10**15)
            if kept <= 11:  # one may be recorded before the rest is let go again
                break
            await asyncio.sleep(0.05)


async def test_a_silent_device_leaves_bad_samples_and_no_invented_ones(server: Server) -> None:
    device = await server.add_boiler("boiler")
    await server.until(device, lambda latest: latest["flow"]["quality"] == "good")
    await server.client.put(f"/api/devices/{device}", json={"link": "tcp://127.0.0.1:9"})
    await server.until(device, lambda latest: latest["flow"]["quality"] == "bad")
    log = await added(server, device, interval_s=1, points=["flow"])
    found = await recorded(server, device, log["id"], 1)
    reading = found["readings"][0]
    assert (reading["value"], reading["quality"], reading["reason"]) == (None, "bad", Quality.BAD_COMM.reason)


async def test_the_samples_of_a_deleted_log_stay_unless_it_is_said_otherwise(server: Server) -> None:
    device = await server.add_boiler("boiler")
    historian = server.parts.historian
    for keep_data, left in (("true", 1), ("false", 0)):
        log = await added(server, device, points=["flow"])
        series = np.full(1, log["series"][0]["point_id"], np.int32)
        await historian.append(SampleBatch(series, np.full(1, 1000), np.full(1, 5.0), np.zeros(1, np.uint8)))
        path = f"/api/history/trend-logs/{log['id']}?keep_data={keep_data}"
        assert (await server.client.delete(path)).status_code == 204
        assert await historian.count([log["series"][0]["point_id"]], 0, 10**15) == left


async def test_what_is_wrong_is_named(server: Server) -> None:
    device = await server.add_boiler("boiler")
    log = await added(server, device)
    good = {"device_id": device, "name": "other", "points": ["flow"]}
    for change, status, code, field in (
        ({"points": ["flo"]}, 422, "unknown_point", "points"),
        ({"points": ["serial"]}, 422, "invalid_value", "points"),
        ({"points": []}, 422, "invalid_request", "points"),
        ({"points": ["flow", "flow"]}, 422, "invalid_value", "points"),
        ({"interval_s": 0}, 422, "invalid_request", "interval_s"),
        ({"max_samples": 10**6}, 422, "invalid_request", "max_samples"),
        ({"name": "QUARTER hours"}, 409, "duplicate", "name"),
        ({"color": 1}, 422, "invalid_request", "color"),
    ):
        answer = await server.client.post("/api/history/trend-logs", json={**good, **change})
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
        assert answer.json()["error"]["fields"][0]["field"] == field
    assert (await server.client.post("/api/history/trend-logs", json={**good, "device_id": 99})).status_code == 404
    assert await server.get("/api/history/trend-logs") == [log]
    other = await server.add_boiler("pump house", unit_id=2)
    assert (await server.client.get(f"/api/readings/{other}?trend_log_id={log['id']}")).status_code == 404
    assert (await server.client.get(f"/api/readings/{device}?trend_log_id=99")).status_code == 404
    unknown = await server.client.get(f"/api/readings/{device}?trend_log_id={log['id']}&key=serial")
    assert unknown.json()["error"]["code"] == "unknown_point"
