"""Operators write to a device over HTTP: allowed points, within limits, read back, and put down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response

from stripchart.api.app import build_api
from stripchart.api.parts import Parts
from stripchart.auth.authenticator import Caller
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.model.account import Role
from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.profiles.load import load_profile
from stripchart.runtime.running import running
from stripchart.settings import Settings
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.quirks import Quirks
from stripchart.simulator.server import SimulatorServer, serving
from stripchart.simulator.simulate import SimulateOptions, running_simulation
from tests.owner import owner_token

KETTLE = """
profile: kettle
name: Kettle
kind: test
interval_s: 1
pacing: {timeout_s: 2, retries: 0}
groups: {values: Values}
sets: {on_off: {0: "Off", 1: {en: "On", ru: Вкл}}}
points:
  - {key: flow, name: Flow, address: 0, scale: 0.1, unit: °C}
  - {key: setpoint, name: Set-point, address: 1, scale: 0.1, unit: °C, writable: {low: 20, high: 90, verify_s: 0}}
  - {key: pump, name: Pump, address: 2, type: enum16, labels: on_off, writable: {verify_s: 0}}
  - {key: name, name: Name, address: 4, type: string, registers: 4, writable: {verify_s: 0}}
  - {key: lamp, name: Lamp, table: coil, address: 3, writable: {verify_s: 0}}
commands:
  light:
    name: {en: Light, ru: Свет}
    confirm: Switch the lamp on?
    needs: {point: pump, equals: 0}
    steps: [{coil: 3, value: 1}]
    expect: {point: lamp, equals: 1, within_s: 0}
