"""`stripchart read`: read a device once and show what it says."""

from typing import Annotated

import numpy as np
import typer
import uvloop
from rich.console import Console
from rich.table import Table

from stripchart.cli.failure import CommandError
from stripchart.cli.options import ProfilesDir
from stripchart.cli.wording import shown_value
from stripchart.drivers.base import Poll
from stripchart.drivers.modbus.driver import ModbusDriver, compile_profile
from stripchart.drivers.modbus.links import Links
from stripchart.model.device import LinkAddress, parse_unit
from stripchart.model.point import Point, text_in
from stripchart.model.profile import Profile
from stripchart.model.quality import Level, Quality
from stripchart.model.sample import PointId
from stripchart.model.time import SystemClock
from stripchart.profiles.library import ProfileLibrary

_COLOURS = {Level.GOOD: "green", Level.UNCERTAIN: "yellow", Level.BAD: "red"}


def read(
    address: Annotated[
        str, typer.Argument(help="framing://host:port/unit, as in tcp://192.168.1.10:502/1", show_default=False)
    ],
    profile: Annotated[str, typer.Option(help="What the device is; `stripchart profiles list` names them.")],
    point: Annotated[list[str] | None, typer.Option(help="Show only this point; may be repeated.")] = None,
    language: Annotated[str, typer.Option(help="Language of the names: en, zh or ru.")] = "en",
    profiles_dir: ProfilesDir = None,
) -> None:
    """Read a device once: a table of values, units and quality.

    Examples: [bold]stripchart read tcp://127.0.0.1:15021/1 --profile smartgen-hgm9520n[/]
    [bold]stripchart read rtu_over_tcp://10.0.0.7:26/3 --profile smartgen-hgm9560 --point mains_total_p[/]
    """
    link, unit_id = parse_unit(address)
    chosen = ProfileLibrary(profiles_dir).get(profile)
    unknown = set(point or ()) - {each.key for each in chosen.points}
    if unknown:
        raise CommandError(f"profile {profile} has no point {min(unknown)!r}; `stripchart profiles show {profile}`")
    poll = uvloop.run(_poll_once(link, unit_id, chosen))
    if not poll.blocks_read:
        raise CommandError(f"{address}: {poll.error}")
    Console().print(_table(chosen, poll, set(point or ()), language))
    if poll.error:
        raise CommandError(f"{address}: not everything could be read: {poll.error}")


async def _poll_once(address: LinkAddress, unit_id: int, profile: Profile) -> Poll:
    links = Links()
    places = np.arange(len(profile.points), dtype=np.int32)
    driver = ModbusDriver(
        links.acquire(address),
        unit_id,
        compile_profile(profile),
        places,
        clock=SystemClock(),
        release=lambda: links.release(address),
    )
    try:
        return await driver.poll(0)
    finally:
        await driver.aclose()


def _table(profile: Profile, poll: Poll, only: set[str], language: str) -> Table:
    table = Table("point", "name", "value", "unit", "quality", "address", title=text_in(profile.name, language))
    table.columns[2].justify = "right"
    samples = poll.samples
    rows = zip(samples.point_id.tolist(), samples.value.tolist(), samples.quality.tolist(), strict=True)
    found: dict[int, tuple[str, Quality]] = {
        place: (shown_value(profile.points[place], value, language), Quality(code)) for place, value, code in rows
    }
    found |= {place: (text, Quality.GOOD) for place, (_, text) in samples.texts.items()}
    for place, each in enumerate(profile.points):
        if not only or each.key in only:
            text, quality = found.get(PointId(place), ("", Quality.BAD_NO_DATA))
            table.add_row(each.key, text_in(each.name, language), text, each.unit, _quality(quality), _address(each))
    return table


def _quality(quality: Quality) -> str:
    words = f"{quality.level}" + (f" ({quality.reason})" if quality.reason else "")
    return f"[{_COLOURS[quality.level]}]{words}[/]"


def _address(point: Point) -> str:
    return f"{point.table} {point.address} / {point.reference}"


def add_to(app: typer.Typer) -> None:
    app.command()(read)
