"""The contract of DDMS for devices, groups and readings: requests, and what their answers have to hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.api.conftest import Server, new_server, server

__all__ = ["new_server", "server"]

TALK = Path(__file__).with_name("ddms.json")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


PLACEHOLDERS: dict[str, Callable[[Any], bool]] = {
    "<time>": lambda said: isinstance(said, str) and TIME.fullmatch(said) is not None,
    "<text>": lambda said: isinstance(said, str) and said != "",
    "<number>": lambda said: isinstance(said, int | float),
    "<anything>": lambda said: True,
}


def holds(answer: Any, wanted: Any) -> bool:
    """Whether the answer has all that is wanted; it may say more."""
    if isinstance(wanted, dict):
        return isinstance(answer, dict) and all(key in answer and holds(answer[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        same_length = isinstance(answer, list) and len(answer) == len(wanted)
        return same_length and all(map(holds, answer, wanted))
    if wanted in PLACEHOLDERS:
        return PLACEHOLDERS[wanted](answer)
    return bool(answer == wanted)


async def test_ddms_is_answered_as_it_is_used_to(server: Server) -> None:
    talk = json.loads(TALK.read_text(encoding="utf-8").replace('"<port>"', str(server.plant.port)))
    for turn in talk:
        method, path, body = turn["ask"]
        if "until" in turn:
            await server.until(1, lambda now: "value" in now and now["value"]["value"] is not None)
        answer = await server.client.request(method, path, json=body)
        assert answer.status_code == turn["status"], (method, path, answer.text)
        said = answer.json() if answer.content else None
        assert holds(said, turn["answer"]), (method, path, said)
