"""The T3000 API: from the cache while that is fresh, else from the device; all of a batch or nothing of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from httpx import ASGITransport, AsyncClient, Response

from stripchart.api.app import build_api
from stripchart.api.http_limits import HttpOptions
from stripchart.api.t3000.options import ApiOptions
from stripchart.model.sample import SampleBatch
from stripchart.pipeline.eviction import CacheOptions
from stripchart.simulator.faults import parse_fault
from tests.integration.api.conftest import Server

FLOW = "/point/HOLDING/0"


@pytest.fixture
async def impatient(server: Server) -> AsyncIterator[AsyncClient]:
    """A client of a cache in which nothing stays."""
    data = replace(server.parts.data, cache=CacheOptions(duration_s=0))
    transport = ASGITransport(build_api(replace(server.parts, data=data)))
    headers = server.client.headers
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        yield client


async def polled_once(server: Server, **changes: object) -> int:
    """A boiler that was read, and will not be polled again for an hour."""
    device = await server.add_boiler("Boiler", interval_s=3600, **changes)
    await server.until(device, lambda latest: "flow" in latest and latest["flow"]["quality"] == "good")
    return device


def said(answer: Response) -> tuple[Any, Any, Any]:
    """Value, freshness and source of a point."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body["data"]["value"], body["data"]["is_fresh"], body["source"]


async def test_a_value_that_is_too_old_is_read_once_for_all_who_wait(server: Server, impatient: AsyncClient) -> None:
    device = await polled_once(server)
    server.boilers[1].update({"flow": 75.0})
    path = f"/api/device/{device}{FLOW}"
    assert said(await server.client.get(path)) == (61.0, 1, "cache")
    answers = await asyncio.gather(*(impatient.get(path) for _ in range(30)))
    assert {said(answer) for answer in answers} == {(75.0, 1, "t3000")}
    assert server.parts.data.reads.requests == 1
    assert said(await server.client.get(path)) == (75.0, 1, "cache")
    kept = await server.get(f"/api/readings/{device}", key="flow")
    assert [reading["value"] for reading in kept["readings"]] == [61.0, 75.0]
    stats = (await server.get(f"/api/device/{device}/data"))["data"]["cache_stats"]
    assert stats == {"total_points": 3, "fresh_points": 3, "stale_points": 0, "cache_hit_rate": 1.0}
    text = (await impatient.get(f"/api/device/{device}/point/26/2")).json()
    assert (text["data"]["text"], text["data"]["value"], text["source"]) == ("B-1", None, "t3000")


async def test_a_silent_device_is_told_of_with_the_age_of_what_it_said_last(
    server: Server, impatient: AsyncClient
) -> None:
    device = await polled_once(server)
    server.boilers[1].fault = parse_fault("mute")
    path = f"/api/device/{device}{FLOW}"
    answers = await asyncio.gather(*(impatient.get(path) for _ in range(5)))
    assert {said(answer) for answer in answers} == {(61.0, 1, "cache")}
    assert {"unit 1" in answer.json()["data"]["device_error"] for answer in answers} == {True}
    again = (await impatient.get(path)).json()["data"]
    assert (again["quality"], again["timestamp"] > 0, again["age_seconds"] > 0) == ("good", True, True)
    assert server.parts.data.reads.requests == 1, "it is left alone for a while"
    rates = (await impatient.get(f"/api/device/{device}/data")).json()["data"]["cache_stats"]
    assert rates["cache_hit_rate"] == pytest.approx(3 / 9)


async def test_what_a_device_said_before_it_fell_silent_is_stale_and_what_it_never_said_is_no_number(
    server: Server,
) -> None:
    device = await server.add_boiler("Boiler")
    await server.until(device, lambda latest: "flow" in latest and latest["flow"]["quality"] == "good")
    server.boilers[1].fault = parse_fault("mute")
    await server.until(device, lambda latest: latest["flow"]["quality"] == "bad")
    body = (await server.client.get(f"/api/device/{device}{FLOW}")).json()
    point = body["data"]
    assert (point["value"], point["is_fresh"], point["quality"], point["reason"]) == (61.0, 0, "uncertain", "stale")
    assert (body["source"], bool(point["device_error"])) == ("cache", True)
    stats = (await server.get(f"/api/device/{device}/data"))["data"]["cache_stats"]
    assert stats["stale_points"] >= 2, "a text is not known to be lost before it is old"
    health = (await server.get("/api/health/metrics"))["data"]
    assert health["failed_collections_last_hour"] > 0
    assert health["collection_success_rate"] < 1
    other = await server.add_boiler("Other", unit_id=9, enabled=False)
    refusal = await server.client.get(f"/api/device/{other}{FLOW}")
    assert (refusal.status_code, refusal.json()["success"], refusal.json()["data"]) == (504, False, None)
    assert "disabled" in refusal.json()["error"]


