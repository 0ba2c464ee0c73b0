"""`stripchart demo`: a simulated plant, polled, recorded and shown live, in one go."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from stripchart.api.parts import Parts
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite
from stripchart.catalog.repository import Catalog
from stripchart.cli.logs import configure_logs
from stripchart.cli.options import Host, LogLevel, Port, settings_from
from stripchart.cli.server import serve
from stripchart.cli.typed import answer_typed_commands
from stripchart.model.device import DeviceStatus, LinkAddress, SiteId
from stripchart.settings import Settings
from stripchart.simulator.plant import DEMO_SPEED, Plant, running_plant

_HOST = "127.0.0.1"

DemoDataDir = Annotated[Path, typer.Option(file_okay=False, help="Folder for the demo's catalog and history.")]
Speed = Annotated[float, typer.Option(min=0.1, max=1000, help="Plant seconds in a real one.")]


def demo(
    host: Host = None,
    port: Port = None,
    data_dir: DemoDataDir = Path(".stripchart-demo"),
    speed: Speed = DEMO_SPEED,
    log_level: LogLevel = "warning",
) -> None:
    """Show Stripchart at work: two power houses, a switchboard, a building, sensors, a meter and an inverter.

    The plant is simulated on real Modbus ports of this machine, and polled like any other. What it records is kept
    in the data folder, so that the next demo still has it; delete the folder to start afresh.
    """
    settings = settings_from(host=host, port=port, data_dir=data_dir, log_level=log_level)
    configure_logs(settings.log_level)
    uvloop.run(_demo(settings, speed))


async def _demo(settings: Settings, speed: float) -> None:
    console = Console(highlight=False)
    started_s = time.monotonic()
    async with running_plant(speed=speed, host=_HOST) as running:

        async def announce(parts: Parts) -> None:
            console.print(f"Stripchart shows the demo plant at [bold]http://{settings.host}:{settings.port}[/]")
            await _register(running.plant, parts)
            await _until_live(parts)
            console.print(_summary(parts, settings, time.monotonic() - started_s), style="dim")
            await answer_typed_commands(running.console, console)

        await serve(settings, announce)


def _summary(parts: Parts, settings: Settings, seconds: float) -> str:
    entries = parts.roster.all()
    points = sum(len(entry.points) for entry in entries)
    return (
        f"{len(entries)} devices with {points} points are live after {seconds:.1f} s; data in "
        f"{settings.data_dir.resolve()}\ntype help to meddle with the plant (fault G1 mute); Ctrl-C stops everything"
    )


async def _register(plant: Plant, parts: Parts) -> None:
    """Put the plant's sites and devices into the catalog; those it has are only brought up to date."""
    catalog = parts.catalog
    sites = await _sites(plant, catalog)
    known = {device.name: device for device in await catalog.devices()}
    for link in plant.links:
        address = LinkAddress(link.framing, host=_HOST, port=link.port)
        for device in link.devices:
            if device.name in known:
                await catalog.update_device(known[device.name].id, DeviceChange(link=address, unit_id=device.unit_id))
                continue
            await catalog.add_device(
                NewDevice(
                    site_id=sites[device.site],
                    name=device.name,
                    link=address,
                    unit_id=device.unit_id,
                    profile=device.profile,
                    interval_s=device.interval_s,
                )
            )
    await parts.changed()


async def _sites(plant: Plant, catalog: Catalog) -> dict[str, SiteId]:
    ids = {site.code: site.id for site in await catalog.sites()}
    for site in plant.sites:
        if site.code not in ids:
            ids[site.code] = (await catalog.add_site(NewSite(code=site.code, name=site.name))).id
    return ids


async def _until_live(parts: Parts) -> None:
    """Wait until every device has answered."""
    healths = [parts.supervisor.health(entry.device.id) for entry in parts.roster.all()]
    while not all(health and health.status is DeviceStatus.ONLINE for health in healths):
        await asyncio.sleep(0.05)
        healths = [parts.supervisor.health(entry.device.id) for entry in parts.roster.all()]


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
