"""The overview of a thousand devices, whose values all move every second, and a screen on the wall, in Chromium."""

from pathlib import Path

from bench.browser import figure_of_frames, in_chromium
from bench.plants import served_ports
from bench.report import figure, head
from bench.served import filling, serving
from bench.storing import temporary_folder
from stripchart.catalog.records import NewDevice, NewSite
from stripchart.model.device import parse_link

_DEVICES = 1000
_SHOWN = 6
_WALL_S, _WALL_LONG_S = 120, 3600


async def measure(*, long: bool) -> None:
    seconds = _WALL_LONG_S if long else _WALL_S
    head(f"The overview of {_DEVICES} devices in Chromium, each with {_SHOWN} values that move every second")
    with temporary_folder() as folder:
        async with served_ports("bench.plant", _DEVICES) as ports:
            token = await _filled(folder, ports)
            with serving(folder) as served:
                origin = f"http://127.0.0.1:{served.port}"
                found = await in_chromium("measure-fleet.mjs", origin, str(seconds), token=token, lasts_s=seconds)
    figure("first value on the screen", f"{found['open_ms']:.0f} ms", "< 1,500 ms", f"{found['tiles']} tiles")
    figure("main thread, for a second of updates", f"{found['busy_ms']:.0f} ms")
    figure_of_frames("values coming in", found["still"])
    figure_of_frames("scrolled meanwhile", found["scrolled"])
    for name, unit in (("heap_mb", "MB"), ("nodes", "elements and texts"), ("listeners", "listeners")):
        figure(f"wall over {seconds} s: {unit}", " ".join(f"{each[name]:.4g}" for each in found["wall"]), "no growth")


def _profile() -> str:
    points = "\n".join(
        f"  - {{key: p{number}, name: Point {number}, address: {number}, type: uint16}}" for number in range(_SHOWN)
    )
    shown = ", ".join(f"p{number}" for number in range(_SHOWN))
    return (
        f"profile: bench\nname: {{en: Bench}}\nkind: bench\ngroups: {{values: Values}}\noverview: [{shown}]\n"
        f"points:\n{points}\n"
    )


async def _filled(folder: Path, ports: list[int]) -> str:
    """A data folder with a device for each port; the refresh token of its owner."""
    async with filling(folder, _profile()) as filled:
        catalog = filled.parts.catalog
        site = await catalog.add_site(NewSite(code="big", name="Large plant"))
        for number, port in enumerate(ports):
            link = parse_link(f"tcp://127.0.0.1:{port}")
            new = NewDevice(
                site_id=site.id, name=f"Device {number}", link=link, unit_id=1, profile="bench", interval_s=1
            )
            await catalog.add_device(new)
        return filled.refresh