async def test_values_of_others_are_kept_all_or_none_and_are_in_the_audit(server: Server) -> None:
    device = await polled_once(server)
    path = f"/api/device/{device}/data"
    good = {"point_type": 26, "point_number": 0, "value": 70.5}
    wrong = [
        {**good, "value": 201},
        {**good, "timestamp": 1 << 37},
        {**good, "point_number": 2},
        {**good, "device_id": 9},
    ]
    answer = await server.client.post(path, json={"data_points": [good, *wrong]})
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["fields"]] == [
        "data_points.1.value",
        "data_points.2.timestamp",
        "data_points.3.value",
        "data_points.4.device_id",
    ]
    assert said(await server.client.get(f"/api/device/{device}{FLOW}"))[0] == 61.0
    done = await server.client.post(path, json={"data_points": [good]})
    assert (done.status_code, done.json()["data"]) == (200, {"updated": 1})
    assert said(await server.client.get(f"/api/device/{device}{FLOW}")) == (70.5, 1, "cache")
    (record,) = (await server.get("/api/audit", kind="point_value"))["records"]
    assert record["subject"] == "Boiler: flow"
    assert record["who"] == "owner"
    assert record["changes"]["value"] == {"old": 61.0, "new": 70.5}
    assert record["changes"]["source"] == {"new": "api"}
    assert (record["changes"]["point_type"], record["changes"]["point_number"]) == ({"new": 26}, {"new": 0})


async def test_a_range_across_years_is_told_whole_however_long(server: Server) -> None:
    device = await polled_once(server)
    entry = server.parts.roster.all()[0]
    count, start_s = 50_001, 1_735_600_000  # across the first of January 2025
    at_s = start_s + 10 * np.arange(count)
    values = np.sin(np.arange(count, dtype=np.float64)).round(3)
    quality = np.zeros(count, np.uint8)
    quality[7], values[7] = 0x81, np.nan
    ids = np.full(count, entry.point_ids[0], np.int32)
    await server.parts.historian.append(SampleBatch(ids, at_s * 1000, values, quality))
    path, end_s = f"/api/timeseries/{device}/26/0", int(at_s[-1])
    data = (await server.get(path, start_time=start_s, end_time=end_s))["data"]
    assert (data["total_points"], len(data["data"])) == (count, count)
    assert [row["timestamp"] for row in data["data"]] == at_s.tolist()
    assert [row["value"] for row in data["data"]][8:] == values[8:].tolist()
    assert (data["data"][7]["value"], data["data"][7]["quality"]) == (None, "bad")
    hours = (await server.get(path, start_time=start_s, end_time=end_s, interval_seconds=3600))["data"]["data"]
    first = values[at_s < hours[1]["timestamp"]]
    assert hours[0]["value"] == pytest.approx(np.nanmean(first))
    assert {row["timestamp"] % 3600 for row in hours} == {0}
    assert (await server.get(path, start_time=start_s, end_time=start_s))["data"]["total_points"] == 1


async def test_a_batch_is_kept_whole_or_not_at_all_also_of_trend_logs(server: Server) -> None:
    device = await polled_once(server)
    log = await server.client.post(f"/api/trend-logs/{device}", json={"trend_log_name": "Days", "is_active": 0})
    row = {"device_id": device, "point_type": 26, "point_number": 0, "timestamp": 1_700_000_000}
    rows = [{**row, "value": 1.5}, {**row, "value": 2.5, "trend_log_id": log.json()["data"]["id"]}]
    for wrong in ({"trend_log_id": 99}, {"device_id": 99}, {"point_number": 99}, {"timestamp": 1 << 37}):
        refused = await server.client.post("/api/timeseries/batch", json=[*rows, {**row, "value": 3.5, **wrong}])
        assert refused.status_code == 400, refused.text
        assert refused.json()["fields"][0]["field"] == f"2.{next(iter(wrong))}"
    asked = {"start_time": 1, "end_time": 1_700_000_000}
    path = f"/api/timeseries/{device}/26/0"
    assert (await server.get(path, **asked))["data"]["total_points"] == 0
    stored = await server.client.post("/api/timeseries/batch", json=rows)
    assert stored.json()["data"] == {"stored": 2}
    found = [
        [(row["value"], row["trend_log_id"]) for row in (await server.get(path, **asked, **more))["data"]["data"]]
        for more in ({}, {"trend_log_id": 1})
    ]
    assert found == [[(1.5, None)], [(2.5, 1)]]
    assert (await server.get(f"/api/trend-logs/{device}"))["data"][0]["last_collected"] == 1_700_000_000


