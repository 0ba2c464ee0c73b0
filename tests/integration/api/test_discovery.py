"""Panels are found over the API; what it says is what a device is made of."""

from stripchart.model.device import DeviceId
from stripchart.model.order import Order, WriteResult
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.simulate import SimulateOptions, running_simulation
from tests.integration.api.conftest import Server


async def test_a_found_panel_becomes_a_device_and_says_so_when_it_is_one(server: Server) -> None:
    t3 = ProfileLibrary.shipped().get("temco-t3")
    async with running_simulation(SimulateOptions(profile=t3, port=0, discovery_port=0)) as simulation:
        asked = {"address": "127.0.0.1", "port": simulation.discovery_port, "wait_s": 0.3}
        (panel,) = (await server.client.post("/api/discover", json=asked)).json()["panels"]
        link = f"tcp://127.0.0.1:{simulation.port}"
        assert (panel["link"], panel["unit_id"], panel["profile"]) == (link, 1, "temco-t3")
        assert (panel["product_id"], panel["device_id"], panel["parent_serial"]) == (88, None, None)
        fields = {"link": panel["link"], "unit_id": panel["unit_id"], "profile": panel["profile"], "name": "Office"}
        added = await server.client.post("/api/devices", json={**fields, "site_id": server.site_id, "interval_s": 3})
        assert added.status_code == 201, added.text
        device_id = added.json()["id"]
        again = (await server.client.post("/api/discover", json=asked)).json()
        assert [panel["device_id"] for panel in again["panels"]] == [device_id]
        assert again["odd"] == 0
        await server.until(device_id, lambda values: values["in9"]["value"] is not None)
        points = {point["key"]: point for point in (await server.get(f"/api/devices/{device_id}"))["points"]}
        assert (points["in1"]["unit"], points["in18"]["unit"], points["in19"]["unit"]) == ("°C", "%", "ppm")
        assert points["in9"]["labels"]["1"]["en"] == "Occupy"
        simulation.devices[1].set("clock_year", 2020)
        await _warned(server, device_id)


async def _warned(server: Server, device_id: int) -> None:
    """A write makes the panel's settings and its clock be read again."""
    device = await server.parts.catalog.device(DeviceId(device_id))
    order = Order(device_id=device.id, key="var1", value=21.5, who="test", origin="test")
    done = await server.parts.commands.carry_out(device, order)
    assert done.written.result is WriteResult.VERIFIED, done.written.message
    await server.until(device_id, lambda values: values["clock_year"]["value"] == 2020)
    warnings = (await server.get(f"/api/devices/{device_id}"))["warnings"]
    assert any("our time in UTC" in warning["message"] for warning in warnings if warning["field"] == "clock")


async def test_whom_to_ask_is_an_address(server: Server) -> None:
    for wrong, field, code in (
        ({"address": "example.org"}, "address", "host"),
        ({"port": 0}, "port", "least"),
        ({"wait_s": 60}, "wait_s", "most"),
    ):
        answer = await server.client.post("/api/discover", json=wrong)
        assert answer.status_code == 422
        assert [(each["field"], each["code"]) for each in answer.json()["error"]["fields"]] == [(field, code)]
