"""A device is looked at before it is saved; nothing of that stays."""

from typing import Any

from tests.integration.api.conftest import Server


def draft(server: Server, **changes: object) -> dict[str, Any]:
    link = f"tcp://127.0.0.1:{server.plant.port}"
    return {"name": "New", "site_id": server.site_id, "link": link, "unit_id": 1, "profile": "boiler", **changes}


async def test_the_points_of_the_tile_are_read_and_nothing_is_saved(server: Server) -> None:
    answer = await server.client.post("/api/devices/preview", json=draft(server))
    assert answer.status_code == 200, answer.text
    seen = [(each["key"], each["value"], each["unit"], each["quality"], each["error"]) for each in answer.json()]
    assert seen == [("flow", 61.0, "°C", "good", None)]
    assert await server.get("/api/devices") == []
    assert await server.get("/api/links") == []


async def test_a_link_that_others_use_is_shared_and_stays_theirs(server: Server) -> None:
    boiler = await server.add_boiler("Boiler")
    await server.until(boiler, lambda now: now["flow"]["value"] == 61.0)
    other = await server.client.post("/api/devices/preview", json=draft(server, unit_id=2))
    assert [each["value"] for each in other.json()] == [62.0]
    assert len(await server.get("/api/links")) == 1


async def test_what_does_not_answer_is_said_and_what_is_wrong_is_refused(server: Server) -> None:
    mute = (await server.client.post("/api/devices/preview", json=draft(server, link="tcp://127.0.0.1:1"))).json()
    assert [(each["key"], each["value"]) for each in mute] == [("flow", None)]
    assert "connection refused" in mute[0]["error"]
    assert mute[0]["cause"]["code"] == "connection_refused"
    refused = await server.client.post("/api/devices/preview", json=draft(server, profile="biler"))
    assert (refused.status_code, "boiler" in refused.text) == (422, True)
