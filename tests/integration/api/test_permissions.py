"""Every route and method, asked by everybody, answers as the table of permissions says."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from stripchart.api.app import build_api
from stripchart.api.permissions import PERMISSIONS, Access
from stripchart.auth.authenticator import Caller
from stripchart.auth.doors import DoorOptions
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.model.account import Role, TokenKind
from tests.integration.api.conftest import Server

NOBODY, DISPLAY, TOKEN = "nobody", "display token", "token of the owner"
SESSIONS = {"owner": Role.OWNER, "admin": Role.ADMIN, "read_only": Role.READ_ONLY}
EVERYBODY = (NOBODY, DISPLAY, TOKEN, *SESSIONS)

LET_IN: dict[Access, set[str]] = {
    Access.PUBLIC: set(EVERYBODY),
    Access.STREAM: set(EVERYBODY),
    Access.METRICS: set(EVERYBODY),
    Access.DISPLAY: set(EVERYBODY) - {NOBODY},
    Access.SOCKET: set(EVERYBODY) - {NOBODY},
    Access.USER: {TOKEN, *SESSIONS},
    Access.USER_STREAM: {TOKEN, *SESSIONS},
    Access.ADMIN: {TOKEN, "owner", "admin"},
    Access.OWNER: {TOKEN, "owner"},
    Access.SESSION: set(SESSIONS),
    Access.ADMIN_SESSION: {"owner", "admin"},
    Access.OWNER_SESSION: {"owner"},
}


def operations(api: FastAPI) -> set[str]:
    """Every method and path that the description of the API names."""
    paths = api.openapi()["paths"].items()
    return {f"{method.upper()} {path}" for path, methods in paths for method in methods}


def test_every_route_is_in_the_table_and_nothing_else_is() -> None:
    assert set(PERMISSIONS) - operations(build_api(None)) == {"GET /", "GET /docs"}
    assert operations(build_api(None)) <= set(PERMISSIONS)


@pytest.fixture
async def headers(new_server: Server) -> dict[str, dict[str, str]]:
    """How each of them asks."""
    accounts, authenticator = new_server.parts.catalog.accounts, new_server.parts.doors.authenticator
    tokens = {}
    for name, role in SESSIONS.items():
        user = await accounts.add_user(name, NO_PASSWORD, role, "en")
        tokens[name] = (await authenticator.open_session(user, Caller("127.0.0.1"))).access_token
    owner = authenticator.principal(tokens["owner"])
    for name, kind in ((DISPLAY, TokenKind.DISPLAY), (TOKEN, TokenKind.API)):
        tokens[name], _ = await authenticator.make_token(owner, name, kind, Role.OWNER, None)
    return {NOBODY: {}} | {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}


def harmless(operation: str) -> tuple[str, str]:
    """Method and address of a request that reaches the route and changes nothing: of things that are not there."""
    method, path = operation.split(" ")
    parts = ["999999" if part.startswith("{") and part.endswith("_id}") else part for part in path.split("/")]
    return method, "/".join("nothing" if part.startswith("{") else part for part in parts)


async def is_let_in(client: AsyncClient, operation: str, headers: dict[str, str]) -> bool:
    """Whether the request came further than the door; a body of nonsense is refused behind it."""
    method, path = harmless(operation)
    body = {"no such field": 1} if method in {"POST", "PUT", "PATCH"} else None
    client.cookies.clear()
    async with client.stream(method, path, headers=headers, json=body) as answer:
        if answer.status_code not in {401, 403}:
            return True
        await answer.aread()
        error = answer.json()["error"]
    if isinstance(error, str):
        return False  # The T3000 API says it in words alone.
    return error["code"] not in {"invalid_token", "forbidden"} or "refresh token" in error["message"]


TESTED_ELSEWHERE = {"GET /", "GET /docs", "GET /api/devices/stream", "POST /api/auth/logout"} | {
    "GET /api/notifications/stream"
}


async def test_those_are_let_in_whom_the_table_names(new_server: Server, headers: dict[str, dict[str, str]]) -> None:
    walked = sorted(set(PERMISSIONS) - TESTED_ELSEWHERE)
    let_in = {
        operation: {who for who in EVERYBODY if await is_let_in(new_server.client, operation, headers[who])}
        for operation in walked
    }
    assert let_in == {operation: LET_IN[PERMISSIONS[operation]] for operation in walked}


async def test_a_route_that_is_not_in_the_table_is_closed_to_all(
    new_server: Server, headers: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(PERMISSIONS, "GET /api/sites")
    for who in EVERYBODY:
        answer = await new_server.client.get("/api/sites", headers=headers[who])
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden"), who


@pytest.mark.parametrize("who", [DISPLAY, TOKEN])
async def test_only_a_session_can_sign_out(new_server: Server, headers: dict[str, dict[str, str]], who: str) -> None:
    assert (await new_server.client.post("/api/auth/logout", headers=headers[who])).status_code == 403
    assert (await new_server.client.post("/api/auth/logout")).status_code == 401


async def test_the_stream_is_open_or_closed_as_the_setting_says(
    new_server: Server, headers: dict[str, dict[str, str]]
) -> None:
    parts = new_server.parts
    closed = build_api(replace(parts, doors=replace(parts.doors, options=DoorOptions(stream_is_public=False))))
    path = "/api/devices/stream?device_id=999999"
    async with AsyncClient(transport=ASGITransport(closed), base_url="http://127.0.0.1") as client:
        assert (await client.get(path)).status_code == 401
        assert (await client.get(path, headers=headers[DISPLAY])).status_code == 404
        token = headers[DISPLAY]["Authorization"].removeprefix("Bearer ")
        assert (await client.get(path, params={"device_id": 999999, "token": token})).status_code == 404
    assert (await new_server.client.get(path)).status_code == 404
