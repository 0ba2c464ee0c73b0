"""Readings by register: the newest, of one register, of a device, of several, in pages."""

from typing import Any

from tests.integration.api.conftest import Server
from tests.integration.api.recording import START_MS, points_of, record

RANGE = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T01:00:00Z"}


async def recorded(server: Server, name: str, unit: int) -> tuple[int, int]:
    """A device with an hour of its flow, a sample a minute of which the last is bad; and the register of it."""
    device = await server.add_boiler(name, unit_id=unit, enabled=False)
    entry = next(entry for entry in server.parts.roster.all() if entry.device.id == device)
    flow = entry.points[entry.place_of["flow"]]
    times = [START_MS + minute * 60_000 for minute in range(60)]
    values: list[float | None] = [*map(float, range(59)), None]
    await record(server, points_of(server, device)["flow"], times, values)
    return device, flow.address


async def test_the_newest_reading_of_each_register(server: Server) -> None:
    device, address = await recorded(server, "Boiler 1", 1)
    found = await server.get(f"/api/register_readings/latest/{device}")
    assert (found["device_id"], found["count"]) == (device, 1)
    (newest,) = found["readings"]
    assert newest | {"register_name": "", "data_type": "", "unit": ""} == {
        "timestamp": "2026-01-01T00:59:00.000Z",
        "device_id": device,
        "register_address": address,
        "value": None,
        "quality": "bad",
        "register_name": "",
        "data_type": "",
        "unit": "",
    }
    assert all(newest[name] for name in ("register_name", "data_type", "unit"))
    only = await server.get(f"/api/register_readings/latest/{device}", register_address=address)
    assert only == found


async def test_a_register_over_a_range_in_pages_and_both_orders(server: Server) -> None:
    device, address = await recorded(server, "Boiler 1", 1)
    path = f"/api/register_readings/{device}/{address}"
    whole = await server.get(path, **RANGE)
    assert (whole["device_id"], whole["register_address"], whole["count"]) == (device, address, 60)
    assert [reading["value"] for reading in whole["readings"]] == [*map(float, range(59)), None]
    assert (whole["next"], whole["start_time"]) == (None, "2026-01-01T00:00:00.000Z")
    newest = await server.get(path, **RANGE, order="desc", limit=1)
    assert newest["readings"] == whole["readings"][-1:]
    pages: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await server.get(path, **RANGE, limit=25, **cursor)
        pages += page["readings"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert pages == whole["readings"]


async def test_devices_and_registers_of_a_range(server: Server) -> None:
    first, address = await recorded(server, "Boiler 1", 1)
    second, _ = await recorded(server, "Boiler 2", 2)
    of_device = await server.get(f"/api/register_readings/{first}", **RANGE)
    assert {reading["device_id"] for reading in of_device["readings"]} == {first}
    everything = await server.get("/api/register_readings/range", **RANGE)
    assert everything["count"] == 120
    assert [reading["device_id"] for reading in everything["readings"][:4]] == [first, second, first, second]
    chosen = await server.get("/api/register_readings/range", **RANGE, device_id=second, register_address=address)
    assert {reading["device_id"] for reading in chosen["readings"]} == {second}
    assert (chosen["device_id"], chosen["count"]) == (None, 60)


async def test_what_is_wrong_is_named(server: Server) -> None:
    device, address = await recorded(server, "Boiler 1", 1)
    asked = {
        "/api/register_readings/latest/99": (404, "not_found"),
        f"/api/register_readings/{device}/9999": (404, "unknown_register"),
        f"/api/register_readings/{device}/70000": (422, "invalid_request"),
        f"/api/register_readings/{device}?register_address=9999": (404, "unknown_register"),
        f"/api/register_readings/{device}/{address}?cursor=x": (422, "invalid_cursor"),
        f"/api/register_readings/{device}/{address}?limit=10001": (422, "invalid_request"),
        "/api/register_readings/range?start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z": (
            422,
            "invalid_range",
        ),
    }
    for path, expected in asked.items():
        answer = await server.client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == expected, path
