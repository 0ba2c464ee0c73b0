"""From the API to the device and back: a change is live on the next cycle, a bad one changes nothing."""

from tests.integration.api.conftest import BOILER, Server


async def test_a_new_device_is_read_at_once(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    latest = await server.until(device, lambda now: now["status"] == "online" and now["flow"]["value"] is not None)
    by_key = {value["key"]: value for value in latest["values"]}
    assert by_key["flow"]["value"] == 61.0
    assert (by_key["flow"]["quality"], by_key["flow"]["reason"]) == ("good", None)
    assert 0 <= by_key["flow"]["age_s"] < 10
    assert by_key["pump"]["value"] == 1.0
    assert by_key["serial"]["text"] == "B-1"


async def test_an_edit_is_live_on_the_next_cycle(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    await server.until(device, lambda now: now["flow"]["value"] == 61.0)
    answer = await server.client.put(f"/api/devices/{device}", json={"unit_id": 2})
    assert answer.status_code == 200
    assert answer.json()["unit_id"] == 2
    await server.until(device, lambda now: now["flow"]["value"] == 62.0)


async def test_a_deleted_device_is_gone_and_its_history_stays(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    latest = await server.until(device, lambda now: now["flow"]["value"] == 61.0)
    flow = latest["values"][0]["point_id"]
    answer = await server.client.delete(f"/api/devices/{device}", params={"keep_data": True})
    assert answer.status_code == 204
    assert (await server.client.get(f"/api/devices/{device}")).status_code == 404
    assert await server.get("/api/devices") == []
    trend = await server.get("/api/trend", point_id=flow)
    assert trend["series"][0]["last"][0] == 61.0


async def test_an_edited_profile_is_live_without_a_restart(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    await server.until(device, lambda now: now["flow"]["value"] == 61.0)
    file = server.data_dir / "profiles" / "boiler.yaml"
    file.write_text(BOILER.replace("scale: 0.1", "scale: 0.01"), encoding="utf-8")
    await server.until(device, lambda now: now["flow"]["value"] == 6.1)


async def test_a_mute_device_delays_no_other(server: Server) -> None:
    healthy = await server.add_boiler("Healthy", unit_id=2)
    mute = await server.add_boiler("Mute", unit_id=9, link=f"tcp://localhost:{server.plant.port}")
    await server.until(mute, lambda now: now["flow"]["reason"] == "comm")
    before = await server.until(healthy, lambda now: now["flow"]["value"] is not None)
    await server.until(healthy, lambda now: now["flow"]["at"] != before["values"][0]["at"])
    assert (await server.get(f"/api/devices/{healthy}"))["missed_slots"] == 0
    detail = await server.until(mute, lambda now: now["status"] == "offline")
    assert "unit 9" in detail["error"]


async def test_a_host_that_is_not_there_says_so(server: Server) -> None:
    device = await server.add_boiler("Nowhere", link="tcp://127.0.0.1:1")
    latest = await server.until(device, lambda now: now["flow"]["reason"] == "comm")
    assert "127.0.0.1:1" in latest["error"]
    assert latest["values"][0]["value"] is None


async def test_bad_input_names_the_field_and_changes_nothing(server: Server) -> None:
    body = {"name": "", "site_id": server.site_id, "link": "modbus:1", "unit_id": 300, "profile": "boiler"}
    answer = await server.client.post("/api/devices", json={**body, "interval_s": 0})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "invalid_request"
    assert {field["field"] for field in error["fields"]} == {"name", "link", "unit_id", "interval_s"}
    assert "a link is written framing://host:port" in str(error["fields"])
    assert await server.get("/api/devices") == []


async def test_what_the_catalog_refuses_is_said_in_the_same_envelope(server: Server) -> None:
    await server.add_boiler("Boiler 1")
    body = {"name": "BOILER 1", "site_id": server.site_id, "link": "tcp://h", "unit_id": 1, "interval_s": 1}
    twice = await server.client.post("/api/devices", json={**body, "profile": "boiler"})
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "duplicate")
    typo = await server.client.post("/api/devices", json={**body, "name": "x", "profile": "boilr"})
    assert (typo.status_code, typo.json()["error"]["code"]) == (422, "unknown_profile")
    assert "boiler" in typo.json()["error"]["message"]
    assert [(each["field"], each["code"]) for each in typo.json()["error"]["fields"]] == [("profile", "gone")]
    nowhere = await server.client.post("/api/devices", json={**body, "name": "x", "profile": "boiler", "site_id": 99})
    assert (nowhere.status_code, nowhere.json()["error"]["fields"][0]["field"]) == (422, "site_id")
    in_use = await server.client.delete(f"/api/sites/{server.site_id}")
    assert (in_use.status_code, in_use.json()["error"]["code"]) == (409, "in_use")


async def test_a_device_with_its_points_can_be_asked_for(server: Server) -> None:
    device = await server.add_boiler("Boiler 1")
    detail = await server.get(f"/api/devices/{device}")
    flow, pump, _ = detail["points"]
    assert (flow["address"], flow["reference"], flow["unit"], flow["decimals"]) == (0, "40001", "°C", 1)
    assert (flow["overview"], pump["overview"]) == (True, False)
    tile = await server.get(f"/api/devices/{device}", overview=True)
    assert tile["points"] == [point for point in detail["points"] if point["overview"] or point["alarm"]]
    assert 0 < len(tile["points"]) < len(detail["points"])
    assert pump["labels"] == {"0": {"en": "off"}, "1": {"en": "on", "ru": "вкл"}}
    assert detail["profile_name"] == {"en": "Boiler", "zh": "锅炉", "ru": "Котёл"}


async def test_an_unknown_path_of_the_api_is_not_found_in_the_envelope(server: Server) -> None:
    answer = await server.client.get("/api/nothing")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_stranger_s_host_name_is_refused(server: Server) -> None:
    answer = await server.client.get("/api/devices", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_host")


async def test_a_misspelt_field_is_refused(server: Server) -> None:
    body = {"name": "x", "site_id": server.site_id, "link": "tcp://h", "unit_id": 1, "profile": "boiler"}
    answer = await server.client.post("/api/devices", json={**body, "interval_s": 1, "enbled": False})
    assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (422, "enbled")
    assert await server.get("/api/devices") == []
