"""A server as users run it: a process of its own on a folder that was filled before."""

import contextlib
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from httpx import ASGITransport, AsyncClient

from stripchart.api.app import build_api
from stripchart.api.parts import Parts
from stripchart.auth.authenticator import Caller, Principal
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.model.account import Role, TokenKind
from stripchart.runtime.running import running
from stripchart.settings import Settings


@dataclass(frozen=True, slots=True)
class Filling:
    """The program without its port, and a client signed in as the owner; `token` is for other programs.

    `refresh` is what the owner's browser would keep.
    """

    parts: Parts
    client: AsyncClient
    token: str
    access: str
    refresh: str


@contextlib.asynccontextmanager
async def filling(folder: Path, profile: str) -> AsyncIterator[Filling]:
    """A data folder with an owner and a profile, to be filled further while this is open."""
    settings = Settings(data_dir=folder)
    settings.profiles_folder.mkdir()
    (settings.profiles_folder / "bench.yaml").write_text(profile)
    async with running(settings) as parts:
        owner = await parts.catalog.accounts.add_user("owner", NO_PASSWORD, Role.OWNER, "en")
        doors = parts.doors.authenticator
        session = await doors.open_session(owner, Caller("127.0.0.1", "bench"))
        who = Principal(owner.id, owner.username, owner.role)
        token, _ = await doors.make_token(who, "bench", TokenKind.API, Role.READ_ONLY, None)
        headers = {"Authorization": f"Bearer {session.access_token}"}
        transport = ASGITransport(build_api(parts))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
            yield Filling(parts, client, token, session.access_token, session.refresh_token)


@dataclass(frozen=True, slots=True)
class Served:
    """Where a server is, and what it takes."""

    port: int
    process: int

    @property
    def highest_mb(self) -> float:
        """The most memory that it ever had."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process}/status").read_text())
        assert found is not None
        return int(found[1]) / 1024


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """A server on the folder, which ends with this."""
    command = [sys.executable, "-m", "stripchart", "serve", "--port", "0", "--data-dir", str(folder)]
    command += ["--log-level", "warning"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            lines = (re.search(r"//127\.0\.0\.1:(\d+)", line) for line in process.stdout)
            yield Served(next(int(found[1]) for found in lines if found), process.pid)
        finally:
            process.terminate()
            process.communicate()
