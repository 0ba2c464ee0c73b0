"""Whatever comes in, the answer is one envelope that names the field; nothing is half-applied."""

import json

import pytest

from tests.integration.api.conftest import Server

HUGE = 10**30


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("GET", f"/api/devices/{HUGE}", "device_id"),
        ("GET", f"/api/devices/{HUGE}/latest", "device_id"),
        ("PUT", f"/api/devices/{HUGE}", "device_id"),
        ("DELETE", f"/api/devices/{HUGE}", "device_id"),
        ("PUT", f"/api/sites/{HUGE}", "site_id"),
        ("DELETE", f"/api/sites/{HUGE}", "site_id"),
        ("GET", f"/api/devices/stream?device_id={HUGE}", "device_id.0"),
        ("GET", f"/api/readings/{HUGE}", "device_id"),
        ("GET", f"/api/trend?point_id=1&point_id={HUGE}", "point_id.1"),
        ("GET", "/api/trend?point_id=-1", "point_id.0"),
        ("GET", "/api/trend?point_id=1&start_time=NaN", "start_time"),
        ("GET", "/api/trend?point_id=1&buckets=1000000000000", "buckets"),
        ("GET", "/api/devices/stream?interval_s=nan", "interval_s"),
        ("GET", "/api/readings/1?offset=-1", "offset"),
    ],
)
async def test_a_number_out_of_its_range_is_named(server: Server, method: str, path: str, field: str) -> None:
    answer = await server.client.request(method, path, json={} if method == "PUT" else None)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["error"]["fields"]] == [field]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("site_id", HUGE, "most"),
        ("interval_s", float("nan"), "most"),
        ("interval_s", float("inf"), "most"),
        ("name", "a\0b", "control_characters"),
        ("name", "", "shortest"),
        ("name", " a", "spaces"),
        ("name", "\ud800", "other"),
        ("profile", "\ud800", "other"),
        ("link", 5, "link"),
        ("link", None, "required"),
        ("link", "tcp://a..b:502", "host"),
        ("link", "tcp://\ud800", "host"),
        ("link", "rtu:///dev/tty\0", "link"),
        ("link", "tcp://h:" + "9" * 5000, "range"),
        ("unit_id", 300, "most"),
    ],
)
async def test_a_device_that_cannot_be_is_refused(server: Server, field: str, value: object, code: str) -> None:
    body = {"name": "x", "site_id": server.site_id, "link": "tcp://h", "unit_id": 1, "profile": "boiler"}
    text = json.dumps({**body, "interval_s": 1, field: value})
    answer = await server.client.post("/api/devices", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["error"]["fields"]] == [(field, code)]
    assert await server.get("/api/devices") == []


@pytest.mark.parametrize("text", ["", "{bad", "[]"])
async def test_a_body_that_is_no_json_object_is_named_as_the_body(server: Server, text: str) -> None:
    answer = await server.client.post("/api/sites", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith("body: ")


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"])
async def test_the_ends_of_the_calendar_are_times_as_good_as_any(server: Server, when: str) -> None:
    assert (await server.get("/api/trend", point_id=1, end_time=when))["series"][0]["at_ms"] == []
    everything = {"start_time": "0001-01-01T00:00:00Z", "end_time": "9999-12-31T23:59:59Z"}
    assert (await server.get("/api/trend", point_id=1, buckets=10, **everything))["bucket_ms"] == 0


async def test_a_device_of_a_profile_whose_file_is_bad_is_refused_with_the_line(server: Server) -> None:
    (server.data_dir / "profiles" / "boiler.yaml").write_text("profile: boiler\npoints: 3\n")
    await server.until_problem("boiler.yaml")
    device = {"name": "x", "site_id": server.site_id, "link": "tcp://h", "unit_id": 1, "interval_s": 1}
    answer = await server.client.post("/api/devices", json={**device, "profile": "boiler"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_profile")
    assert "boiler.yaml:2" in answer.json()["error"]["message"]
    (field,) = answer.json()["error"]["fields"]
    assert (field["field"], field["code"]) == ("profile", "bad_file")
    assert "boiler.yaml:1: kind: missing" in field["facts"]["said"]


async def test_a_site_s_code_with_a_space_is_complained_of_by_code(server: Server) -> None:
    answer = await server.client.post("/api/sites", json={"code": "A B", "name": "North"})
    assert [(each["field"], each["code"]) for each in answer.json()["error"]["fields"]] == [("code", "characters")]


async def test_a_device_whose_profile_is_gone_says_so_by_code(server: Server) -> None:
    device = await server.add_boiler("Boiler")
    (server.data_dir / "profiles" / "boiler.yaml").write_text("profile: boiler\npoints: 3\n")
    await server.until_problem("Boiler: ")
    details = (await server.get("/api/health"))["problem_details"]
    (told,) = [problem["facts"] for problem in details if problem["code"] == "device"]
    assert (told["device"], told["cause_code"], told["profile"]) == ("Boiler", "profile_invalid", "boiler")
    assert (await server.get(f"/api/devices/{device}"))["status"] == "online", "it is read as before"
