"""Accounts over HTTP: the first start, signing in and out, users, tokens."""

from typing import Any

import bcrypt
import pytest
from httpx import AsyncClient, Response

from tests.integration.api.conftest import Server

PASSWORD = "Turbine7"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of the least strength: the real one would take a quarter of a second each."""
    salt = bcrypt.gensalt(4)
    monkeypatch.setattr(bcrypt, "gensalt", lambda *_: salt)


class People:
    """Asks as somebody."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.tokens: dict[str, str] = {}

    async def ask(self, who: str, method: str, path: str, body: object = None) -> Response:
        """Without cookies: each test says where its refresh token is."""
        self.client.cookies.clear()
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {"Authorization": ""}
        return await self.client.request(method, path, headers=headers, json=body)

    async def login(self, username: str, password: str = PASSWORD) -> Response:
        return await self.client.post("/api/auth/login", json={"username": username, "password": password})

    async def sign_in(self, username: str) -> dict[str, Any]:
        answer = await self.login(username)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        self.tokens[username] = done["access_token"]
        return done


@pytest.fixture
async def people(new_server: Server) -> People:
    people = People(new_server.client)
    secret = await new_server.parts.doors.set_up.secret()
    body = {"secret": secret, "username": "olga", "password": PASSWORD, "language": "ru"}
    answer = await people.client.post("/api/auth/setup", json=body)
    assert answer.status_code == 201, answer.text
    people.tokens["olga"] = answer.json()["access_token"]
    for name, role in (("anna", "admin"), ("rita", "read_only")):
        answer = await people.ask(
            "olga", "POST", "/api/users", {"username": name, "password": PASSWORD, "role": role}
        )
        assert answer.status_code == 201, answer.text
        await people.sign_in(name)
    return people


def code(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_the_first_start_asks_for_an_owner_and_then_never_again(new_server: Server) -> None:
    client = new_server.client
    assert (await client.get("/api/auth/setup")).json() == {"needed": True}
    body = {"secret": "wrong", "username": "olga", "password": PASSWORD}
    assert code(await client.post("/api/auth/setup", json=body)) == (401, "invalid_link")
    body["secret"] = await new_server.parts.doors.set_up.secret() or ""
    assert code(await client.post("/api/auth/setup", json={**body, "password": "turbine"})) == (400, "weak_password")
    done = await client.post("/api/auth/setup", json=body)
    assert (done.status_code, done.json()["user"]["role"]) == (201, "owner")
    assert (await client.get("/api/auth/setup")).json() == {"needed": False}
    assert code(await client.post("/api/auth/setup", json=body)) == (401, "invalid_link")


async def test_signing_in_gives_what_the_contract_says(people: People) -> None:
    answer = await people.login("anna")
    done = answer.json()
    assert done["token_type"] == "bearer"
    assert done["user"]["username"] == "anna"
    assert done["user"]["role"] == "admin"
    assert answer.cookies["refresh_token"] == done["refresh_token"]
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/api/auth", "Max-Age=604800"))
    assert "Secure" not in cookie


async def test_over_tls_the_cookie_is_never_sent_in_the_clear(people: People) -> None:
    body = {"username": "anna", "password": PASSWORD}
    answer = await people.client.post("https://127.0.0.1/api/auth/login", json=body)
    assert "Secure" in answer.headers["set-cookie"]


async def test_unknown_user_and_wrong_password_are_one_answer(people: People) -> None:
    wrong, unknown = await people.login("anna", "Turbine8"), await people.login("nobody")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert code(wrong) == (401, "wrong_credentials")


async def test_the_sixth_guess_is_told_to_wait(people: People) -> None:
    for _ in range(5):
        assert code(await people.login("rita", "Guess123")) == (401, "wrong_credentials")
    refused = await people.login("rita")
    assert code(refused) == (429, "too_many_attempts")
    assert 880 <= int(refused.headers["retry-after"]) <= 900


async def test_a_browser_renews_by_cookie_and_no_script_sees_the_token(people: People) -> None:
    first = (await people.login("anna")).cookies["refresh_token"]
    answer = await people.client.post("/api/auth/refresh")
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] is None
    assert answer.cookies["refresh_token"] != first


async def test_a_program_renews_with_the_token_itself(people: People) -> None:
    done = await people.sign_in("anna")
    people.client.cookies.clear()
    answer = await people.client.post("/api/auth/refresh", json={"refresh_token": done["refresh_token"]})
    assert answer.json()["refresh_token"] not in {None, done["refresh_token"]}


@pytest.mark.parametrize("token", ["access_token", "refresh_token"])
async def test_the_two_tokens_cannot_stand_in_for_each_other(people: People, token: str) -> None:
    done = await people.sign_in("anna")
    people.client.cookies.clear()
    if token == "access_token":
        answer = await people.client.post("/api/auth/refresh", json={"refresh_token": done[token]})
    else:
        people.tokens["anna"] = done[token]
        answer = await people.ask("anna", "GET", "/api/auth/me")
    assert code(answer) == (401, "invalid_token")


