"""Link, device and points fail apart, and are told apart; what was known before a restart is known after."""

import asyncio
from typing import Any

import pytest

from stripchart.api.live_feed import LiveFeed
from stripchart.api.live_view import Values
from stripchart.model.device import DeviceId
from stripchart.simulator.faults import parse_fault
from tests.integration.api.conftest import BOILER, Server
from tests.integration.api.test_stream import devices_of


async def trouble(server: Server, device: int, wanted: str) -> dict[str, Any]:
    """The device, once it is in this trouble."""
    async with asyncio.timeout(15):
        while True:
            found: dict[str, Any] = await server.get(f"/api/devices/{device}")
            if found["trouble"] == wanted:
                return found
            await asyncio.sleep(0.02)


async def test_a_link_that_is_down_a_silent_device_and_one_that_refuses_are_told_apart(server: Server) -> None:
    nowhere = await server.add_boiler("Nowhere", link="tcp://127.0.0.1:1")
    silent = await server.add_boiler("Silent", unit_id=9)
    refusing = await server.add_boiler("Refusing", unit_id=2)
    server.boilers[2].fault = parse_fault("exception=4")
    down = await trouble(server, nowhere, "link_down")
    assert (down["status"], down["cause"]["code"]) == ("offline", "connection_refused")
    mute = await trouble(server, silent, "no_answer")
    assert (mute["status"], mute["cause"]["facts"]["unit"]) == ("offline", 9)
    assert mute["cause"]["code"] in {"no_reply", "silent"}
    found = await trouble(server, refusing, "refused")
    assert found["status"] == "error"
    assert "exception 4 (server device failure)" in found["error"]
    assert found["cause"] == {
        "code": "exception",
        "facts": {"exception": 4, "unit": 2, "table": "holding", "first": 0, "last": 5},
    }
    event = await LiveFeed(server.parts).event((DeviceId(refusing),), Values.OVERVIEW)
    assert [device["cause"] for device in devices_of(event)] == [found["cause"]]
    metrics = {each["device_id"]: each for each in await server.get("/api/metrics")}
    codes = [metrics[device]["error_code"] for device in (nowhere, refusing)]
    assert codes == ["connection_refused", "exception"]


@pytest.mark.parametrize("code", [10, 11])
async def test_what_a_gateway_says_of_a_device_it_cannot_reach_turns_the_device_offline(
    server: Server, code: int
) -> None:
    server.boilers[1].fault = parse_fault(f"exception={code}")
    device = await server.add_boiler("Behind a gateway")
    found = await trouble(server, device, "no_answer")
    assert (found["status"], found["last_reading_at"]) == ("offline", None)
    assert "gateway" in found["error"]
    assert (found["cause"]["code"], found["cause"]["facts"]["exception"]) == ("exception", code)


async def test_a_point_without_a_value_is_counted_by_its_reason_while_its_device_is_online(server: Server) -> None:
    server.boilers[1].update({"flow": 9000.0 / 10})
    device = await server.add_boiler("Boiler 1")
    await server.until(device, lambda now: now["flow"]["reason"] == "out_of_range")
    found = await server.get(f"/api/devices/{device}")
    assert (found["status"], found["trouble"], found["bad_points"]) == ("online", None, {"out_of_range": 1})


