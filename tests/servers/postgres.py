"""A PostgreSQL of the tests' own: on a free port of 127.0.0.1, in a temporary folder, gone when the tests end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

_USER = "stripchart"
_STARTS_WITHIN_S = 60.0
_STOPS_WITHIN_S = 30.0
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "listen_addresses": "127.0.0.1",
}
"""A process that is killed loses nothing without fsync: what it wrote is with the system."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A server that can be stopped, killed and started again on the same port."""

    def __init__(self, settings: Mapping[str, str] | None = None, parent: Path | None = None) -> None:
        """`settings` go before those of tests; `parent`: the folder of its folder."""
        self.folder = Path(tempfile.mkdtemp(prefix="stripchart-postgres-", dir=parent))
        self._settings = {**_SETTINGS, **(settings or {})}
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user = _as_plain_user(self.folder)
        self._data = self.folder / "data"
        made = ("-D", self._data, "-A", "trust", "-U", _USER, "-E", "UTF8", "--locale=C", "--no-sync")
        self._run("initdb", *map(str, made))

    def url(self, database: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it answers. It ends with the thread that calls this: not in a worker thread."""
        settings = {**self._settings, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self.folder / "log").open("ab")
        command = [*self._as_user, str(_binary("postgres")), "-D", str(self._data), *options]
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends what is under way, SIGQUIT kills all of it at once as a crash does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_STOPS_WITHIN_S)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def make_database(self, name: str) -> str:
        """A new, empty database; its address."""
        self._run("createdb", *self._reached, name)
        return self.url(name)

    @property
    def _reached(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", _USER]

    def _wait(self) -> None:
        ends_s = time.monotonic() + _STARTS_WITHIN_S
        while subprocess.run([_binary("pg_isready"), "-q", *self._reached], check=False).returncode:
            assert time.monotonic() < ends_s, (self.folder / "log").read_text()
            time.sleep(0.05)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(_binary(program)), *arguments]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, timeout=_STARTS_WITHIN_S, check=False)
        assert done.returncode == 0, done.stderr.decode()


def _as_plain_user(folder: Path) -> list[str]:
    """What goes before a command that root must not run; the folder is given to the one who may. It ends with us."""
    ends_with_us = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return ends_with_us
    user = next(entry for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"})
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [*ends_with_us, "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]


def _binary(name: str) -> Path:
    """The newest one that Debian has installed, or that of the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = installed[-1] if installed else shutil.which(name)
    assert found, "PostgreSQL is missing; `make test` installs it"
    return Path(found)
