"""`stripchart discover`: which T3 panels are on the network."""

from typing import TYPE_CHECKING, Annotated

import typer

from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from stripchart.drivers.discovery import Discovery, DiscoveryOptions
    from stripchart.wire.t3_discovery import Announcement

    SubUnits = Mapping[int, str]

Address = Annotated[str, typer.Argument(help="Broadcast address of a network, or the address of one panel.")]
Port = Annotated[int, typer.Option(min=1, max=65_535, help="UDP port that panels listen on.")]
Wait = Annotated[float, typer.Option(min=0.1, max=60, help="How long to wait for replies, in seconds.")]
SubDevices = Annotated[
    bool, typer.Option("--sub-devices", help="Also ask each panel for the units on its RS-485 line, over Modbus TCP.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object per panel, one per line.")]


def discover(
    address: Address = "255.255.255.255",
    port: Port = 1234,
    wait: Wait = 3.0,
    sub_devices: SubDevices = False,
    json: Json = False,
) -> None:
    """Find Temco T3 panels on the network: serial number, product and the address to read each one at.

    [bold]Examples[/]
      stripchart discover
      stripchart discover 192.168.1.255 --sub-devices
    """
    import dataclasses

    import orjson
    import uvloop

    from stripchart.cli.failure import CommandError
    from stripchart.drivers.discovery import DiscoveryError, DiscoveryOptions

    try:
        found, behind = uvloop.run(_found(DiscoveryOptions(address, port, wait), sub_devices=sub_devices))
    except DiscoveryError as error:
        raise CommandError(str(error)) from error
    if json:
        for said in found.panels:
            extra = {"sub_units": behind[said.serial]} if said.serial in behind else {}
            typer.echo(orjson.dumps(dataclasses.asdict(said) | extra).decode())
        return
    if not found.panels:
        raise CommandError(f"no panel replied at {address} within {wait:g} s")
    output().print(_as_table(found, behind))


async def _found(options: "DiscoveryOptions", *, sub_devices: bool) -> "tuple[Discovery, SubUnits]":
    import asyncio

    from stripchart.drivers.discovery import discover as look_around

    found = await look_around(options)
    readable = [said for said in found.panels if sub_devices and not said.needs_firmware]
    units = await asyncio.gather(*map(_units_behind, readable))
    return found, {said.serial: text for said, text in zip(readable, units, strict=True)}


async def _units_behind(said: "Announcement") -> str:
    """The units on the panel's line, or why they are not known."""
    from stripchart.drivers.base import DriverError
    from stripchart.drivers.modbus.opening import open_link
    from stripchart.drivers.modbus.sub_units import sub_units
    from stripchart.model.device import Framing, LinkAddress

    link = open_link(LinkAddress(Framing.TCP, host=said.host, port=said.port))
    try:
        return " ".join(map(str, await sub_units(link, said.unit_id))) or "none"
    except DriverError as error:
        return str(error)
    finally:
        await link.aclose()


def _as_table(found: "Discovery", behind: "SubUnits") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    columns = ["serial", "name", "product", "firmware", "panel", "read it at"] + ["behind it"] * bool(behind)
    table = Table(*columns)
    for said in found.panels:
        where = "waits for firmware" if said.needs_firmware else f"tcp://{said.host}:{said.port}/{said.unit_id}"
        cells = [
            str(said.serial),
            said.name,
            str(said.product_id),
            f"{said.firmware:g}",
            str(said.panel_number),
            where,
        ]
        cells += [behind.get(said.serial, "")] * bool(behind)
        table.add_row(*map(escape, cells))
    return table


def add_to(app: typer.Typer) -> None:
    app.command()(discover)
