"""The read plan of a configured device, or of whatever answers at an address."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stripchart.catalog.repository import open_catalog
from stripchart.cli.configuration import settings_from
from stripchart.cli.failure import CommandError, with_address
from stripchart.cli.lone_driver import lone_driver
from stripchart.drivers.base import Poll
from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.read_plan import read_plan
from stripchart.model.device import LinkAddress, parse_unit
from stripchart.model.limits import Limits, RoundTrip
from stripchart.model.profile import Profile
from stripchart.model.read_plan import ReadPlan
from stripchart.polling.feasibility import PlannedRead, load_of
from stripchart.profiles.library import ProfileLibrary
from stripchart.profiles.problem import did_you_mean

_PATIENCE_S = 60.0
"""What a cycle may take when somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A device's plan. `problem`: why it may not be the last word."""

    title: str
    profile: Profile
    plan: ReadPlan
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Heard:
    """What polling brought."""

    limits: Limits
    round_trip: RoundTrip | None
    problem: str | None


async def plan_of_device(name: str, data_dir: Path | None) -> Planned:
    """What the catalog knows. Raises CatalogError, CommandError for an unknown name, and what profiles raise."""
    settings = settings_from(data_dir=data_dir)
    if not settings.has_catalog:
        raise CommandError(f"{settings.data_dir}: no catalog here; name the data folder with --data-dir")
    async with open_catalog(settings.catalog_url) as catalog:
        devices = {device.name: device for device in await catalog.devices()}
        if name not in devices:
            raise CommandError(f"there is no device {name!r}; {did_you_mean(name, devices)}")
        await catalog.learned.load()
        device = devices[name]
        limits = catalog.learned.of(device)
    profile = ProfileLibrary(settings.profiles_folder, settings.polling.pacing).get(device.profile)
    return _planned(name, profile, limits, None, device.link)


async def plan_of_address(text: str, profile_key: str, cycles: int, profiles_dir: Path | None) -> Planned:
    """Poll the address until nothing is left to learn, at most so often.

    Raises AddressError, what profiles raise, and CommandError when nothing answers.
    """
    address, unit_id = parse_unit(text)
    profile = ProfileLibrary(profiles_dir).get(profile_key)
    heard = await _learn(address, unit_id, profile, cycles)
    planned = _planned(text, profile, heard.limits, heard.round_trip, address)
    return replace(planned, problem=heard.problem)


async def _learn(address: LinkAddress, unit_id: int, profile: Profile, cycles: int) -> _Heard:
    driver = lone_driver(address, unit_id, profile)
    driver.begin_with(Limits(), lambda _: None, _PATIENCE_S)
    poll: Poll | None = None
    try:
        for cycle in range(cycles):
            poll = await driver.poll(cycle * _every(profile))
            if not poll.blocks_read:
                raise CommandError(with_address(address, poll.error))
            if poll.error is None:
                break
    finally:
        await driver.aclose()
    problem = f"not everything was learned in {cycles} cycles: {poll.error}" if poll and poll.error else None
    return _Heard(driver.limits, driver.round_trip, problem)


def _every(profile: Profile) -> int:
    """A step after which every read group is due."""
    return int(np.lcm.reduce([group.every for group in profile.reads.values()]))


def _planned(title: str, profile: Profile, limits: Limits, trip: RoundTrip | None, link: LinkAddress) -> Planned:
    plan = read_plan(compile_profile(profile), limits, trip)
    reads = [PlannedRead(group.group, tuple(request.block for request in group.requests)) for group in plan.groups]
    load = load_of(title, profile.interval_s, reads, plan.pacing, link)
    return Planned(title, profile, replace(plan, estimated_s=load.longest_s))