async def test_signing_out_ends_both_tokens_at_once(people: People) -> None:
    done = await people.sign_in("anna")
    assert (await people.ask("anna", "POST", "/api/auth/logout")).status_code == 204
    assert code(await people.ask("anna", "GET", "/api/auth/me")) == (401, "invalid_token")
    renewed = await people.client.post("/api/auth/refresh", json={"refresh_token": done["refresh_token"]})
    assert code(renewed) == (401, "invalid_token")


async def test_a_deleted_user_is_out_at_once(people: People) -> None:
    rita = (await people.ask("rita", "GET", "/api/auth/me")).json()["user_id"]
    assert (await people.ask("olga", "DELETE", f"/api/users/{rita}")).status_code == 204
    assert code(await people.ask("rita", "GET", "/api/auth/me")) == (401, "invalid_token")
    assert code(await people.login("rita")) == (401, "wrong_credentials")
    assert (await people.ask("olga", "DELETE", f"/api/users/{rita}")).status_code == 404


async def test_the_owner_is_one_and_stays(people: People) -> None:
    olga = (await people.ask("olga", "GET", "/api/auth/me")).json()["user_id"]
    assert code(await people.ask("olga", "DELETE", f"/api/users/{olga}")) == (403, "one_owner")
    body = {"username": "oleg", "password": PASSWORD, "role": "owner"}
    assert code(await people.ask("olga", "POST", "/api/users", body)) == (403, "one_owner")


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"username": "ANNA"}, (409, "duplicate")),
        ({"username": "a b c"}, (422, "invalid_value")),
        ({"password": "turbine"}, (400, "weak_password")),
        ({"role": "god"}, (422, "invalid_request")),
    ],
)
async def test_a_user_that_cannot_be_is_refused_by_field(
    people: People, change: dict[str, str], wanted: tuple[int, str]
) -> None:
    body = {"username": "boris", "password": PASSWORD, "role": "admin", **change}
    answer = await people.ask("olga", "POST", "/api/users", body)
    assert code(answer) == wanted
    assert answer.json()["error"]["fields"][0]["field"] == next(iter(change))


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("olga", "GET", "/api/users", 200),
        ("anna", "GET", "/api/users", 200),
        ("rita", "GET", "/api/users", 403),
        ("anna", "POST", "/api/users", 403),
        ("anna", "DELETE", "/api/users/1", 403),
        ("", "GET", "/api/users", 401),
        ("", "GET", "/api/tokens", 401),
        ("", "POST", "/api/auth/logout", 401),
    ],
)
async def test_each_may_do_what_the_role_may(people: People, who: str, method: str, path: str, status: int) -> None:
    assert (await people.ask(who, method, path)).status_code == status


async def test_everybody_may_change_the_own_name_and_password(people: People) -> None:
    changed = await people.ask("rita", "PUT", "/api/auth/me", {"username": "Rita.R", "zone": "Asia/Shanghai"})
    assert (changed.json()["username"], changed.json()["zone"]) == ("Rita.R", "Asia/Shanghai")
    assert (await people.ask("rita", "PUT", "/api/auth/me", {"zone": ""})).json()["zone"] == ""
    body = {"old_password": "Turbine8", "new_password": "Generator8"}
    assert code(await people.ask("rita", "POST", "/api/auth/change-password", body)) == (401, "wrong_credentials")
    body["old_password"] = PASSWORD
    assert (await people.ask("rita", "POST", "/api/auth/change-password", body)).status_code == 204
    assert (await people.login("rita.r", "Generator8")).status_code == 200


async def test_a_token_is_shown_once_and_opens_until_it_is_deleted(people: People) -> None:
    made = (await people.ask("anna", "POST", "/api/tokens", {"name": "grafana"})).json()
    people.tokens["grafana"] = made["token"]
    me = (await people.ask("grafana", "GET", "/api/auth/me")).json()
    assert (me["username"], me["role"], me["is_session"]) == ("anna", "read_only", False)
    listed = (await people.ask("anna", "GET", "/api/tokens")).json()
    assert ([token["name"] for token in listed], "token" in listed[0]) == (["grafana"], False)
    assert (await people.ask("rita", "DELETE", f"/api/tokens/{made['id']}")).status_code == 404
    assert (await people.ask("anna", "DELETE", f"/api/tokens/{made['id']}")).status_code == 204
    assert code(await people.ask("grafana", "GET", "/api/auth/me")) == (401, "invalid_token")


async def test_a_token_does_nothing_to_accounts(people: People) -> None:
    made = (await people.ask("olga", "POST", "/api/tokens", {"name": "script", "role": "owner", "days": None})).json()
    people.tokens["script"] = made["token"]
    for method, path in (("GET", "/api/users"), ("GET", "/api/tokens"), ("POST", "/api/auth/logout")):
        assert code(await people.ask("script", method, path)) == (403, "forbidden")


async def test_answers_hold_no_hash(people: People) -> None:
    users = (await people.ask("olga", "GET", "/api/users")).text
    assert "hash" not in users
    assert "$2b$" not in users
