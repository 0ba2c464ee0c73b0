"""What is polled: the catalog and the profiles as they are now, put into effect."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from stripchart.catalog.roster import RosterEntry
from stripchart.model.alarm import Thresholds
from stripchart.model.device import Device, DeviceId
from stripchart.model.point import RecordRule
from stripchart.model.profile import Profile
from stripchart.pipeline.pipeline import Pipeline
from stripchart.polling.feasibility import Feasibility, judge
from stripchart.polling.leases import CHORES
from stripchart.polling.supervisor import Job, Supervisor
from stripchart.runtime.chores import Chores
from stripchart.runtime.drivers import DriverFactory
from stripchart.runtime.handover import Handover
from stripchart.runtime.keeping import Keeping
from stripchart.runtime.sharing import Sharing

_STALE_AFTER_PERIODS = 3
_STALE_AFTER_AT_LEAST_S = 5.0


@dataclass(frozen=True, slots=True)
class Hands:
    """What is this process's to do of the plant, how it takes over from others, and the chores."""

    sharing: Sharing
    handover: Handover
    chores: Chores


class Plant:
    """Puts changes of the catalog and of profiles into effect, one after another."""

    def __init__(
        self, drivers: DriverFactory, pipeline: Pipeline, supervisor: Supervisor, keeping: Keeping, hands: Hands
    ) -> None:
        self.roster = hands.handover.roster
        self._keeping = keeping
        self._drivers = drivers
        self._pipeline = pipeline
        self._supervisor = supervisor
        self._sharing, self._handover, self._chores = hands.sharing, hands.handover, hands.chores
        self._held: frozenset[str] = frozenset()
        self._declared: dict[DeviceId, tuple[Profile | None, float, Mapping[str, RecordRule]]] = {}
        self._watched: dict[DeviceId, tuple[Profile | None, Mapping[str, Thresholds]]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def refresh(self) -> None:
        """Poll the devices as they are configured now."""
        async with self._one_at_a_time:
            await self.roster.refresh()
            entries = self.roster.all()
            self._drivers.know({entry.device.id: entry for entry in entries})
            self._drivers.links.configure(self.roster.link_options)
            self._keeping.levels.know(entries)
            for entry in entries:
                self._declare(entry)
                self._watch(entry)
            await self._keeping.refresh(entries)
            self._sharing.want(entries)
            await self._poll()

    async def hold(self, names: frozenset[str]) -> None:
        """Poll the links of these names alone, and do the chores when they are among them.

        Others may have what was held before once this returns: its reads have ended.
        """
        gone, new = self._of(self._held - names), self._of(names - self._held)
        if gone and self._sharing.holds_all(self._held - names):
            await self._handover.write_down()
        self._sharing.take_up(names & self._held)
        self._held = names
        await self._poll()
        self._handover.let_go(gone)
        if new and self._sharing.leases is not None:
            await self._handover.take_up(new)
            for entry in new:
                self._pipeline.watch(entry.point_ids, _thresholds(entry))
        self._sharing.take_up(names)
        await self._poll()
        await self._chores.turn(on=CHORES in names)

    async def _poll(self) -> None:
        """The supervisor looks at the devices when it is its turn: what is current then is what counts."""
        await self._supervisor.apply(
            Job(entry.device, entry.profile) for entry in self.roster.all() if self._sharing.polls(entry.device.link)
        )

    def _of(self, names: frozenset[str]) -> list[RosterEntry]:
        """The devices of these links that have points."""
        return [entry for entry in self.roster.all() if entry.profile and entry.device.link.end in names]

    def feasibility(self, device: Device, profile: Profile) -> Feasibility:
        """Whether the device can be read as often as is wanted beside the others that are polled over its link."""
        others = [
            self._drivers.load(entry.device, entry.profile)
            for entry in self.roster.all()
            if entry.profile is not None
            and entry.device.enabled
            and entry.device.link == device.link
            and entry.device.id != device.id
        ]
        return judge(self._drivers.load(device, profile), device.link, others)

    def _declare(self, entry: RosterEntry) -> None:
        """Tell the pipeline what the points are, unless it knows: of a point declared again one more is kept."""
        said = (entry.profile, entry.device.interval_s, entry.device.records)
        if entry.profile is None or self._declared.get(entry.device.id) == said:
            return
        self._declared[entry.device.id] = said
        stale_after_s = [
            max(_STALE_AFTER_AT_LEAST_S, _STALE_AFTER_PERIODS * entry.read_every_s(point)) for point in entry.points
        ]
        self._pipeline.declare(entry.point_ids, entry.points, stale_after_s)

    def _watch(self, entry: RosterEntry) -> None:
        """Tell the pipeline which thresholds the points have, unless it knows."""
        said = (entry.profile, entry.device.thresholds)
        if entry.profile is None or self._watched.get(entry.device.id, (entry.profile, {})) == said:
            return
        self._watched[entry.device.id] = said
        self._pipeline.watch(entry.point_ids, _thresholds(entry))


def _thresholds(entry: RosterEntry) -> list[Thresholds | None]:
    return [entry.device.thresholds.get(point.key) for point in entry.points]
