"""`stripchart trace`: show what goes over a link of a running server."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

Link = Annotated[str, typer.Argument(metavar="LINK", help="Address of the link, such as tcp://192.168.1.10:502")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new frames until Ctrl-C.")]
FaultNumber = Annotated[
    int | None, typer.Option("--fault", min=1, help="Only the frames around this fault; --faults lists the numbers.")
]
Faults = Annotated[bool, typer.Option("--faults", help="List the last faults instead of frames.")]
Pcap = Annotated[Path | None, typer.Option(dir_okay=False, help="Write the frames to a file for Wireshark instead.")]
ServerUrl = Annotated[str, typer.Option("--server", envvar="STRIPCHART_SERVER", help="Address of the server.")]
_TOKEN_VARIABLE = "STRIPCHART_TOKEN"  # noqa: S105 - its name

_LOOK_EVERY_S = 0.5
_ANSWER_LIMIT_S = 30


def trace(
    link: Link,
    follow: Follow = False,
    fault: FaultNumber = None,
    faults: Faults = False,
    pcap: Pcap = None,
    server: ServerUrl = "http://127.0.0.1:8080",
) -> None:
    """Show the raw Modbus frames of a link: time, direction, bytes and meaning.

    A running server keeps the last frames of each link, and those around its last faults. -> is sent, <- received. \
Put an API token into the environment variable STRIPCHART_TOKEN.

    [bold]Examples[/]
      stripchart trace tcp://192.168.1.10:502 --follow
      stripchart trace rtu_over_tcp://10.0.0.7:26 --faults
      stripchart trace rtu_over_tcp://10.0.0.7:26 --fault 3 --pcap fault3.pcap
    """
    from stripchart.cli.failure import CommandError
    from stripchart.model.device import parse_link

    asked = _Api(server, os.environ.get(_TOKEN_VARIABLE, ""))
    query = {"link": str(parse_link(link))} | ({"fault": str(fault)} if fault else {})
    if follow and (fault or faults or pcap):
        raise CommandError("--follow cannot be combined with --fault, --faults or --pcap")
    if faults:
        _print(_fault_lines(asked, query["link"]))
    elif pcap:
        pcap.write_bytes(asked.get("/api/links/trace", query | {"format": "pcap"}))
    elif follow:
        _print(_lines_for_ever(asked, query))
    else:
        typer.echo(asked.get("/api/links/trace", query | {"format": "text"}).decode(), nl=False)


class _Api:
    """A running server."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address.rstrip("/"), token

    def get(self, path: str, query: Mapping[str, str]) -> bytes:
        """Raises CommandError with what the server said, or why it cannot be asked."""
        from stripchart.cli.failure import CommandError

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


def _fault_lines(asked: _Api, link: str) -> Iterator[str]:
    from stripchart.cli.failure import CommandError

    shown = next((each for each in asked.json("/api/links", {}) if each["link"] == link), None)
    if shown is None:
        raise CommandError(f"no device is polled over {link}")
    for fault in shown["faults"]:
        yield f"{fault['number']:>4}  {fault['at']}  {fault['kind']:<10} {fault['reason']}"


def _lines_for_ever(asked: _Api, query: Mapping[str, str]) -> Iterator[str]:
    after_ns = "0"
    while True:
        for frame in asked.json("/api/links/trace", {**query, "after_ns": after_ns}):
            after_ns = frame["at_ns"]
            yield f"{frame['at']} {'->' if frame['sent'] else '<-'} {frame['bytes']}  {frame['meaning']}".rstrip()
        time.sleep(_LOOK_EVERY_S)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def add_to(app: typer.Typer) -> None:
    app.command()(trace)
