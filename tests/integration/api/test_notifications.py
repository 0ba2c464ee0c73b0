"""Owner and admins are told that a device went and is back, each their own; read, put away, and followed live."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient, Response

from stripchart.api import notifications
from stripchart.api.app import build_api
from stripchart.auth.authenticator import Caller
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.model.account import Role
from stripchart.model.notification import Severity
from stripchart.notifications.board import STREAMS_OF_A_USER
from stripchart.simulator.faults import parse_fault
from tests.integration.api.conftest import Server
from tests.integration.api.served import served

PATH = "/api/notifications"


async def signed_in(server: Server, name: str, role: Role) -> dict[str, str]:
    """How a new user of this role asks."""
    user = await server.parts.catalog.accounts.add_user(name, NO_PASSWORD, role, "en")
    done = await server.parts.doors.authenticator.open_session(user, Caller("127.0.0.1"))
    return {"Authorization": f"Bearer {done.access_token}"}


async def told(server: Server, count: int, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The notifications, newest first, once there are so many."""
    async with asyncio.timeout(15):
        while True:
            answer = (await server.client.get(PATH, headers=headers)).json()
            if answer["total"] >= count:
                assert answer["total"] == count
                return list(answer["notifications"])
            await asyncio.sleep(0.02)


async def alerts(server: Server, *titles: str) -> list[dict[str, Any]]:
    """Those of these titles, newest first."""
    for title in titles:
        server.parts.notifications.alert(Severity.WARNING, title, f"message of {title}", {"number": 1})
    return await told(server, len(titles))


async def test_a_device_that_goes_and_comes_back_is_told_to_owner_and_admins(server: Server) -> None:
    admin = await signed_in(server, "admin", Role.ADMIN)
    reader = await signed_in(server, "reader", Role.READ_ONLY)
    device = await server.add_boiler("Boiler 1")
    await server.until(device, lambda now: now["status"] == "online")
    server.boilers[1].fault = parse_fault("mute")
    for headers in (None, admin):
        gone = (await told(server, 1, headers))[0]
        assert (gone["type"], gone["severity"], gone["device_id"]) == ("DEVICE_DISCONNECT", "ERROR", device)
        assert gone["title"] == "Boiler 1 does not answer"
        assert gone["metadata"]["modbus_port"] == server.plant.port
        assert gone["metadata"]["consecutive_failures"] == 3
        assert gone["metadata"]["last_reading_at"] is not None
    server.boilers[1].fault = None
    for headers in (None, admin):
        back, gone = await told(server, 2, headers)
        assert (back["type"], back["severity"], back["device_id"]) == ("DEVICE_RECONNECTED", "INFO", device)
        assert back["metadata"]["disconnect_notification_id"] == gone["id"]
        assert back["metadata"]["downtime_duration_seconds"] > 0
    assert await told(server, 0, reader) == []


async def test_a_notification_outlives_its_device(server: Server) -> None:
    device = await server.add_boiler("Nowhere", link="tcp://127.0.0.1:1")
    assert (await told(server, 1))[0]["device_id"] == device
    deleted = await server.client.delete(f"/api/devices/{device}")
    assert deleted.status_code == 204, deleted.text
    left = (await told(server, 1))[0]
    assert (left["device_id"], left["metadata"]["device_name"]) == (None, "Nowhere")


async def test_one_is_read_once_and_another_is_put_away(server: Server) -> None:
    second, first = await alerts(server, "first", "second")
    assert (await server.get(f"{PATH}/unread-count")) == {"unread_count": 2}
    read = await server.client.put(f"{PATH}/{first['id']}/read")
    assert (read.status_code, read.json()["id"]) == (200, first["id"])
    again = await server.client.put(f"{PATH}/{first['id']}/read")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_read")
    assert read.json()["read_at"] in again.json()["error"]["message"]
    gone = await server.client.delete(f"{PATH}/{second['id']}")
    assert gone.json() == (await server.client.delete(f"{PATH}/{second['id']}")).json()
    assert (await server.get(f"{PATH}/unread-count")) == {"unread_count": 0}
    assert [each["id"] for each in (await server.get(PATH))["notifications"]] == [first["id"]]
    both = (await server.get(PATH, include_dismissed=True))["notifications"]
    assert [each["id"] for each in both] == [second["id"], first["id"]]
    assert (both[0]["read_at"], both[0]["dismissed_at"]) == (gone.json()["dismissed_at"],) * 2
    assert await server.get(f"{PATH}/{second['id']}") == both[0]


async def test_it_was_read_when_its_reader_says_within_reason(server: Server) -> None:
    (one,) = await alerts(server, "one")
    for wrong in ("2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"):
        answer = await server.client.put(f"{PATH}/{one['id']}/read", json={"read_at": wrong})
        assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (422, "read_at")
    answer = await server.client.put(f"{PATH}/{one['id']}/read", json={"read_at": one["created_at"]})
    assert answer.json()["read_at"] == one["created_at"]


async def test_all_are_read_at_once(server: Server) -> None:
    await alerts(server, "one", "two", "three")
    assert (await server.client.put(f"{PATH}/read-all")).json()["marked_as_read"] == 3
    assert (await server.client.put(f"{PATH}/read-all")).json()["marked_as_read"] == 0
    assert (await server.get(PATH, unread_only=True))["total"] == 0


