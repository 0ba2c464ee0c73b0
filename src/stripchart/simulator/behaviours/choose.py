"""Which behaviour a profile gets."""

from collections.abc import Callable, Mapping

from stripchart.model.profile import Profile
from stripchart.simulator.behaviours import smartgen_genset, smartgen_mains
from stripchart.simulator.behaviours.base import Behaviour
from stripchart.simulator.behaviours.site import Site
from stripchart.simulator.behaviours.smartgen_genset import SmartgenGenset
from stripchart.simulator.behaviours.smartgen_mains import SmartgenMains
from stripchart.simulator.behaviours.wander import Wander

_MAKERS: Mapping[str, Callable[[Profile, int], Behaviour]] = {
    smartgen_genset.PROFILE: lambda _, seed: SmartgenGenset(Site(seed, gensets=1), 0),
    smartgen_mains.PROFILE: lambda _, seed: SmartgenMains(Site(seed)),
}


def behaviour_of(profile: Profile, *, seed: int) -> Behaviour:
    """How a single device of the profile lives; a profile without physics of its own wanders."""
    return _MAKERS.get(profile.key, Wander)(profile, seed)


class SharedSites:
    """Behaviours for the devices of one plant: a site's genset and mains controllers share one site."""

    def __init__(self, gensets: Mapping[str, int], seed: int) -> None:
        """`gensets`: how many genset controllers each site has, by its code."""
        self._sites = {code: Site(seed + place, gensets=count) for place, (code, count) in enumerate(gensets.items())}
        self._taken = dict.fromkeys(gensets, 0)
        self._seed = seed

    def behaviour_of(self, profile: Profile, site: str) -> Behaviour:
        """The behaviour of the next device at the site."""
        self._seed += 1
        if profile.key == smartgen_mains.PROFILE and site in self._sites:
            return SmartgenMains(self._sites[site])
        if profile.key == smartgen_genset.PROFILE:
            self._taken[site] += 1
            return SmartgenGenset(self._sites[site], self._taken[site] - 1)
        return behaviour_of(profile, seed=self._seed)
