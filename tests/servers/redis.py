"""A Redis of the tests' own: on a free port of 127.0.0.1, in a temporary folder, gone when the tests end."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.postgres import free_port

_STARTS_WITHIN_S = 30.0
_STOPS_WITHIN_S = 10.0


class RedisServer:
    """A server that can be stopped, killed, held and started again on the same port; what it had is gone then."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stripchart-redis-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers. It ends with the thread that calls this: not in a worker thread."""
        binary = shutil.which("redis-server")
        assert binary, "Redis is missing; `make test` installs it"
        options = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "dir": str(self.folder)}
        given = [part for name, value in options.items() for part in (f"--{name}", value)]
        with (self.folder / "log").open("ab") as log:
            command = ["setpriv", "--pdeathsig", "TERM", binary, *given]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """SIGTERM ends it in good order, SIGKILL as a crash does."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_STOPS_WITHIN_S)
            self._process = None

    def hold(self) -> None:
        """It takes connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def let_go(self) -> None:
        """It answers again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        ends_s = time.monotonic() + _STARTS_WITHIN_S
        while not self._answers():
            assert time.monotonic() < ends_s, (self.folder / "log").read_text()
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(5) == b"+PONG"
        except OSError:
            return False
