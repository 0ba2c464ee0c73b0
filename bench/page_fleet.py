"""The overview of a thousand devices, whose values all move every second, and a screen on the wall, in Chromium."""

from pathlib import Path
from typing import Any

from bench.browser import figure_of_frames, in_chromium
from bench.plants import served_ports
from bench.report import figure, head
from bench.served import filling, serving
from bench.storing import temporary_folder
from stripchart.catalog.records import NewDevice, NewSite
from stripchart.model.device import parse_link

_DEVICES = 1000
_SHOWN = 6
_FRAMES_S = 8
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
    _figure_of_tasks("first value on the screen", f"{found['open']['open_ms']:.0f} ms", "< 1,500 ms", found["open"])
    for what, seen in (("values coming in", found["still"]), ("scrolled meanwhile", found["scrolled"])):
        figure_of_frames(what, seen)
        each_ms = seen["tasks"]["all_ms"] / (seen["fps"] * _FRAMES_S)
        _figure_of_tasks("  main thread, for each frame", f"{each_ms:.1f} ms", "< 16.7 ms", seen)
    for name, unit in (("heap_mb", "MB"), ("nodes", "elements and texts"), ("listeners", "listeners")):
        figure(f"wall over {seconds} s: {unit}", " ".join(f"{each[name]:.4g}" for each in found["wall"]), "no growth")


def _figure_of_tasks(what: str, measured: str, goal: str, seen: dict[str, Any]) -> None:
    """Milliseconds of a processor: they say the same on a machine that is busy with other things."""
    tasks = seen["tasks"]
    figure(what, measured, goal)
    figure("  tasks over 50 ms of a processor", f"{tasks['over']}", "0", f"longest {tasks['longest_ms']:.0f} ms")


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
