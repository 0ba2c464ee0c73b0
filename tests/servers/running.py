"""The servers the tests need, started once when the first test wants one, and ended with the tests.

Processes that tests start find them through the environment.
"""

import atexit
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.servers.postgres import Postgres
from tests.servers.redis import RedisServer

_HERE = Path(__file__).parent
_POSTGRES, _TIMESCALE = "STRIPCHART_TESTS_POSTGRES", "STRIPCHART_TESTS_TIMESCALE"
GIVEN_TIMESCALE = "STRIPCHART_TEST_TIMESCALE_URL"
"""A TimescaleDB of somebody else, into which the tests may write."""


@cache
def postgres() -> Postgres:
    """The one that no test stops."""
    server = Postgres({"autovacuum": "off"})
    atexit.register(server.remove)
    server.start()
    return server


def postgres_url() -> str:
    """A database for tests that clear it before they use it."""
    if _POSTGRES not in os.environ:
        os.environ[_POSTGRES] = postgres().make_database("shared")
    return os.environ[_POSTGRES]


@cache
def redis() -> RedisServer:
    """One for all tests of a process; a test that stops it starts it again."""
    server = RedisServer()
    atexit.register(server.remove)
    server.start()
    return server


def timescale_url() -> str:
    """The one database of the TimescaleDB that comes as WebAssembly; it has one session and no COPY."""
    if _TIMESCALE not in os.environ:
        os.environ[_TIMESCALE] = _timescale()
    return os.environ[_TIMESCALE]


def _timescale() -> str:
    node = shutil.which("node")
    assert node, "node is missing"
    assert (_HERE / "node_modules").is_dir(), "the test servers are missing; run make setup"
    process = subprocess.Popen(
        [node, "timescale_server.mjs"], cwd=_HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(process.kill)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    return f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
