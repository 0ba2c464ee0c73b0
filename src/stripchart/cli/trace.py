"""`stripchart trace`: show what goes over a link of a running server."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

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
    from stripchart.cli.tracing import AskedServer, fault_lines, lines_for_ever
    from stripchart.model.device import parse_link

    asked = AskedServer(server, os.environ.get(_TOKEN_VARIABLE, ""))
    query = {"link": str(parse_link(link))} | ({"fault": str(fault)} if fault else {})
    if follow and (fault or faults or pcap):
        raise CommandError("--follow cannot be combined with --fault, --faults or --pcap")
    if faults:
        _print(fault_lines(asked, query["link"]))
    elif pcap:
        pcap.write_bytes(asked.get("/api/links/trace", query | {"format": "pcap"}))
    elif follow:
        _print(lines_for_ever(asked, query))
    else:
        typer.echo(asked.get("/api/links/trace", query | {"format": "text"}).decode(), nl=False)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def add_to(app: typer.Typer) -> None:
    app.command()(trace)
