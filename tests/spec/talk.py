"""Recorded talks: requests, and what their answers have to hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.api.conftest import Server

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


PLACEHOLDERS: dict[str, Callable[[Any], bool]] = {
    "<time>": lambda said: isinstance(said, str) and TIME.fullmatch(said) is not None,
    "<seconds>": lambda said: isinstance(said, int) and said > 1_700_000_000,
    "<text>": lambda said: isinstance(said, str) and said != "",
    "<number>": lambda said: isinstance(said, int | float),
    "<rate>": lambda said: isinstance(said, int | float) and 0 <= said <= 1,
    "<anything>": lambda said: True,
}


def holds(answer: Any, wanted: Any, *, whole: bool = False) -> bool:
    """Whether the answer has all that is wanted; it may say more, unless it is the `whole` of it."""
    if isinstance(wanted, dict):
        if not isinstance(answer, dict) or (whole and set(answer) != set(wanted)):
            return False
        return all(key in answer and holds(answer[key], wanted[key], whole=whole) for key in wanted)
    if isinstance(wanted, list):
        same_length = isinstance(answer, list) and len(answer) == len(wanted)
        return same_length and all(holds(one, other, whole=whole) for one, other in zip(answer, wanted, strict=True))
    if wanted in PLACEHOLDERS:
        return PLACEHOLDERS[wanted](answer)
    return bool(answer == wanted)


def recorded(name: str, port: int) -> Any:
    """The turns of a talk with a plant on this port."""
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8").replace('"<port>"', str(port)))


async def has_talk(server: Server, name: str, *, whole: bool = False) -> None:
    """Ask what the file asks, and compare what is answered."""
    for turn in recorded(name, server.plant.port):
        method, path, body = turn["ask"]
        if "until" in turn:
            await server.until(1, lambda now: "value" in now and now["value"]["value"] is not None)
        answer = await server.client.request(method, path, json=body)
        assert answer.status_code == turn["status"], (method, path, answer.text)
        said = answer.json() if answer.content else None
        assert holds(said, turn["answer"], whole=whole), (method, path, said)
