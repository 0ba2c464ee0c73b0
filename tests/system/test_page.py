"""The page in a real browser, on the demo plant: the journeys of web/e2e."""

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.system.plant import are_all_online, asking
from tests.system.programs import environment, started

WEB = Path(__file__).parents[2] / "web"
JOURNEYS_WITHIN_S = 1800


async def test_every_journey_through_the_page_succeeds(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    assert npm, "npm is missing: the page's journeys run with Playwright"
    demo = ("demo", "--port", "0", "--plant-port", "0", "--data-dir", "kept", "--history", "0")
    new = ("serve", "--port", "0", "--data-dir", "new")
    async with (
        started(*demo, folder=tmp_path) as program,
        started(*new, folder=tmp_path) as nobodys,
        asking(program) as server,
    ):
        await server.devices_once(are_all_online)
        journeys = await asyncio.create_subprocess_exec(
            *(npm, "run", "--silent", "e2e", "--", f"--output={tmp_path / 'traces'}"),
            cwd=WEB,
            env=environment()
            | {"STRIPCHART_URL": await program.link(), "STRIPCHART_SETUP_URL": await nobodys.link(), "CI": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        async with ended_after(JOURNEYS_WITHIN_S, journeys):
            said, _ = await journeys.communicate()
    assert journeys.returncode == 0, said.decode()


@asynccontextmanager
async def ended_after(within_s: float, process: Process) -> AsyncIterator[None]:
    """What it has said by then is still told."""
    late = asyncio.get_running_loop().call_later(within_s, os.killpg, process.pid, signal.SIGTERM)
    try:
        yield
    finally:
        late.cancel()
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