async def test_a_trend_log_is_found_by_id_or_name_and_what_is_wrong_is_named(server: Server) -> None:
    device = await polled_once(server)
    path = f"/api/trend-logs/{device}"
    points = [{"point_type": 26, "point_number": 1}]
    new = (await server.client.post(path, json={"trend_log_name": "Pump", "points": points})).json()["data"]
    assert [point["point_name"] for point in new["points"]] == ["pump"]
    assert (new["interval_seconds"], new["max_points"], new["is_active"]) == (900, 1000, 1)
    other = await server.client.post(path, json={"trend_log_name": "PUMP", "interval_seconds": 60})
    changed = other.json()["data"]
    assert changed.pop("updated_at") >= new.pop("updated_at")
    assert changed == {**new, "trend_log_name": "PUMP", "interval_seconds": 60}
    for body, status, field in (
        ({}, 400, "trend_log_name"),
        ({"id": 99}, 404, "id"),
        ({"trend_log_name": "x", "points": [{"point_type": 26, "point_number": 2}]}, 400, "points"),
        ({"trend_log_name": "x", "points": [{"point_type": 26, "point_number": 9}]}, 400, "point_number"),
        ({"trend_log_name": "x", "interval_seconds": 0}, 400, "interval_seconds"),
        ({"trend_log_name": "x", "color": "red"}, 400, "color"),
    ):
        answer = await server.client.post(path, json=body)
        assert (answer.status_code, answer.json()["fields"][0]["field"]) == (status, field), answer.text


async def test_values_of_a_device_that_was_deleted_leave_the_cache(server: Server) -> None:
    device = await polled_once(server)
    seen = server.parts.pipeline.latest.seen
    assert len(seen()) == 2
    await server.parts.data.eviction.clean()
    assert len(seen()) == 2
    assert (await server.client.delete(f"/api/devices/{device}?keep_data=true")).status_code == 204
    await server.parts.data.eviction.clean()
    assert len(seen()) == 0
    assert (await server.get("/api/health/metrics"))["data"]["cache_eviction_rate"] == pytest.approx(2 / 60)


async def test_a_request_that_takes_too_long_is_given_up(server: Server) -> None:
    data = replace(server.parts.data, cache=CacheOptions(duration_s=0), api=ApiOptions(request_timeout_s=0.1))
    device = await polled_once(server)
    server.boilers[1].fault = parse_fault("mute")
    transport = ASGITransport(build_api(replace(server.parts, data=data)))
    headers = server.client.headers
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        answer = await client.get(f"/api/device/{device}{FLOW}")
    assert (answer.status_code, answer.json()["source"]) == (504, "api")
    assert "0.1 s" in answer.json()["error"]


async def test_the_short_way_says_what_the_route_says_and_lets_in_whom_the_route_lets_in(server: Server) -> None:
    device = await polled_once(server)

    def without_ages(answer: Response) -> Any:
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        points = data.pop("points", [data])
        return data | {"points": [{**point, "age_seconds": 0} for point in points]}

    for path in ("data", "point/26/0", "point/HOLDING/2"):
        short, full = [await server.client.get(f"/api/device/{zero}{device}/{path}") for zero in ("", "0")]
        assert without_ages(short) == without_ages(full)
        nobody = await server.client.get(f"/api/device/{device}/{path}", headers={"Authorization": ""})
        assert (nobody.status_code, nobody.json()["success"]) == (401, False)
    packed = await server.client.get(f"/api/device/{device}/data", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json()["data"]["cache_stats"]["total_points"] == 3
    counted = (await server.client.get("/metrics")).text
    assert 'route="/api/device/{device_id}/point/{point_type}/{point_number}"' in counted


async def test_what_is_refused_before_a_route_is_found_is_in_the_envelope_too(server: Server) -> None:
    transport = ASGITransport(build_api(server.parts, HttpOptions(max_request_bytes=65_536)))
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=server.client.headers) as client:
        large = await client.post("/api/timeseries/batch", content=b" " * 65_537)
        strange = await client.get("/api/device/1/data", headers={"Host": "evil.example"})
        elsewhere = await client.post("/api/sites", content=b" " * 65_537)
    for answer, status in ((large, 413), (strange, 400)):
        assert (answer.status_code, answer.json()["success"], answer.json()["source"]) == (status, False, "api")
    assert elsewhere.json()["error"]["code"] == "too_large"
