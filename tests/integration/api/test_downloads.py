"""Answers sent piece by piece: who takes nothing is cut off, and every place comes back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from stripchart.api.downloads import Download, Downloads

SCOPE = {"type": "http", "asgi": {"spec_version": "2.4"}}


async def nothing_to_receive() -> Any:
    await asyncio.Event().wait()


async def pieces(ended: list[str], fail: bool = False) -> AsyncIterator[bytes]:
    try:
        yield b"one\n"
        if fail:
            raise ValueError("the history is gone")
        yield b"two\n"
    finally:
        ended.append("ended")


async def test_who_takes_nothing_for_long_is_cut_off_and_gives_the_place_back() -> None:
    downloads, ended = Downloads(patience_s=0.01), list[str]()
    downloads.begin()

    async def send(message: Any) -> None:
        if message.get("body"):
            await asyncio.Event().wait()

    async with asyncio.timeout(20):
        with pytest.raises(ClientDisconnect):
            await Download(pieces(ended), {}, "text/csv", downloads)(SCOPE, nothing_to_receive, send)
    assert (ended, downloads.under_way) == (["ended"], 0)


async def test_what_fails_on_the_way_never_looks_whole() -> None:
    downloads, ended, sent = Downloads(), list[str](), list[Any]()
    downloads.begin()

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(ValueError, match="history is gone"):
        await Download(pieces(ended, fail=True), {}, "text/csv", downloads)(SCOPE, nothing_to_receive, send)
    assert [message.get("body") for message in sent] == [None, b"one\n"]
    assert sent[-1]["more_body"] is True
    assert (ended, downloads.under_way) == (["ended"], 0)
