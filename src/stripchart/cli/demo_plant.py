"""The demo's plant: put into the catalog, shown, and meddled with."""

import asyncio
import time
from dataclasses import dataclass

from stripchart.api.parts import Parts
from stripchart.auth.passwords import NO_PASSWORD
from stripchart.catalog.accounts import Accounts
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite
from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import RosterEntry
from stripchart.cli.demo_past import DemoPast
from stripchart.cli.failure import CommandError
from stripchart.cli.interrupt import Interrupts
from stripchart.cli.server import serve
from stripchart.cli.terminal import output
from stripchart.cli.typed import answer_typed_commands
from stripchart.model.account import Role, User
from stripchart.model.device import DeviceStatus, LinkAddress, SiteId
from stripchart.settings import Settings
from stripchart.simulator.plant import Plant
from stripchart.simulator.running import running_plant

_HOST = "127.0.0.1"
_OWNER = "demo"
_MARKER = "made-by-stripchart-demo"
_PATIENCE_S = 10.0
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class PlantOptions:
    """`port`: the plant's first one. `speed`: plant seconds in a real one. `history_days`: how long its past is."""

    port: int
    speed: float
    history_days: int


async def show_plant(settings: Settings, interrupts: Interrupts, options: PlantOptions) -> None:
    """Run the plant and all of Stripchart beside it until interrupted. Raises what either cannot do."""
    console = output()
    started_s = time.monotonic()
    is_new = claim_folder(settings)
    past = DemoPast(settings.data_dir, options.history_days, is_new=is_new, now_ms=round(time.time() * 1000))

    def tell(text: str) -> None:
        console.print(text, style="dim", soft_wrap=True, markup=False)

    async with running_plant(
        speed=options.speed, host=_HOST, base_port=options.port, library=past.library, day=past.day
    ) as running:

        async def announce(parts: Parts, url: str) -> None:
            secret = parts.doors.link.open_for(await _owner(parts.catalog.accounts))
            console.print(f"demo plant: [bold]{url}/welcome#{secret}[/]", soft_wrap=True)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(answer_typed_commands(running.console, console))
                waiting = await _until_live(parts)
                seconds = time.monotonic() - started_s
                tell(_summary(parts, settings, waiting, seconds))
                await past.write(parts.historian, parts.roster.all(), tell)

        await serve(settings, interrupts, announce, prepare=lambda catalog: _register(running.plant, catalog))


def claim_folder(settings: Settings) -> bool:
    """Mark the data folder as the demo's; whether it is a new one. Raises CommandError when it holds another plant.

    The demo points devices named like its own at the simulator; in a real catalog that would be a disaster.
    """
    marker = settings.data_dir / _MARKER
    is_new = not settings.catalog_file.exists()
    if not is_new and not marker.exists():
        raise CommandError(
            f"{settings.data_dir} holds a catalog that is not the demo's; choose another folder with --data-dir"
        )
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        marker.touch()
    except OSError as error:
        raise CommandError(f"{settings.data_dir} cannot be used as the data folder: {error.strerror}") from error
    return is_new


def _summary(parts: Parts, settings: Settings, waiting: list[RosterEntry], seconds: float) -> str:
    entries = [entry for entry in parts.roster.all() if entry.device.enabled]
    points = sum(len(entry.points) for entry in entries)
    silent = f"; no reply yet from {', '.join(entry.device.name for entry in waiting)}" if waiting else ""
    return (
        f"{len(entries) - len(waiting)} of {len(entries)} devices with {points} points are live after {seconds:.1f} s"
        f"{silent}\ndata in {settings.data_dir.resolve()}\n"
        "type a command to disturb the plant, such as fault G1 mute, or help; Ctrl-C stops everything"
    )


async def _register(plant: Plant, catalog: Catalog) -> None:
    """Put the plant's sites and devices into the catalog; those it has are only brought up to date."""
    sites = await _sites(plant, catalog)
    known = {device.name.casefold(): device for device in await catalog.devices()}
    for link in plant.links:
        address = LinkAddress(link.framing, host=_HOST, port=link.port)
        for device in link.devices:
            old = known.get(device.name.casefold())
            if old is not None:
                await catalog.update_device(old.id, DeviceChange(link=address, unit_id=device.unit_id))
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


async def _owner(accounts: Accounts) -> User:
    """The demo's owner has no password: the link that the demo prints signs in."""
    owners = [user for user in await accounts.users() if user.role is Role.OWNER]
    return owners[0] if owners else await accounts.add_user(_OWNER, NO_PASSWORD, Role.OWNER, "en")


async def _sites(plant: Plant, catalog: Catalog) -> dict[str, SiteId]:
    ids = {site.code.casefold(): site.id for site in await catalog.sites()}
    for site in plant.sites:
        if site.code.casefold() not in ids:
            ids[site.code.casefold()] = (await catalog.add_site(NewSite(code=site.code, name=site.name))).id
    return {site.code: ids[site.code.casefold()] for site in plant.sites}


async def _until_live(parts: Parts) -> list[RosterEntry]:
    """Wait until every device has answered, but not for ever; those that have not."""
    for _ in range(round(_PATIENCE_S / _LOOK_EVERY_S)):
        if not _not_live(parts):
            break
        await asyncio.sleep(_LOOK_EVERY_S)
    return _not_live(parts)


def _not_live(parts: Parts) -> list[RosterEntry]:
    healths = [(entry, parts.supervisor.health(entry.device.id)) for entry in parts.roster.all()]
    return [entry for entry, health in healths if health and health.status is not DeviceStatus.ONLINE]
