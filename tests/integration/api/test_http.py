"""What holds for every answer: headers, names of requests, limits; and what must never be in a log."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog
from httpx import ASGITransport, AsyncClient

from stripchart.api.app import build_api
from stripchart.api.http_limits import HttpOptions
from stripchart.api.parts import Parts
from stripchart.cli.logs import configure_logs
from tests.integration.api.conftest import Server

FAR = ("192.0.2.7", 40_000)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def asking(parts: Parts, options: HttpOptions | None = None, **given: Any) -> AsyncClient:
    """A client of an API with these options."""
    transport = ASGITransport(build_api(parts, options), raise_app_exceptions=False, **given)
    return AsyncClient(transport=transport, base_url="http://127.0.0.1")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, by us at every level and by libraries at that of the program, as lines of JSON."""
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    configure_logs("debug", "json")
    yield lines
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.mark.parametrize(
    "path", ["/", "/api/health", "/api/devices", "/no/such/page", "/api/devices/stream?device_id=9"]
)
async def test_every_answer_has_the_headers_that_keep_foreigners_out(server: Server, path: str) -> None:
    answer = await server.client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy, "scripts come from here alone, and none is inline"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


async def test_over_tls_browsers_are_told_to_stay_there(server: Server) -> None:
    answer = await server.client.get("https://127.0.0.1/api/health")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_a_refused_host_name_gets_the_headers_too(server: Server) -> None:
    answer = await server.client.get("/api/health", headers={"Host": "stranger.example"})
    assert answer.status_code == 400
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Request-ID"]


async def test_a_request_has_the_name_it_came_with_or_a_new_one(server: Server) -> None:
    named = await server.client.get("/api/health", headers={"X-Request-ID": "line-7.A_b"})
    assert named.headers["X-Request-ID"] == "line-7.A_b"
    made = {(await server.client.get("/api/health")).headers["X-Request-ID"] for _ in range(3)}
    assert len(made) == 3
    for odd in ("with space", "x" * 65, '"};evil', ""):
        answer = await server.client.get("/api/health", headers={"X-Request-ID": odd})
        assert answer.headers["X-Request-ID"] not in {odd, ""}


async def test_a_bug_is_answered_and_the_log_says_which_request_it_was(
    server: Server, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("boiler plate")

    monkeypatch.setattr(type(server.parts.catalog), "sites", broken)
    async with asking(server.parts) as client:
        headers = {"Authorization": server.client.headers["Authorization"], "X-Request-ID": "r-1"}
        answer = await client.get("/api/sites", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert (answer.headers["X-Request-ID"], answer.headers["X-Frame-Options"]) == ("r-1", "DENY")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    failed = next(line for line in lines if line["event"] == "request.failed")
    assert (failed["request_id"], failed["method"], failed["path"]) == ("r-1", "GET", "/api/sites")
    assert "RuntimeError: boiler plate" in failed["exception"]
    done = next(line for line in lines if line["event"] == "request.done")
    assert (done["request_id"], done["status"]) == ("r-1", 500)


async def test_what_libraries_log_is_json_too(log: io.StringIO) -> None:
    logging.getLogger("some.library").warning("%s is odd", "this")
    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["event"], line["level"], line["logger"]) == ("this is odd", "warning", "some.library")


async def test_neither_passwords_nor_tokens_are_logged(new_server: Server, log: io.StringIO) -> None:
    parts, client = new_server.parts, new_server.client
    link = await parts.doors.set_up.secret()
    assert link is not None
    who = {"username": "owner", "password": "Turbine7Rotor"}
    secrets = [link, who["password"], "WrongPassword9", "Another8Word"]
    made = await client.post("/api/auth/setup", json={**who, "secret": link})
    assert made.status_code == 201, made.text
    await client.post("/api/auth/setup", json={**who, "secret": link})
    assert (await client.post("/api/auth/login", json={**who, "password": "WrongPassword9"})).status_code == 401
    login = (await client.post("/api/auth/login", json=who)).json()
    client.headers["Authorization"] = f"Bearer {login['access_token']}"
    token = (await client.post("/api/tokens", json={"name": "t"})).json()["token"]
    renewed = (await client.post("/api/auth/refresh", json={"refresh_token": login["refresh_token"]})).json()
    changed = {"old_password": who["password"], "new_password": "Another8Word"}
    assert (await client.post("/api/auth/change-password", json=changed)).status_code == 204
    await client.post("/api/auth/login", json={"username": "owner", "password": ["Another8Word"]})
    await client.get("/api/devices/stream", params={"token": token, "device_id": 9})
    secrets += [token, made.json()["access_token"]]
    secrets += [pair[name] for pair in (login, renewed) for name in ("access_token", "refresh_token")]
    logged = log.getvalue()
    assert logged.count("request.done") >= 8
    assert "sign_in.refused" in logged
    assert [secret for secret in secrets if secret in logged] == []


async def test_pages_of_other_origins_may_ask_only_when_a_setting_says_so(server: Server) -> None:
    preflight = {"Origin": "https://scada.example", "Access-Control-Request-Method": "PUT"}
    async with asking(server.parts) as client:
        answer = await client.options("/api/devices", headers=preflight)
        assert "Access-Control-Allow-Origin" not in answer.headers
    async with asking(server.parts, HttpOptions(cors_origins=("https://scada.example",))) as client:
        answer = await client.options("/api/devices", headers=preflight)
        assert answer.headers["Access-Control-Allow-Origin"] == "https://scada.example"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        answer = await client.options("/api/devices", headers={**preflight, "Origin": "https://other.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(server: Server) -> None:
    headers = {"Authorization": server.client.headers["Authorization"], "Content-Type": "application/json"}

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 500

    body = json.dumps({"code": "A", "name": "x" * 2000}).encode()
    async with asking(server.parts, HttpOptions(max_request_bytes=1000)) as client:
        for content in (body, unannounced()):
            answer = await client.post("/api/sites", content=content, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
        small = await client.post("/api/sites", json={"code": "A", "name": "B"}, headers=headers)
        assert small.status_code == 201


async def test_an_address_that_asks_too_often_is_told_when_to_come_again(server: Server) -> None:
    api = HttpOptions(requests_per_minute=3)
    async with asking(server.parts, api, client=FAR) as client:
        answers = [await client.get("/api/health") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3].json()["error"]["code"] == "too_many_requests"
        assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
        assert answers[3].headers["X-Frame-Options"] == "DENY"
    async with asking(server.parts, api) as client:
        assert {(await client.get("/api/health")).status_code for _ in range(9)} == {200}