async def test_a_list_is_cut_into_pages_and_narrowed_down(server: Server) -> None:
    await server.add_boiler("Nowhere", link="tcp://127.0.0.1:1")
    await told(server, 1)
    for title in "abc":
        server.parts.notifications.alert(Severity.WARNING, title, title)
    await told(server, 4)
    page = await server.get(PATH, limit=2, offset=1)
    assert [each["title"] for each in page["notifications"]] == ["b", "a"]
    assert (page["total"], page["limit"], page["offset"], page["has_more"]) == (4, 2, 1, True)
    assert (await server.get(PATH, limit=2, offset=2))["has_more"] is False
    assert (await server.get(PATH, severity="ERROR"))["total"] == 1
    assert (await server.get(PATH, type="SYSTEM_ALERT"))["total"] == 3
    assert (await server.get(PATH, start_time="2001-01-01T00:00:00Z", end_time="2002-01-01"))["total"] == 0
    assert (await server.get(PATH, start_time="2002-01-01T00:00:00+08:00"))["total"] == 4


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"offset": -1}, "offset"),
        ({"type": "OTHER"}, "type"),
        ({"severity": "error"}, "severity"),
        ({"start_time": "yesterday"}, "start_time"),
        ({"start_time": "2026-01-02", "end_time": "2026-01-01"}, "start_time"),
    ],
)
async def test_what_cannot_be_asked_for_is_named(server: Server, query: dict[str, Any], field: str) -> None:
    answer = await server.client.get(PATH, params=query)
    assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (422, field)


async def test_nobody_reaches_the_notifications_of_another(server: Server) -> None:
    admin = await signed_in(server, "admin", Role.ADMIN)
    (mine,) = await alerts(server, "alert")
    for method, path in (("GET", ""), ("PUT", "/read"), ("DELETE", "")):
        answer = await server.client.request(method, f"{PATH}/{mine['id']}{path}", headers=admin)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
        unknown = await server.client.request(method, f"{PATH}/999999{path}", headers=admin)
        assert unknown.status_code == 404
    await server.client.put(f"{PATH}/read-all", headers=admin)
    assert (await server.get(f"{PATH}/{mine['id']}"))["read_at"] is None


async def test_those_older_than_the_setting_says_are_let_go(server: Server) -> None:
    new, old = await alerts(server, "old", "new")
    kept = server.parts.catalog.notifications
    assert await kept.forget_before((await kept.one(new["id"])).created_ms) <= 1
    assert await kept.forget_before(server.parts.clock.now_ms() + 1000) >= 1
    assert await told(server, 0) == []
    assert old["id"] < new["id"]


Events = AsyncIterator[tuple[str, str, dict[str, Any]]]


async def events_of(answer: Response) -> Events:
    """Each event as its name, id and data."""
    event: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if not line:
            yield event["event"], event.get("id", ""), json.loads(event["data"])
            event = {}
            continue
        name, _, value = line.partition(": ")
        event[name] = value


@contextlib.asynccontextmanager
async def following(client: AsyncClient, **headers: str) -> AsyncIterator[Events]:
    """The events of a stream that stands."""
    async with asyncio.timeout(20), client.stream("GET", f"{PATH}/stream", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = events_of(answer)
        assert (await anext(events))[0] == "heartbeat"
        yield events


@contextlib.asynccontextmanager
async def reached(server: Server) -> AsyncIterator[AsyncClient]:
    """A client of the server behind a real socket, signed in as its owner."""
    async with served(build_api(server.parts), server.parts) as address:
        token = server.client.headers["Authorization"]
        async with AsyncClient(base_url=address, headers={"Authorization": token}, trust_env=False) as client:
            yield client


async def test_a_stream_shows_each_at_once_and_goes_on_where_it_broke_off(server: Server) -> None:
    await alerts(server, "before")
    async with reached(server) as client:
        async with following(client) as events:
            server.parts.notifications.alert(Severity.ERROR, "first", "m")
            name, number, shown = await anext(events)
            assert (name, shown["title"], number) == ("notification", "first", str(shown["id"]))
        for title in ("second", "third"):
            server.parts.notifications.alert(Severity.ERROR, title, "m")
        async with following(client, **{"Last-Event-ID": number}) as events:
            assert [(await anext(events))[2]["title"] for _ in range(2)] == ["second", "third"]


async def test_a_stream_beats_and_takes_its_token_from_the_query(server: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr(notifications, "HEARTBEAT_S", 0.05)
    async with reached(server) as client:
        token = client.headers.pop("Authorization").removeprefix("Bearer ")
        assert (await client.get(f"{PATH}/stream")).status_code == 401
        async with asyncio.timeout(20), client.stream("GET", f"{PATH}/stream", params={"token": token}) as answer:
            events = events_of(answer)
            assert [(await anext(events))[0] for _ in range(3)] == ["heartbeat"] * 3


async def test_a_stream_ends_with_its_session(server: Server, monkeypatch: Any) -> None:
    monkeypatch.setattr(notifications, "HEARTBEAT_S", 0.05)
    async with reached(server) as client, following(client) as events:
        assert (await client.post("/api/auth/logout")).status_code == 204
        assert {name async for name, _, _ in events} <= {"heartbeat"}


async def test_of_too_many_streams_of_one_user_the_oldest_is_ended(server: Server) -> None:
    async with reached(server) as client, contextlib.AsyncExitStack() as streams:
        first = await streams.enter_async_context(following(client))
        for _ in range(STREAMS_OF_A_USER):
            last = await streams.enter_async_context(following(client))
        assert [name async for name, _, _ in first] == []
        assert server.parts.notifications.streams == STREAMS_OF_A_USER
        server.parts.notifications.alert(Severity.INFO, "still there", "m")
        assert (await anext(last))[2]["title"] == "still there"


async def test_an_id_that_is_none_is_refused(server: Server) -> None:
    for wrong in ("x", "-1", "99999999999"):
        answer = await server.client.get(f"{PATH}/stream", headers={"Last-Event-ID": wrong})
        assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (422, "Last-Event-ID")
