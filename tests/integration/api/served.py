"""The API behind a real socket, for what only a real server shows: streams that go on, headers of TLS."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn
from fastapi import FastAPI

from stripchart.api.parts import Parts
from stripchart.cli.server import bound_socket


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(api: FastAPI, parts: Parts) -> AsyncIterator[str]:
    """The address of a server of this API. Its streams end with it."""
    config = uvicorn.Config(api, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = _Server(config)
    with bound_socket("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            parts.closing.begin()
            await serving
