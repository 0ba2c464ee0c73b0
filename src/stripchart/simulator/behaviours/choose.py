"""Which behaviour a profile gets."""

from collections import Counter
from collections.abc import Callable, Mapping

from stripchart.model.profile import Profile
from stripchart.simulator.behaviours import (
    building,
    inverter,
    meter,
    relay,
    sensor,
    smartgen_genset,
    smartgen_mains,
)
from stripchart.simulator.behaviours.base import Behaviour
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.site import Site
from stripchart.simulator.behaviours.smartgen_genset import SmartgenGenset
from stripchart.simulator.behaviours.smartgen_mains import SmartgenMains
from stripchart.simulator.behaviours.wander import Wander

_MAKERS: Mapping[str, Callable[[int, int, Calendar | None], Behaviour]] = {
    smartgen_genset.PROFILE: lambda seed, _, calendar: SmartgenGenset(Site(seed, gensets=1, calendar=calendar), 0),
    smartgen_mains.PROFILE: lambda seed, _, calendar: SmartgenMains(Site(seed, calendar=calendar)),
    relay.PROFILE: lambda seed, _, calendar: relay.FeederRelays(seed, calendar),
    building.PROFILE: lambda seed, _, calendar: building.Building(seed, calendar),
    sensor.PROFILE: sensor.Sensor,
    meter.PROFILE: lambda seed, _, calendar: meter.Meter(seed, calendar),
    inverter.PROFILE: lambda seed, _, calendar: inverter.Inverter(seed, calendar),
}


def behaviour_of(profile: Profile, *, seed: int, place: int = 0, calendar: Calendar | None = None) -> Behaviour:
    """How the device at `place` among those of its profile lives; a profile without physics of its own wanders."""
    make = _MAKERS.get(profile.key)
    return make(seed + place, place, calendar) if make else Wander(profile, seed + place)


class SharedSites:
    """Behaviours for the devices of one plant: a site's genset and mains controllers share one site."""

    def __init__(self, gensets: Mapping[str, int], seed: int, calendar: Calendar | None = None) -> None:
        """`gensets`: how many genset controllers each site has, by its code."""
        self._calendar = calendar
        self._sites = {
            code: Site(seed + place, gensets=count, calendar=calendar, place=place)
            for place, (code, count) in enumerate(gensets.items())
        }
        self._seen: Counter[tuple[str, str]] = Counter()
        self._seed = seed

    def behaviour_of(self, profile: Profile, site: str) -> Behaviour:
        """The behaviour of the next device of the profile at the site."""
        which = profile.key, site if profile.key == smartgen_genset.PROFILE else ""
        place = self._seen[which]
        self._seen[which] += 1
        if profile.key == smartgen_genset.PROFILE:
            return SmartgenGenset(self._sites[site], place)
        if profile.key == smartgen_mains.PROFILE and site in self._sites:
            return SmartgenMains(self._sites[site])
        return behaviour_of(profile, seed=self._seed, place=place, calendar=self._calendar)