"""


class Desk:
    """The API as the owner sees it, with one kettle behind it."""

    def __init__(self, client: AsyncClient, parts: Parts, kettle: SimulatedDevice, plant: SimulatorServer) -> None:
        self.client, self.parts, self.kettle, self.plant = client, parts, kettle, plant
        self.path = "/api/devices/1"

    async def write(self, key: str, value: object) -> Response:
        return await self.client.post(f"{self.path}/points/{key}/write", json={"value": value})

    async def command(self, key: str, **body: object) -> Response:
        return await self.client.post(f"{self.path}/commands/{key}", json=body or {"confirmed": True})

    async def records(self, **query: Any) -> list[dict[str, Any]]:
        answer = await self.client.get("/api/writes", params=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json())


@asynccontextmanager
async def desk_at(folder: Path, *, allow_writes: bool) -> AsyncIterator[Desk]:
    settings = Settings(data_dir=folder, allow_writes=allow_writes)
    settings.profiles_folder.mkdir()
    file = settings.profiles_folder / "kettle.yaml"
    file.write_text(KETTLE, encoding="utf-8")
    kettle = SimulatedDevice(load_profile(file), 1)
    kettle.update({"flow": 60.0, "setpoint": 50.0, "name": "K1"})
    async with serving([kettle], framing=Framing.TCP) as plant, running(settings) as parts:
        transport = ASGITransport(build_api(parts))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=30) as client:
            client.headers["Authorization"] = f"Bearer {await owner_token(parts)}"
            desk = Desk(client, parts, kettle, plant)
            site = await client.post("/api/sites", json={"code": "MKZ", "name": "Power house"})
            link = f"tcp://127.0.0.1:{plant.port}"
            device = {"name": "Kettle", "site_id": site.json()["id"], "link": link, "unit_id": 1, "profile": "kettle"}
            answer = await client.post("/api/devices", json={**device, "interval_s": 1})
            assert answer.status_code == 201, answer.text
            desk.path = f"/api/devices/{answer.json()['id']}"
            yield desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_at(tmp_path, allow_writes=True) as made:
        yield made


async def test_a_value_is_written_read_back_shown_and_put_down(desk: Desk) -> None:
    answer = await desk.write("setpoint", 61.5)
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["result"], done["old"], done["new"], done["message"]) == ("verified", 50.0, 61.5, "")
    assert desk.kettle.read("setpoint") == pytest.approx(61.5)
    async with asyncio.timeout(10):
        while True:
            latest = (await desk.client.get(f"{desk.path}/latest")).json()
            if {value["key"]: value.get("value") for value in latest.get("values", ())}.get("setpoint") == 61.5:
                break
            await asyncio.sleep(0.02)
    (record,) = await desk.records()
    assert (record["id"], record["who"], record["origin"]) == (done["id"], "owner", "127.0.0.1")
    assert (record["device"], record["key"], record["value"]) == ("Kettle", "setpoint", 61.5)
    assert (record["result"], record["old"], record["new"]) == ("verified", 50.0, 61.5)
    assert record["asked_at"] <= record["ended_at"]


@pytest.mark.parametrize(
    ("key", "value", "new"),
    [
        ("pump", "on", 1.0),
        ("pump", "вкл", 1.0),
        ("pump", 1, 1.0),
        ("lamp", True, 1.0),
        ("name", "Kettle 2", "Kettle 2"),
    ],
)
async def test_labels_bools_and_texts_are_written(desk: Desk, key: str, value: object, new: object) -> None:
    done = (await desk.write(key, value)).json()
    assert (done["result"], done["new"]) == ("verified", new)


@pytest.mark.parametrize(
    ("key", "value", "status", "code", "complaint", "message"),
    [
        ("setpoint", 90.1, 422, "invalid_value", "range", "90.1: allowed for point 'setpoint' are 20 to 90 °C"),
        ("setpoint", 61.55, 422, "invalid_value", "steps", "in steps of 0.1"),
        ("setpoint", "hot", 422, "invalid_value", "number", "'hot': allowed for point 'setpoint' is a number"),
        ("pump", 2, 422, "invalid_value", "choice", "2: allowed for point 'pump' are 0 (Off), 1 (On)"),
        ("flow", 61, 422, "invalid_value", "not_writable", "point 'flow' may not be written"),
        ("setpont", 61, 404, "not_found", None, "kettle has no point 'setpont'; did you mean 'setpoint'?"),
        ("setpoint", None, 422, "invalid_request", "boolean", "value"),
        ("setpoint", [61], 422, "invalid_request", "boolean", "value"),
    ],
)
async def test_what_may_not_be_written_never_reaches_the_device(
    desk: Desk, key: str, value: object, status: int, code: str, complaint: str | None, message: str
) -> None:
    answer = await desk.write(key, value)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert message in answer.json()["error"]["message"]
    assert [each["code"] for each in answer.json()["error"]["fields"][:1]] == ([complaint] if complaint else [])
    assert await desk.records() == []


async def test_the_limits_of_a_refused_value_are_among_the_facts(desk: Desk) -> None:
    error = (await desk.write("setpoint", 90.1)).json()["error"]
    assert error["facts"] == error["fields"][0]["facts"] == {"low": 20, "high": 90, "unit": "°C"}


async def test_firmware_that_echoes_and_ignores_is_found_out(desk: Desk) -> None:
    desk.kettle.quirks = Quirks(echo=True)
    done = (await desk.write("setpoint", 61.5)).json()
    assert (done["result"], done["old"], done["new"]) == ("not_verified", 50.0, 50.0)
    assert done["message"] == "the device confirmed it, but does not show it"
    assert (await desk.records())[0]["result"] == "not_verified"


async def test_a_command_is_done_once_it_is_confirmed(desk: Desk) -> None:
    unconfirmed = await desk.command("light", confirmed=False)
    assert (unconfirmed.status_code, unconfirmed.json()["error"]["fields"][0]["field"]) == (422, "confirmed")
    done = (await desk.command("light")).json()
    assert (done["result"], done["old"], done["new"]) == ("verified", 0.0, 1.0)
    (record,) = await desk.records()
    assert (record["key"], record["value"]) == ("light", None)
    missing = await desk.command("lihgt")
    assert missing.status_code == 404
    assert "did you mean 'light'?" in missing.json()["error"]["message"]


async def test_a_refusal_is_told_in_words(desk: Desk) -> None:
    await desk.write("pump", 1)
    refused = (await desk.command("light")).json()
    assert refused["result"] == "refused"
    assert refused["message"] == "not written: 'pump' must be 0 (Off) first, and it is 1 (On)"
    facts = {"point": "pump", "equals": 0.0, "now": 1.0}
    assert (refused["code"], refused["facts"]) == ("precondition", facts)
    record = (await desk.records())[0]
    assert (record["code"], record["facts"]) == ("precondition", facts)


async def test_a_silent_device_is_a_failure_that_is_put_down(desk: Desk) -> None:
    await desk.plant.aclose()
    failed = (await desk.write("setpoint", 61.5)).json()
    assert failed["result"] == "failed"
    assert "not written, because it could not be read before" in failed["message"]
    assert failed["code"] == "unread_before"
    assert failed["message"].endswith(failed["facts"]["cause"])
    assert (await desk.records())[0]["result"] == "failed"


async def test_the_controls_of_a_device_say_what_may_be_done(desk: Desk) -> None:
    controls = (await desk.client.get(f"{desk.path}/controls")).json()
    assert controls["problem"] is None
    assert [point["key"] for point in controls["points"]] == ["setpoint", "pump", "name", "lamp"]
    setpoint = controls["points"][0]
    assert (setpoint["low"], setpoint["high"], setpoint["unit"]) == (20, 90, "°C")
    light = controls["commands"][0]
    assert light["name"] == {"en": "Light", "ru": "Свет"}
    assert light["confirm"] == {"en": "Switch the lamp on?"}
    assert light["needs"] == {"point": "pump", "equals": 0}


async def test_a_disabled_device_is_told_nothing(desk: Desk) -> None:
    await desk.client.put(desk.path, json={"enabled": False})
    answer = await desk.write("setpoint", 61.5)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "disabled")


async def test_the_record_outlives_the_device(desk: Desk) -> None:
    await desk.write("setpoint", 61.5)
    assert (await desk.client.delete(desk.path)).status_code == 204
    device_id = int(desk.path.rsplit("/", 1)[1])
    assert [record["device"] for record in await desk.records(device_id=device_id)] == ["Kettle"]
    assert await desk.records(device_id=device_id + 1) == []


async def test_who_may_only_look_may_not_write(desk: Desk) -> None:
    guest = await desk.parts.catalog.accounts.add_user("guest", NO_PASSWORD, Role.READ_ONLY, "en")
    session = await desk.parts.doors.authenticator.open_session(guest, Caller("127.0.0.1", "tests"))
    desk.client.headers["Authorization"] = f"Bearer {session.access_token}"
    for answer in (await desk.write("setpoint", 61.5), await desk.command("light")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    del desk.client.headers["Authorization"]
    assert (await desk.write("setpoint", 61.5)).status_code == 401
    assert desk.kettle.read("setpoint") == 50.0


async def test_nobody_writes_until_a_setting_allows_it(tmp_path: Path) -> None:
    async with desk_at(tmp_path, allow_writes=False) as desk:
        for answer in (await desk.write("setpoint", 61.5), await desk.command("light")):
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "writes_off")
            assert "STRIPCHART_ALLOW_WRITES=true" in answer.json()["error"]["message"]
        controls = (await desk.client.get(f"{desk.path}/controls")).json()
        assert "switched off" in controls["problem"]
        assert await desk.records() == []
        assert desk.kettle.read("setpoint") == 50.0


async def test_a_controller_is_told_the_states_that_its_points_have_now(desk: Desk) -> None:
    t3 = ProfileLibrary.shipped().get("temco-t3")
    async with running_simulation(SimulateOptions(profile=t3, port=0)) as simulation:
        site = (await desk.client.get("/api/sites")).json()[0]["id"]
        fields = {"name": "Office", "site_id": site, "unit_id": 1, "profile": "temco-t3", "interval_s": 2}
        link = f"tcp://127.0.0.1:{simulation.port}"
        added = await desk.client.post("/api/devices", json={**fields, "link": link})
        assert added.status_code == 201, added.text
        desk.path = f"/api/devices/{added.json()['id']}"
        async with asyncio.timeout(15):
            while True:
                points = (await desk.client.get(f"{desk.path}/controls")).json()["points"]
                known = {point["key"]: point for point in points}
                if known["var9"]["labels"]:
                    break
                await asyncio.sleep(0.05)
        assert (known["var9"]["low"], known["var9"]["high"]) == (0, 1)
        assert known["var1"]["unit"] == "°C"
        done = (await desk.write("var9", "off")).json()
        assert (done["result"], done["new"]) == ("verified", 0.0)
        unknown = await desk.write("var9", "Shut")
        assert "allowed for point 'var9' are 0 (Off), 1 (On)" in unknown.json()["error"]["message"]
        assert (await desk.write("var1", 20.5)).json()["result"] == "verified"
        assert simulation.devices[1].read("var1") == 20.5
