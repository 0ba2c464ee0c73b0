"""A device in the words of DDMS: one register, with thresholds, is a device like any other."""

from typing import Any

import pytest

from tests.integration.api.conftest import Server


def register(server: Server, **changes: object) -> dict[str, object]:
    """The flow of the simulated boiler: 61.0 °C, as 610 in register 0."""
    where = {"modbus_ip": "127.0.0.1", "modbus_port": server.plant.port, "modbus_slave_id": 1, "modbus_register": 0}
    return {"name": "Tank", **where, "unit": "°C", "sampling_interval": 1, **changes}


async def add(server: Server, **changes: object) -> dict[str, Any]:
    answer = await server.client.post("/api/devices", json=register(server, **changes))
    assert answer.status_code == 201, answer.text
    device: dict[str, Any] = answer.json()
    return device


async def change(server: Server, device: int, **changes: object) -> dict[str, Any]:
    answer = await server.client.put(f"/api/devices/{device}", json=changes)
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


async def test_a_register_is_polled_as_a_device_with_one_point(server: Server) -> None:
    device = await add(server)
    assert device["link"] == f"tcp://127.0.0.1:{server.plant.port}"
    assert (device["unit_id"], device["interval_s"], device["site_id"]) == (1, 1, server.site_id)
    assert (device["modbus_register"], device["modbus_register_count"], device["data_type"]) == (0, 1, "uint16")
    assert [(point["key"], point["unit"]) for point in device["points"]] == [("value", "°C")]
    assert device["created_at"] == device["updated_at"]
    latest = await server.until(device["id"], lambda now: now["status"] == "online")
    assert (latest["value"], latest["unit"], latest["alert"]) == (610.0, "°C", "normal")


async def test_a_changed_register_keeps_its_history(server: Server) -> None:
    device = await add(server)
    latest = await server.until(device["id"], lambda now: "value" in now and now["value"]["value"] == 610.0)
    changed = await change(server, device["id"], modbus_register=1, unit="")
    assert changed["points"][0]["id"] == device["points"][0]["id"]
    assert changed["updated_at"] > changed["created_at"]
    await server.until(device["id"], lambda now: now["value"]["value"] == 1.0)
    readings = await server.get(f"/api/readings/{device['id']}")
    assert readings["readings"][0]["value"] == latest["value"]


async def test_two_registers_are_a_float_unless_said_otherwise(server: Server) -> None:
    two = await add(server, modbus_register_count=2)
    assert (two["data_type"], two["points"][0]["type"]) == ("float32", "float32")
    said = await change(server, two["id"], data_type="int32", word_order="little")
    assert (said["data_type"], said["modbus_register_count"], said["word_order"]) == ("int32", 2, "little")
    one = await change(server, two["id"], modbus_register_count=1)
    assert (one["data_type"], one["modbus_register"]) == ("uint16", 0)


async def test_a_register_can_become_a_profile_device_and_back(server: Server) -> None:
    device = (await add(server))["id"]
    boiler = await change(server, device, profile="boiler")
    assert (boiler["profile"], boiler["modbus_register"], boiler["unit"]) == ("boiler", None, None)
    assert boiler["modbus_ip"] == "127.0.0.1"
    await server.until(device, lambda now: "flow" in now and now["flow"]["value"] == 61.0)
    assert (await change(server, device, modbus_register=0))["kind"] == "register"
    await server.until(device, lambda now: "value" in now and now["value"]["value"] == 610.0)


async def test_an_address_may_be_changed_in_parts(server: Server) -> None:
    device = (await add(server))["id"]
    assert (await change(server, device, modbus_port=1502))["link"] == "tcp://127.0.0.1:1502"
    assert (await change(server, device, modbus_ip="::1"))["link"] == "tcp://[::1]:1502"


async def test_without_a_site_one_is_made(server: Server) -> None:
    await server.client.delete(f"/api/sites/{server.site_id}")
    device = await add(server)
    assert [(site["id"], site["code"]) for site in await server.get("/api/sites")] == [(device["site_id"], "main")]


NONSENSE: list[tuple[dict[str, object], str]] = [
    ({"modbus_ip": "plc.local"}, "modbus_ip"),
    ({"modbus_ip": None}, "modbus_ip"),
    ({"modbus_ip": None, "modbus_port": None}, "link"),
    ({"modbus_slave_id": None}, "unit_id"),
    ({"modbus_slave_id": 256}, "modbus_slave_id"),
    ({"modbus_port": 0}, "modbus_port"),
    ({"modbus_register": 65_536}, "modbus_register"),
    ({"modbus_register": 65_535, "modbus_register_count": 2}, "modbus_register"),
    ({"modbus_register": None, "unit": None}, "profile"),
    ({"modbus_register": None}, "modbus_register"),
    ({"modbus_register_count": 3}, "modbus_register_count"),
    ({"modbus_register_count": 2, "data_type": "int16"}, "modbus_register_count"),
    ({"data_type": "string"}, "data_type"),
    ({"profile": "boiler"}, "modbus_register"),
    ({"unit_id": 2}, "unit_id"),
    ({"link": "tcp://127.0.0.1"}, "modbus_ip"),
    ({"unit": "x" * 21}, "unit"),
    ({"sampling_interval": 3601}, "sampling_interval"),
    ({"threshold_warning_upper": 60, "threshold_critical_upper": 60}, "threshold_critical_upper"),
    ({"threshold_warning_lower": 60, "threshold_warning_upper": 50}, "threshold_warning_upper"),
    ({"hysteresis": -1}, "hysteresis"),
    ({"thresholds": {"flow": {}}}, "thresholds.flow"),
]
"""Changes that make a register wrong, and the field that is told."""


