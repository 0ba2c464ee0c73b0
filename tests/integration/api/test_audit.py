"""The audit over HTTP: who did what, from where, page by page, and as files."""

import json

from stripchart.auth.authenticator import Caller
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.catalog.chain import Record, hash_of
from stripchart.model.account import Role
from tests.integration.api.conftest import Server


async def test_each_change_over_http_is_told_with_who_from_where_and_by_what_means(server: Server) -> None:
    made = await server.client.post("/api/tokens", json={"name": "plc", "role": "admin"})
    token = made.json()
    headers = {"Authorization": f"Bearer {token['token']}"}
    await server.client.put(f"/api/sites/{server.site_id}", json={"name": "Boiler house"}, headers=headers)
    newest = (await server.get("/api/audit"))["records"][0]
    told = {key: newest[key] for key in ("who", "origin", "via", "action", "kind", "subject")}
    assert told == {
        "who": "owner",
        "origin": "127.0.0.1",
        "via": f"token {token['id']}",
        "action": "changed",
        "kind": "site",
        "subject": "MKZ",
    }
    assert newest["changes"] == {"name": {"old": "Power house", "new": "Boiler house"}}
    assert token["token"] not in json.dumps(await server.get("/api/audit"))


async def test_signing_in_and_out_and_refusals_are_told_without_names_that_nobody_has(server: Server) -> None:
    for username in ("owner", "Hunter2-typed-as-a-name"):
        await server.client.post("/api/auth/login", json={"username": username, "password": "wrong"})
    anna = await server.parts.catalog.accounts.add_user("anna", NO_PASSWORD, Role.ADMIN, "en")
    done = await server.parts.doors.authenticator.open_session(anna, Caller("10.9.8.7"))
    headers = {"Authorization": f"Bearer {done.access_token}"}
    assert (await server.client.post("/api/auth/logout", headers=headers)).status_code == 204
    records = (await server.get("/api/audit", kind="user", limit=5))["records"]
    told = [(record["action"], record["who"], record["subject"], record["origin"]) for record in records]
    assert told == [
        ("signed_out", "anna", "anna", "127.0.0.1"),
        ("signed_in", "anna", "anna", "10.9.8.7"),
        ("added", told[2][1], "anna", told[2][3]),
        ("refused", "", "(unknown name)", "127.0.0.1"),
        ("refused", "", "owner", "127.0.0.1"),
    ]
    assert records[-1]["changes"]["code"] == {"new": "wrong_credentials"}
    assert "Hunter2" not in json.dumps(await server.get("/api/audit"))


async def test_pages_and_filters(server: Server) -> None:
    for number in range(5):
        await server.client.post("/api/sites", json={"code": f"N{number}", "name": "North"})
    first = await server.get("/api/audit", kind="site", limit=4)
    assert [record["subject"] for record in first["records"]] == ["N4", "N3", "N2", "N1"]
    second = await server.get("/api/audit", kind="site", limit=4, before=first["next_before"])
    assert [record["subject"] for record in second["records"]] == ["N0", "MKZ"]
    assert second["next_before"] is None
    at = first["records"][0]["at"]
    assert (await server.get("/api/audit", subject="N3", end_time=at))["records"][0]["subject"] == "N3"
    assert (await server.get("/api/audit", who="nobody at all"))["records"] == []
    wrong = await server.client.get("/api/audit", params={"action": "danced"})
    assert (wrong.status_code, wrong.json()["error"]["fields"][0]["field"]) == (422, "action")


async def test_the_exported_lines_are_a_chain_that_can_be_checked_without_the_database(server: Server) -> None:
    await server.client.post("/api/sites", json={"code": "=1+1", "name": "Nörth"})
    answer = await server.client.get("/api/audit/export", params={"format": "jsonl"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    previous = "0" * 64
    for line in lines:
        record = Record(**{key: value for key, value in line.items() if key != "at"})
        assert (record.previous, hash_of(record)) == (previous, record.hash)
        previous = record.hash
    assert previous == (await server.get("/api/audit"))["head"]["hash"]
    table = await server.client.get("/api/audit/export")
    assert table.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert "'=1+1" in table.text
    assert table.text.count("\r\n") == len(lines) + 1


async def test_only_the_owner_reads_it(server: Server) -> None:
    anna = await server.parts.catalog.accounts.add_user("anna", NO_PASSWORD, Role.ADMIN, "en")
    done = await server.parts.doors.authenticator.open_session(anna, Caller("127.0.0.1"))
    headers = {"Authorization": f"Bearer {done.access_token}"}
    for path in ("/api/audit", "/api/audit/export"):
        assert (await server.client.get(path, headers=headers)).status_code == 403
