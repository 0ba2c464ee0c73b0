"""What the routes are given: the parts that the composition root has built."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from stripchart.api.closing import Closing
from stripchart.api.t3000.options import ApiOptions
from stripchart.auth.doors import Doors
from stripchart.backups.keeper import BackupKeeper
from stripchart.bus.base import BusReport
from stripchart.catalog.repository import Catalog
from stripchart.catalog.roster import Roster
from stripchart.drivers.plan_board import PlanBoard
from stripchart.drivers.probe import Probe
from stripchart.drivers.report import LinkBoard
from stripchart.history.base import Historian
from stripchart.history.on_server import OnServer
from stripchart.live.feed import MetricsFeed
from stripchart.model.device import Device
from stripchart.model.profile import Profile
from stripchart.model.role import Role
from stripchart.model.sample import PointIds, Times
from stripchart.model.time import Clock
from stripchart.notifications.board import NotificationBoard
from stripchart.pipeline.eviction import CacheOptions, Eviction
from stripchart.pipeline.pipeline import Pipeline
from stripchart.polling.collector import Collector
from stripchart.polling.commands import Commands
from stripchart.polling.feasibility import Feasibility
from stripchart.polling.health import HealthBoard
from stripchart.polling.leases import LeaseHealth
from stripchart.polling.live_reads import LiveReads
from stripchart.profiles.library import ProfileLibrary


@dataclass(frozen=True, slots=True)
class DataParts:
    """What keeps values fresh for whoever asks. `kept_from_ms`: from when on samples of points are kept."""

    cache: CacheOptions
    api: ApiOptions
    reads: LiveReads
    collector: Collector
    eviction: Eviction
    kept_from_ms: Callable[[PointIds], Times]


@dataclass(frozen=True, slots=True)
class Parts:
    """The running program, as the API sees it.

    `started_ms` is UTC milliseconds. `changed` puts a change of the catalog into effect: when it returns, the
    changed devices are polled as they are configured now, and the others were not touched. `feasibility` says whether
    a device, saved or not, can be read as often as is wanted beside the others of its link. `probe` reads one value
    of a device now, over the link it is polled over; it raises SetupError.
    `preview` reads the points of the tile of one that is not saved.
    `commands` carries out what operators want; `allow_writes`: whether they may at all.
    `notifications` takes what owner and admins are to be told. `data` keeps values fresh.
    `metrics` gives what devices say now to all who follow.
    `server` is None while the history is in files of our own, `bus` while there is no Redis. `sharing`: who
    polls the plant, where several processes do.
    """

    catalog: Catalog
    roster: Roster
    profiles: ProfileLibrary
    historian: Historian
    pipeline: Pipeline
    supervisor: HealthBoard
    clock: Clock
    started_ms: int
    changed: Callable[[], Awaitable[None]]
    feasibility: Callable[[Device, Profile], Feasibility]
    probe: Callable[[Device], Awaitable[Probe]]
    preview: Callable[[Device, Profile], Awaitable[list[Probe]]]
    doors: Doors
    links: LinkBoard
    plans: PlanBoard
    commands: Commands
    allow_writes: bool
    backups: BackupKeeper
    notifications: NotificationBoard
    data: DataParts
    metrics: MetricsFeed
    server: OnServer | None = None
    role: Role = Role.ALL
    sharing: Callable[[], LeaseHealth | None] = lambda: None
    bus: Callable[[], BusReport] | None = None
    closing: Closing = field(default_factory=Closing)


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


Running = Annotated[Parts, Depends(_parts)]
"""The parts, as a route's parameter."""
