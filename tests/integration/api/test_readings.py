"""What was read can be found again: raw, and summed up for a trend."""

import asyncio

from tests.integration.api.conftest import Server


async def recorded(server: Server, device: int, count: int) -> list[dict[str, object]]:
    """The readings of the flow, once there are so many."""
    async with asyncio.timeout(15):
        while True:
            answer = await server.client.get(f"/api/readings/{device}", params={"key": "flow"})
            found = answer.json()
            if answer.status_code == 200 and found["total"] >= count:
                readings: list[dict[str, object]] = found["readings"]
                return readings
            await asyncio.sleep(0.05)


async def test_every_reading_is_kept_with_its_quality(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    await recorded(server, device, 1)
    server.boilers[1].update({"flow": 300.0})
    readings = await recorded(server, device, 3)
    assert readings[0]["value"] == 61.0
    last = (await server.get(f"/api/readings/{device}", key="flow", order="desc", limit=1))["readings"][0]
    assert (last["value"], last["quality"], last["reason"]) == (None, "bad", "out_of_range")


async def test_readings_are_paged_and_ordered(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    await recorded(server, device, 3)
    all_ = await server.get(f"/api/readings/{device}", key="flow", limit=3)
    second = await server.get(f"/api/readings/{device}", key="flow", limit=1, offset=1)
    assert second["readings"] == all_["readings"][1:2]
    assert [r["timestamp"] for r in all_["readings"]] == sorted(r["timestamp"] for r in all_["readings"])


async def test_a_short_trend_is_raw_samples_and_a_long_one_buckets(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    await recorded(server, device, 2)
    flow = (await server.get(f"/api/devices/{device}"))["points"][0]["id"]
    raw = await server.get("/api/trend", point_id=flow)
    assert raw["bucket_ms"] == 0
    assert set(raw["series"][0]["mean"]) == {61.0}
    hour = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T01:00:00"}
    empty = await server.get("/api/trend", point_id=flow, **hour)
    assert empty["series"][0]["at_ms"] == []
    assert empty["end_ms"] - empty["start_ms"] == 3_600_000


async def test_a_trend_is_of_points_by_id_or_by_device_and_key(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    flow = (await server.get(f"/api/devices/{device}"))["points"][0]["id"]
    hour = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T01:00:00Z"}
    by_name = await server.get("/api/trend", point=f"{device}.flow", **hour)
    assert [series["point_id"] for series in by_name["series"]] == [flow]
    assert by_name == await server.get("/api/trend", point_id=flow, **hour)


_WRONG_POINTS = {
    "": ("invalid_points", "which points is missing"),
    "point=1.flow&point_id=1": ("invalid_points", "not both"),
    "point=flow": ("invalid_points", "DEVICE.KEY"),
    "point=99.flow": ("unknown_device", "there is no device 99"),
    "point=1.flow&point=1.flaw": ("unknown_point", "did you mean 'flow'?"),
}


async def test_wrong_points_of_a_trend_are_named(server: Server) -> None:
    await server.add_boiler("Boiler 1")
    for query, (code, said) in _WRONG_POINTS.items():
        answer = await server.client.get(f"/api/trend?{query}")
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["fields"][0]["field"]) == (422, code, "point")
        assert said in error["message"]


async def test_a_wrong_range_or_point_is_named(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    turned = {"start_time": "2026-01-02T00:00:00Z", "end_time": "2026-01-01T00:00:00Z"}
    answer = await server.client.get(f"/api/readings/{device}", params=turned)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_range")
    answer = await server.client.get(f"/api/readings/{device}", params={"key": "flaw"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown_point")
    answer = await server.client.get("/api/readings/99")
    assert answer.status_code == 404


async def test_health_counts_devices_and_samples(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    await server.add_boiler("Nowhere", link="tcp://127.0.0.1:1")
    await recorded(server, device, 1)
    health = await server.get("/api/health")
    assert health["status"] == "ok"
    assert health["history"]["stored"] > 0
    assert sum(health["devices"].values()) == 2
    assert health["devices"]["online"] == 1


async def test_a_broken_profile_file_is_named_and_spoils_nothing_else(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    (server.data_dir / "profiles" / "bad.yaml").write_text("profile: bad\npoints: 3\n")
    async with asyncio.timeout(15):
        while not (problems := (await server.get("/api/health"))["problems"]):  # noqa: ASYNC110 - a file, no event
            await asyncio.sleep(0.05)
    assert "bad.yaml" in problems[0]
    told = (await server.get("/api/health"))["problem_details"][0]
    assert (told["message"], told["code"]) == (problems[0], "profile")
    assert "bad.yaml" in told["facts"]["cause"]
    facts = told["facts"]
    assert told["message"].endswith(f"bad.yaml:{facts['line']:g}: {facts['field']}: {facts['said']}")
    await server.until(device, lambda now: now["flow"]["value"] == 61.0)
