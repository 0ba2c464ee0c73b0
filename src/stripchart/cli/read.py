"""`stripchart read`: read a device once and show what it says."""

from typing import TYPE_CHECKING, Annotated

import typer

from stripchart.cli.options import Languages, ProfilesDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from stripchart.drivers.base import Poll
    from stripchart.model.device import LinkAddress
    from stripchart.model.profile import Profile

Address = Annotated[str, typer.Argument(help="Address of the device: FRAMING://HOST:PORT/UNIT", show_default=False)]
ProfileKey = Annotated[str, typer.Option(help="Profile of the device; `stripchart profiles list` shows them.")]
Points = Annotated[
    list[str] | None, typer.Option(help="Show only this point (its key); may be repeated. \\[default: all]")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object per point, one per line.")]


def read(
    address: Address,
    profile: ProfileKey,
    point: Points = None,
    json: Json = False,
    language: Languages = "en",
    profiles_dir: ProfilesDir = None,
) -> None:
    """Read a device once and print its values with unit and quality. Needs no server, records nothing.

    FRAMING is tcp (Modbus TCP), rtu_over_tcp (transparent serial converter), udp, tls, or rtu or ascii for a serial \
port of this machine. HOST is a name or an IP address; PORT defaults to 502 (802 for tls). UNIT is 1 to 255, on a \
serial bus 1 to 247.

    [bold]Examples[/]
      stripchart read tcp://192.168.1.10/1 --profile eastron-sdm630
      stripchart read tcp://127.0.0.1:15021/1 --profile smartgen-hgm9520n --point gen_uab --point engine_speed
      stripchart read rtu_over_tcp://10.0.0.7:26/3 --profile smartgen-hgm9560 --json
      stripchart read "rtu:///dev/ttyUSB0/1?baudrate=19200&parity=E" --profile eastron-sdm630
    """
    import uvloop

    from stripchart.cli.failure import CommandError, with_address
    from stripchart.cli.logs import configure_logs
    from stripchart.cli.reading import as_json, as_table, readings_of
    from stripchart.model.device import parse_unit
    from stripchart.model.point import text_in
    from stripchart.profiles.library import ProfileLibrary
    from stripchart.profiles.problem import did_you_mean

    configure_logs("error")
    link, unit_id = parse_unit(address)
    chosen = ProfileLibrary(profiles_dir).get(profile)
    keys = [each.key for each in chosen.points]
    for key in point or ():
        if key not in keys:
            raise CommandError(f"profile {profile} has no point {key!r}; {did_you_mean(key, keys)}")
    poll = uvloop.run(_poll_once(link, unit_id, chosen))
    if not poll.blocks_read:
        raise CommandError(with_address(link, poll.error))
    readings = [reading for reading in readings_of(chosen, poll) if not point or reading.point.key in point]
    if json:
        for line in as_json(readings, language):
            typer.echo(line)
    else:
        output().print(as_table(readings, text_in(chosen.name, language), language))
    if poll.error:
        raise CommandError(f"not everything could be read: {with_address(link, poll.error)}")


async def _poll_once(address: "LinkAddress", unit_id: int, profile: "Profile") -> "Poll":
    from stripchart.cli.lone_driver import lone_driver

    driver = lone_driver(address, unit_id, profile)
    try:
        return await driver.poll(0)
    finally:
        await driver.aclose()


def add_to(app: typer.Typer) -> None:
    app.command()(read)