async def test_a_register_that_makes_no_sense_is_refused_by_field(server: Server) -> None:
    for changes, field in NONSENSE:
        answer = await server.client.post("/api/devices", json=register(server, **changes))
        assert answer.status_code == 422, changes
        assert [each["field"] for each in answer.json()["error"]["fields"]] == [field], changes
    assert await server.get("/api/devices") == []


async def test_thresholds_say_what_a_value_is_and_can_be_taken_away(server: Server) -> None:
    device = (await add(server, threshold_warning_upper=600, threshold_critical_upper=700))["id"]
    await server.until(device, lambda now: "value" in now and now["value"]["alert"] == "warning")
    assert (await server.get(f"/api/devices/{device}/latest"))["alert"] == "warning"
    changed = await change(server, device, threshold_critical_upper=605)
    assert (changed["threshold_warning_upper"], changed["threshold_critical_upper"]) == (600, 605)
    assert (await server.get(f"/api/devices/{device}/latest"))["alert"] == "critical", "held against at once"
    changed = await change(server, device, threshold_warning_upper=None, threshold_critical_upper=None)
    assert (changed["threshold_warning_upper"], changed["thresholds"]) == (None, {})
    assert (await server.get(f"/api/devices/{device}/latest"))["alert"] == "normal"


async def test_points_of_a_profile_have_thresholds_by_key(server: Server) -> None:
    device = await server.add_boiler("Boiler 1", thresholds={"flow": {"critical_lower": 62, "hysteresis": 0.5}})
    latest = await server.until(device, lambda now: "flow" in now and now["flow"]["alert"] == "critical")
    by_key = {value["key"]: value["alert"] for value in latest["values"]}
    assert (by_key["pump"], by_key["serial"], latest["alert"]) == ("normal", None, "critical")
    server.boilers[1].update({"flow": 62.3})
    at = by_key["flow"] and latest["values"][0]["at"]
    held = await server.until(device, lambda now: now["flow"]["value"] == 62.3 and now["flow"]["at"] != at)
    assert held["alert"] == "critical", "within the hysteresis"
    server.boilers[1].update({"flow": 62.6})
    await server.until(device, lambda now: now["flow"]["alert"] == "normal")
    wrong = await server.client.put(f"/api/devices/{device}", json={"thresholds": {"serial": {"critical_upper": 1}}})
    assert (wrong.status_code, wrong.json()["error"]["fields"][0]["field"]) == (422, "thresholds.serial")
    flat = await server.client.put(f"/api/devices/{device}", json={"threshold_warning_upper": 1})
    assert (flat.status_code, flat.json()["error"]["fields"][0]["field"]) == (422, "threshold_warning_upper")


async def test_a_value_that_is_not_known_is_neither_normal_nor_critical(server: Server) -> None:
    device = (await add(server, threshold_critical_upper=600))["id"]
    await server.until(device, lambda now: "value" in now and now["value"]["alert"] == "critical")
    await change(server, device, modbus_port=1)
    latest = await server.until(device, lambda now: now["value"]["quality"] == "bad")
    assert (latest["values"][0]["alert"], latest["alert"]) == (None, "offline")


async def test_devices_can_be_listed_by_status(server: Server) -> None:
    good = (await add(server))["id"]
    await add(server, name="Away", modbus_ip="127.0.0.1", modbus_port=1)
    await server.until(good, lambda now: now["status"] == "online")
    assert [device["name"] for device in await server.get("/api/devices", status="online")] == ["Tank"]
    assert await server.get("/api/devices", status="error") == []
    assert (await server.client.get("/api/devices", params={"status": "fine"})).status_code == 422


async def test_a_device_without_readings_has_no_latest(server: Server) -> None:
    device = (await add(server, enabled=False))["id"]
    answer = await server.client.get(f"/api/devices/{device}/latest")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_readings")


async def test_a_connection_is_tested_over_the_device_s_own_link_and_nothing_is_stored(server: Server) -> None:
    device = (await add(server, enabled=False))["id"]
    tested = (await server.client.post(f"/api/devices/{device}/test-connection")).json()
    assert (tested["success"], tested["value"], tested["unit"]) == (True, 610.0, "°C")
    assert (tested["error"], tested["cause"]) == (None, None)
    await change(server, device, modbus_register=4000)
    refused = (await server.client.post(f"/api/devices/{device}/test-connection")).json()
    assert (refused["success"], refused["value"]) == (False, None)
    assert "exception 2 (illegal data address)" in refused["error"]
    assert (refused["cause"]["code"], refused["cause"]["facts"]["exception"]) == ("exception", 2)
    await change(server, device, modbus_port=1)
    nowhere = (await server.client.post(f"/api/devices/{device}/test-connection")).json()
    assert "127.0.0.1:1" in nowhere["error"]
    assert nowhere["cause"]["code"] == "connection_refused"
    assert (await server.client.get(f"/api/devices/{device}/latest")).status_code == 404
    assert (await server.get(f"/api/readings/{device}/count"))["count"] == 0


@pytest.mark.parametrize("keep_data", [True, False])
async def test_what_was_recorded_stays_or_goes_with_the_device(server: Server, keep_data: bool) -> None:
    device = await add(server)
    point = device["points"][0]["id"]
    await server.until(device["id"], lambda now: now["status"] == "online")
    answer = await server.client.delete(f"/api/devices/{device['id']}", params={"keep_data": keep_data})
    assert answer.status_code == 204
    count = await server.parts.historian.count([point], 0, 2**53)
    assert count > 0 if keep_data else count == 0
    again = await add(server)
    assert again["points"][0]["id"] != point, "another device has a history of its own"
