"""Groups of devices: how they are, and what they recorded."""

from functools import partial
from typing import Any

from tests.integration.api.conftest import Server


async def add_group(server: Server, name: str, *device_ids: int) -> dict[str, Any]:
    answer = await server.client.post("/api/groups", json={"name": name, "device_ids": list(device_ids)})
    assert answer.status_code == 201, answer.text
    group: dict[str, Any] = answer.json()
    return group


def is_(alert: str, now: dict[str, Any]) -> bool:
    return "flow" in now and now["flow"]["alert"] == alert


async def test_a_group_tells_its_devices_by_name(server: Server) -> None:
    second, first = await server.add_boiler("Boiler 2", unit_id=2), await server.add_boiler("Boiler 1")
    group = await add_group(server, "Boilers", second, first, second)
    assert [device["name"] for device in group["devices"]] == ["Boiler 1", "Boiler 2"]
    (listed,) = await server.get("/api/groups")
    assert (listed["name"], listed["device_count"]) == ("Boilers", 2)


async def test_what_the_devices_are_sums_to_their_number(server: Server) -> None:
    limits = {"flow": {"warning_upper": 61.5, "critical_upper": 63}}
    normal = await server.add_boiler("Normal", thresholds=limits)
    warning = await server.add_boiler("Warning", unit_id=2, thresholds=limits)
    critical = await server.add_boiler("Critical", thresholds={"flow": {"critical_upper": 50}})
    away = await server.add_boiler("Away", link="tcp://127.0.0.1:1", thresholds=limits)
    off = await server.add_boiler("Off", enabled=False)
    for device, alert in ((normal, "normal"), (warning, "warning"), (critical, "critical")):
        await server.until(device, partial(is_, alert))
    await server.until(away, lambda now: now["status"] == "offline")
    group = await add_group(server, "All", normal, warning, critical, away, off)
    summary = {"normal": 1, "warning": 1, "critical": 1, "offline": 2}
    assert group["alert_summary"] == summary
    assert await server.get(f"/api/groups/{group['id']}/alerts") == {"group_id": group["id"], **summary}
    assert {device["name"]: device["alert"] for device in group["devices"]} == {
        "Normal": "normal",
        "Warning": "warning",
        "Critical": "critical",
        "Away": "offline",
        "Off": "offline",
    }


async def test_a_bad_value_of_a_device_that_answers_is_not_normal(server: Server) -> None:
    server.boilers[1].update({"flow": 500.0})
    device = await server.add_boiler("Broken", thresholds={"flow": {"critical_upper": 63}})
    await server.until(device, lambda now: now["status"] == "online" and now["flow"]["reason"] == "out_of_range")
    group = await add_group(server, "Sensors", device)
    assert group["alert_summary"] == {"normal": 0, "warning": 0, "critical": 0, "offline": 1}


async def test_devices_are_replaced_and_outlive_their_groups(server: Server) -> None:
    one, two = await server.add_boiler("One"), await server.add_boiler("Two", unit_id=2)
    group = (await add_group(server, "Mine", one))["id"]
    changed = await server.client.put(f"/api/groups/{group}", json={"device_ids": [two], "name": "Ours"})
    assert (changed.json()["name"], [device["id"] for device in changed.json()["devices"]]) == ("Ours", [two])
    kept = await server.client.put(f"/api/groups/{group}", json={"description": "of us"})
    assert [device["id"] for device in kept.json()["devices"]] == [two]
    await server.client.delete(f"/api/devices/{two}", params={"keep_data": True})
    assert (await server.get(f"/api/groups/{group}"))["devices"] == []
    assert (await server.client.delete(f"/api/groups/{group}")).status_code == 204
    assert (await server.client.get(f"/api/groups/{group}")).status_code == 404
    assert [device["id"] for device in await server.get("/api/devices")] == [one]


async def test_bad_groups_are_refused_by_field_and_change_nothing(server: Server) -> None:
    device = await server.add_boiler("One")
    group = (await add_group(server, "Котёл", device))["id"]
    await add_group(server, "Other")
    for body, status, field in (
        ({"name": "КОТЁЛ"}, 409, "name"),
        ({"name": ""}, 422, "name"),
        ({"name": "x" * 101}, 422, "name"),
        ({"name": " x"}, 422, "name"),
        ({"name": "x", "description": "x" * 501}, 422, "description"),
        ({"name": "x", "device_ids": [device, 99]}, 422, "device_ids"),
    ):
        refused = await server.client.post("/api/groups", json=body)
        assert (refused.status_code, refused.json()["error"]["fields"][0]["field"]) == (status, field), body
    half = await server.client.put(f"/api/groups/{group}", json={"name": "New", "device_ids": [99]})
    assert half.status_code == 422
    assert (await server.client.put(f"/api/groups/{group}", json={"name": "OTHER"})).status_code == 409
    kept = await server.get(f"/api/groups/{group}")
    assert (kept["name"], [each["id"] for each in kept["devices"]]) == ("Котёл", [device])
    assert len(await server.get("/api/groups")) == 2


async def test_what_a_group_recorded_comes_with_names_and_units(server: Server) -> None:
    one, two = await server.add_boiler("One"), await server.add_boiler("Two", unit_id=2)
    group = (await add_group(server, "Both", one, two))["id"]
    for device in (one, two):
        await server.until(device, lambda now: now["status"] == "online")
    told = await server.get(f"/api/groups/{group}/readings", hours=1)
    assert told["group_name"] == "Both"
    assert told["total"] >= len(told["readings"]) >= 4
    times = [reading["timestamp"] for reading in told["readings"]]
    assert times == sorted(times)
    flows = {reading["device_name"]: reading for reading in told["readings"] if reading["key"] == "flow"}
    assert {name: (flow["value"], flow["unit"], flow["status"]) for name, flow in flows.items()} == {
        "One": (61.0, "°C", "normal"),
        "Two": (62.0, "°C", "normal"),
    }
    newest = await server.get(f"/api/groups/{group}/readings", limit=1, order="desc")
    assert len(newest["readings"]) == 1
    hours = await server.get(f"/api/groups/{group}/readings", aggregate="1hour")
    flow = next(each for each in hours["readings"] if (each["device_id"], each["key"]) == (two, "flow"))
    assert (flow["avg"], flow["min"], flow["max"], flow["unit"]) == (62.0, 62.0, 62.0, "°C")
    assert (await server.client.get("/api/groups/999/readings")).status_code == 404
