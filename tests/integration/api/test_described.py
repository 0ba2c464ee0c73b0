"""Whatever is asked, the server never fails, and gives no answer that its description does not name.

Requests are made from the description by schemathesis, with one seed, right ones and wrong ones.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from stripchart.api.app import build_api
from tests.integration.api.conftest import Server
from tests.integration.api.served import served

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
NOT_ASKED = {
    "GET /api/devices/stream": "it does not end",
    "GET /api/notifications/stream": "it does not end",
    "POST /api/auth/logout": "nobody would be signed in after it",
    "POST /api/discover": "it asks whoever is on the network",
}
SLOW = {"POST /api/users": 4, "POST /api/auth/login": 4, "POST /api/auth/change-password": 4}
EXAMPLES = 8
LONGEST_ADDRESS = 65_000
"""Of characters; none that is much longer gets to the API."""


def operations(description: dict[str, Any]) -> Iterator[Any]:
    """Every operation that is asked."""
    schema = schemathesis.openapi.from_dict(description)
    found = []
    for each in schema.get_all_operations():
        assert isinstance(each, Ok), each
        found.append(each.ok())
    # What is deleted cannot be asked for any more.
    for operation in sorted(found, key=lambda each: each.method.upper() == "DELETE"):
        if f"{operation.method.upper()} {operation.path}" not in NOT_ASKED:
            yield operation


def ask(operation: Any, client: httpx.Client) -> None:
    """Make requests of one operation; ids are now and then those of things that are there."""
    name = f"{operation.method.upper()} {operation.path}"
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @seed(7)
    @settings(
        max_examples=SLOW.get(name, EXAMPLES),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, is_there=st.booleans())
    def answers_as_described(case: Any, is_there: bool) -> None:
        if is_there:
            case.path_parameters = {**(case.path_parameters or {})} | {
                key: 1 for key in case.path_parameters or {} if key.endswith("_id")
            }
        case.headers = {key: text for key, text in (case.headers or {}).items() if key.lower() != "authorization"}
        answer = case.call(base_url=str(client.base_url), headers=dict(client.headers))
        if len(str(answer.request.url)) > LONGEST_ADDRESS:
            assert answer.status_code == 400, "the parser of HTTP refuses it, before any route"
            return
        case.validate_response(answer, checks=CHECKS)

    answers_as_described()


def ask_all(address: str, token: str, description: dict[str, Any]) -> list[str]:
    """What went wrong, by operation."""
    problems = []
    with httpx.Client(base_url=address, headers={"Authorization": token}, trust_env=False) as client:
        for operation in operations(description):
            try:
                ask(operation, client)
            except (Exception, BaseExceptionGroup) as problem:  # noqa: BLE001 - all that is wrong is collected
                problems.append(f"{operation.method.upper()} {operation.path}: {problem}")
    return problems


async def test_no_request_finds_a_failure_or_an_answer_that_is_not_described(server: Server) -> None:
    boiler = await server.add_boiler("Boiler 1")
    await server.until(boiler, lambda now: now["status"] == "online")
    api = build_api(server.parts)
    async with served(api, server.parts) as address, asyncio.timeout(180):
        token = server.client.headers["Authorization"]
        assert await asyncio.to_thread(ask_all, address, token, api.openapi()) == []
