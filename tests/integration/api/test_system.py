"""The system: health for everybody, what the owner sets, in effect at once, and backups made beside polling."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from stripchart.auth.authenticator import Caller
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.model.account import Role
from tests.integration.api.conftest import Server

CONFIG, BACKUP, BACKUPS = "/api/system/config", "/api/system/backup", "/api/system/backups"


async def change(server: Server, **fields: object) -> Any:
    answer = await server.client.put(CONFIG, json=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ended(server: Server, number: int) -> dict[str, Any]:
    """The backup, once it is no longer in progress."""
    async with asyncio.timeout(60):
        while True:
            found = [job for job in (await server.get(BACKUPS))["backups"] if job["id"] == number]
            if found and found[0]["status"] != "in_progress":
                job: dict[str, Any] = found[0]
                return job
            await asyncio.sleep(0.05)


async def notified(server: Server) -> list[dict[str, Any]]:
    """What the owner was told, once there is something."""
    async with asyncio.timeout(15):
        while True:
            told: list[dict[str, Any]] = (await server.get("/api/notifications"))["notifications"]
            if told:
                return told
            await asyncio.sleep(0.05)


def files_of(manifest: str) -> set[str]:
    return {file["path"] for file in json.loads(Path(manifest).read_text())["files"]}


async def test_health_is_for_everybody(new_server: Server) -> None:
    health = await new_server.get("/api/system/health")
    assert (health["status"], health["database"], health["error"]) == ("healthy", "connected", None)
    assert (health["device_count"], health["active_device_count"]) == (0, 0)


async def test_what_is_left_out_of_a_change_stays(server: Server) -> None:
    before = await server.get(CONFIG)
    assert (before["system_name"], before["backup_schedule"]) == ("Stripchart", "0 2 * * *")
    assert (before["default_retention_days"], before["next_backup_at"]) == (None, None)
    after = await change(server, system_name="Power house 3")
    assert after == before | {"system_name": "Power house 3"}
    assert await server.get(CONFIG) == after


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"backup_schedule": "every day"}, "backup_schedule"),
        ({"backup_schedule": "0 2 30 2 *"}, "backup_schedule"),
        ({"backup_schedule": "61 2 * * *"}, "backup_schedule"),
        ({"backup_schedule": "0 0 2 * * *"}, "backup_schedule"),
        ({"backup_folder": "backups"}, "backup_folder"),
        ({"backup_retention_count": 0}, "backup_retention_count"),
        ({"default_retention_days": 0}, "default_retention_days"),
        ({"session_timeout_minutes": 4}, "session_timeout_minutes"),
        ({"max_login_attempts": 21}, "max_login_attempts"),
        ({"system_name": ""}, "system_name"),
        ({"system_name": None}, "system_name"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_value_that_cannot_be_is_refused_by_field_and_nothing_changes(
    server: Server, fields: dict[str, object], field: str
) -> None:
    before = await server.get(CONFIG)
    answer = await server.client.put(CONFIG, json={"max_login_attempts": 7, **fields})
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][0]["field"] == field
    assert await server.get(CONFIG) == before


async def test_a_backup_of_the_data_folder_into_itself_is_refused(server: Server) -> None:
    answer = await server.client.put(CONFIG, json={"backup_folder": str(server.data_dir / "inside")})
    assert (answer.status_code, answer.json()["error"]["fields"][0]["field"]) == (422, "backup_folder")


async def test_a_change_is_in_the_audit_field_by_field(server: Server) -> None:
    await change(server, max_login_attempts=7)
    await change(server, max_login_attempts=9, system_name="B")
    records = (await server.get("/api/audit", kind="configuration"))["records"]
    assert records[0]["changes"] == {
        "fields.max_login_attempts": {"old": 7, "new": 9},
        "fields.system_name": {"old": None, "new": "B"},
    }
    assert (records[0]["who"], records[0]["origin"], records[0]["via"]) == ("owner", "127.0.0.1", "session")


async def test_as_many_wrong_passwords_as_the_owner_says(server: Server) -> None:
    await change(server, max_login_attempts=1)
    wrong = {"username": "owner", "password": "wrong"}
    codes = [(await server.client.post("/api/auth/login", json=wrong)).status_code for _ in range(2)]
    assert codes == [401, 429]
    records = (await server.get("/api/audit", action="refused"))["records"]
    assert [(record["who"], record["subject"]) for record in records] == [("", "owner"), ("", "owner")]


async def test_a_session_ends_as_soon_as_the_owner_says(server: Server) -> None:
    await change(server, session_timeout_minutes=5)
    authenticator = server.parts.doors.authenticator
    user = await server.parts.catalog.accounts.add_user("anna", NO_PASSWORD, Role.ADMIN, "en")
    assert (await authenticator.open_session(user, Caller("127.0.0.1"))).lasts_s == 300


async def test_a_backup_is_made_beside_polling_and_can_be_put_back(server: Server, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("nas")
    boiler = await server.add_boiler("Boiler")
    await server.until(boiler, lambda now: now["status"] == "online")
    await change(server, backup_folder=str(folder), backup_retention_count=1)
    answer = await server.client.post(BACKUP, json={"description": "before the turnaround"})
    assert (answer.status_code, answer.json()["status"]) == (202, "in_progress")
    busy = await server.client.post(BACKUP)
    assert (busy.status_code, busy.json()["error"]["code"]) == (409, "backup_refused")
    assert busy.json()["error"]["facts"]["cause_code"] == "backup_under_way"
    job = await ended(server, answer.json()["id"])
    assert (job["status"], job["error_message"], job["initiated_by"]) == ("completed", None, "owner")
    assert (job["triggered_by"], job["description"]) == ("manual", "before the turnaround")
    assert "catalog.db" in files_of(job["file_path"])
    assert job["file_path"] in job["restore_command"]
    assert job["file_size_bytes"] > 0

    second = await server.client.post(BACKUP)
    await ended(server, second.json()["id"])
    listed = (await server.get(BACKUPS))["backups"]
    assert [each["restore_command"] is not None for each in listed] == [True, False]
    assert [each["kind"] for each in (await server.get("/api/audit", kind="backup"))["records"]] == ["backup"] * 4


async def test_after_three_failures_in_a_row_owner_and_admins_are_told_once(server: Server, tmp_path: Path) -> None:
    blocked = tmp_path.parent / f"{tmp_path.name}-file"
    await change(server, backup_folder=str(blocked / "inside"))
    blocked.write_text("no folder")
    for _ in range(4):
        begun = await server.client.post(BACKUP)
        job = await ended(server, begun.json()["id"])
        assert job["status"] == "failed"
        assert str(blocked) in job["error_message"]
        assert job["cause"]["code"] == "backup_not_written"
        assert job["cause"]["facts"]["folder"] == str(blocked / "inside")
    told = await notified(server)
    assert [(each["type"], each["title"]) for each in told] == [("SYSTEM_ALERT", "Backups fail")]
    assert told[0]["metadata"]["cause_code"] == "backup_not_written"
    assert (await server.get(BACKUPS, status="failed", limit=2))["total"] == 4


async def test_without_a_folder_no_backup_is_begun(server: Server) -> None:
    answer = await server.client.post(BACKUP)
    assert answer.status_code == 409
    assert answer.json()["error"]["fields"][0]["field"] == "backup_folder"
    assert answer.json()["error"]["facts"]["cause_code"] == "no_backup_folder"
