"""The plan of a device is shown with what was learned of it, survives a restart, and can be learned again."""

import asyncio
from typing import Any

from stripchart.model.block import Block
from stripchart.model.point import Table
from stripchart.simulator.quirks import Quirks
from tests.integration.api.conftest import Server

PUMP = Quirks(holes=(Block(Table.HOLDING, 1, 2),))


async def until_holes(server: Server, device_id: int, count: int) -> dict[str, Any]:
    async with asyncio.timeout(15):
        while True:
            plan: dict[str, Any] = await server.get(f"/api/devices/{device_id}/plan")
            if len(plan["holes"]) == count:
                return plan
            await asyncio.sleep(0.02)


async def test_the_plan_says_what_is_read_and_what_it_costs(server: Server) -> None:
    plan = await server.get(f"/api/devices/{await server.add_boiler('Boiler 1')}/plan")
    (group,) = plan["groups"]
    assert group == {
        "name": "fast",
        "every": 1,
        "requests": [{"table": "holding", "first": 0, "count": 6, "wanted": 6}],
    }
    assert [plan[name] for name in ("requests", "wanted", "read", "wasted")] == [1, 6, 6, 0]
    assert plan["estimated_cycle_s"] > 0
    assert (plan["holes"], plan["lessons"], plan["unreadable"]) == ([], [], [])


async def test_what_was_learned_is_shown_kept_and_learned_again(server: Server) -> None:
    server.boilers[1].quirks = PUMP
    device_id = await server.add_boiler("Boiler 1")
    plan = await until_holes(server, device_id, 1)
    (hole,) = plan["holes"]
    assert (hole["table"], hole["first"], hole["last"]) == ("holding", 1, 1)
    assert hole["why"] == "exception 2 (illegal data address)"
    assert (plan["requests"], plan["unreadable"]) == (2, ["pump"])
    assert "pump (holding 1)" in plan["fragment"]
    latest = await server.until(device_id, lambda now: now["serial"]["text"] == "B-1")
    qualities = {value["key"]: value["quality"] for value in latest["values"]}
    assert qualities == {"flow": "good", "pump": "bad", "serial": "good"}

    server.boilers[1].quirks = Quirks()
    answer = await server.client.delete(f"/api/devices/{device_id}/plan")
    assert (answer.status_code, answer.json()["holes"], answer.json()["requests"]) == (200, [], 1)
    await server.until(device_id, lambda now: now["pump"]["quality"] == "good")


async def test_what_was_learned_is_there_after_a_restart(server: Server) -> None:
    server.boilers[1].quirks = PUMP
    device_id = await server.add_boiler("Boiler 1")
    await until_holes(server, device_id, 1)
    # What a poll teaches is kept at its end.
    await server.until(device_id, lambda now: now["serial"]["text"] == "B-1")
    await server.parts.catalog.learned.write()
    learned = server.parts.catalog.learned
    await learned.load()
    assert [len(learned.of(entry.device).holes) for entry in server.parts.roster.all()] == [1]


async def test_another_unit_is_another_device(server: Server) -> None:
    server.boilers[1].quirks = PUMP
    device_id = await server.add_boiler("Boiler 1")
    await until_holes(server, device_id, 1)
    await server.client.put(f"/api/devices/{device_id}", json={"unit_id": 2})
    assert (await server.get(f"/api/devices/{device_id}/plan"))["holes"] == []
    await server.until(device_id, lambda now: now["pump"]["quality"] == "good")


async def test_a_device_that_is_not_there_has_no_plan(server: Server) -> None:
    assert (await server.client.get("/api/devices/99/plan")).status_code == 404
