"""Frames and faults of a link, asked of a running server."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from stripchart.cli.failure import CommandError

_LOOK_EVERY_S = 0.5
_ANSWER_LIMIT_S = 30


class AskedServer:
    """A running server."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address.rstrip("/"), token

    def get(self, path: str, query: Mapping[str, str]) -> bytes:
        """Raises CommandError with what the server said, or why it cannot be asked."""
        if not self._address.startswith(("http://", "https://")):
            raise CommandError(f"--server {self._address}: an address begins with http:// or https://")
        head = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        request = urllib.request.Request(f"{self._address}{path}?{urlencode(query)}", headers=head)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_LIMIT_S) as answer:  # noqa: S310
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise CommandError(_reason(error)) from None
        except OSError as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            raise CommandError(f"no server answers at {self._address} ({reason}); --server names another") from None

    def json(self, path: str, query: Mapping[str, str]) -> Any:
        return json.loads(self.get(path, query))


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {error.code} {error.reason}"


def fault_lines(asked: AskedServer, link: str) -> Iterator[str]:
    """The last faults of the link, a line each. Raises CommandError."""
    shown = next((each for each in asked.json("/api/links", {}) if each["link"] == link), None)
    if shown is None:
        raise CommandError(f"no device is polled over {link}")
    for fault in shown["faults"]:
        yield f"{fault['number']:>4}  {fault['at']}  {fault['kind']:<10} {fault['reason']}"


def lines_for_ever(asked: AskedServer, query: Mapping[str, str]) -> Iterator[str]:
    """The frames there are, a line each, and then those that come. Raises CommandError."""
    after_ns = "0"
    while True:
        for frame in asked.json("/api/links/trace", {**query, "after_ns": after_ns}):
            after_ns = frame["at_ns"]
            yield f"{frame['at']} {'->' if frame['sent'] else '<-'} {frame['bytes']}  {frame['meaning']}".rstrip()
        time.sleep(_LOOK_EVERY_S)