async def test_the_period_that_is_achieved_is_measured(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    first = await server.until(device, lambda now: now["flow"]["value"] == 61.0)
    await server.until(device, lambda now: now["flow"]["at"] != first["values"][0]["at"])
    second = await server.get(f"/api/devices/{device}/latest")
    await server.until(device, lambda now: now["flow"]["at"] != second["values"][0]["at"])
    found = await server.get(f"/api/devices/{device}")
    assert found["period_s"] > 0
    assert found["period_p95_s"] >= found["period_s"]
    assert found["poll_s"] > 0


async def test_a_new_name_is_taken_over_without_reading_anew(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    await server.until(device, lambda now: now["flow"]["value"] == 61.0)
    since = (await server.get(f"/api/devices/{device}"))["status_since"]
    clients = set(server.plant.clients)
    answer = await server.client.put(f"/api/devices/{device}", json={"name": "Boiler A", "interval_s": 2})
    assert (answer.json()["name"], answer.json()["interval_s"]) == ("Boiler A", 2)
    before = await server.get(f"/api/devices/{device}/latest")
    await server.until(device, lambda now: now["flow"]["at"] != before["values"][0]["at"])
    assert (await server.get(f"/api/devices/{device}"))["status_since"] == since
    assert set(server.plant.clients) == clients, "the connection was made anew"


async def test_an_edit_of_one_profile_keeps_the_link_and_the_other_devices(server: Server) -> None:
    other = BOILER.replace("profile: boiler", "profile: other")
    (server.data_dir / "profiles" / "other.yaml").write_text(other, encoding="utf-8")
    await server.until_profile("other")
    one = await server.add_boiler("One")
    two = await server.add_boiler("Two", unit_id=2, profile="other")
    await server.until(one, lambda now: now["flow"]["value"] == 61.0)
    await server.until(two, lambda now: now["flow"]["value"] == 62.0)
    since = (await server.get(f"/api/devices/{one}"))["status_since"]
    clients = set(server.plant.clients)
    file = server.data_dir / "profiles" / "other.yaml"
    file.write_text(other.replace("scale: 0.1", "scale: 0.01"), encoding="utf-8")
    await server.until(two, lambda now: now["flow"]["value"] == 6.2)
    assert (await server.get(f"/api/devices/{one}"))["status_since"] == since
    assert set(server.plant.clients) == clients


async def test_a_record_rule_of_a_device_is_live_and_one_for_an_unknown_point_changes_nothing(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    rule = {"mode": "on_change", "deadband": 0.5, "heartbeat_s": 60}
    answer = await server.client.put(f"/api/devices/{device}", json={"records": {"flow": rule}})
    assert answer.json()["records"] == {"flow": rule}
    flow = next(point for point in answer.json()["points"] if point["key"] == "flow")
    assert (flow["record"], flow["recorded_every_s"]) == (rule, 60)
    refused = await server.client.put(f"/api/devices/{device}", json={"records": {"flwo": rule}})
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"][0]["field"] == "records.flwo"
    assert "'flow'" in refused.json()["error"]["message"]
    assert (await server.get(f"/api/devices/{device}"))["records"] == {"flow": rule}


async def test_a_cycle_that_cannot_be_kept_is_told_before_and_after_a_device_is_saved(server: Server) -> None:
    slow = BOILER.replace("timeout_s: 0.3", "timeout_s: 0.3, pause_between_s: 1.5").replace("boiler", "slow")
    (server.data_dir / "profiles" / "slow.yaml").write_text(slow, encoding="utf-8")
    await server.until_profile("slow")
    link = f"tcp://127.0.0.1:{server.plant.port}"
    body = {"name": "S", "site_id": server.site_id, "link": link, "unit_id": 1, "profile": "slow", "interval_s": 1}
    check = await server.client.post("/api/devices/check", json=body)
    assert check.status_code == 200
    assert [warning["field"] for warning in check.json()["warnings"]] == ["interval_s"]
    assert "1.5 s of it pauses" in check.json()["warnings"][0]["message"]
    assert await server.get("/api/devices") == []
    saved = await server.client.post("/api/devices", json=body)
    assert saved.status_code == 201
    assert saved.json()["warnings"] == check.json()["warnings"]
    enough = check.json()["cycle"]["shortest_interval_s"]
    changed = await server.client.put(f"/api/devices/{saved.json()['id']}", json={"interval_s": enough})
    assert changed.json()["warnings"] == []
    bad = await server.client.post("/api/devices/check", json={**body, "unit_id": 300})
    assert bad.status_code == 422
