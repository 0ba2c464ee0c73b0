"""How a plant lives, and one day of it from its beginning on, in plant time alone: no sockets, no waiting."""

from collections import Counter
from collections.abc import Mapping

from stripchart.model.encode import Value
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours import smartgen_genset
from stripchart.simulator.behaviours.base import Behaviour, Tallied
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.choose import SharedSites
from stripchart.simulator.plant import Plant

Tallies = dict[str, list[float]]
"""What devices have counted, by their names."""

STEP_S = 60.0


def lives_of(
    plant: Plant, library: ProfileLibrary, *, seed: int = 1, calendar: Calendar | None = None
) -> dict[str, Behaviour]:
    """A behaviour for each device, by its name. Raises UnknownProfileError and ProfileError."""
    gensets = Counter(device.site for device in plant.devices if device.profile == smartgen_genset.PROFILE)
    sites = SharedSites(gensets, seed, calendar)
    return {device.name: sites.behaviour_of(library.get(device.profile), device.site) for device in plant.devices}


class PlantDay:
    """A day of a plant. It begins as every day of this plant, but for what it has counted until then; then comes the
    day's own load and weather, always the same for the same day.
    """

    def __init__(
        self, plant: Plant, library: ProfileLibrary, calendar: Calendar, tallies: Tallies | None = None
    ) -> None:
        """`calendar` is at the beginning of the day. Raises UnknownProfileError and ProfileError."""
        self.calendar = calendar
        self.lives = lives_of(plant, library, calendar=calendar)
        self._tallied = {name: life for name, life in self.lives.items() if isinstance(life, Tallied)}
        for name, counted in (tallies or {}).items():
            if name in self._tallied:
                self._tallied[name].tallies = counted

    @property
    def tallies(self) -> Tallies:
        return {name: list(life.tallies) for name, life in self._tallied.items()}

    def advance(self, seconds: float) -> dict[str, Mapping[str, Value]]:
        """Let plant time pass; what may have changed, by device."""
        self.calendar.advance(seconds)
        return {name: life.advance(seconds) for name, life in self.lives.items()}

    def pass_time(self, seconds: float) -> None:
        """Let plant time pass."""
        self.calendar.advance(seconds)
        for life in self.lives.values():
            life.pass_time(seconds)

    def count(self, seconds: float) -> None:
        """Let plant time pass for those that count something; the others stay behind."""
        self.calendar.advance(seconds)
        for life in self._tallied.values():
            life.pass_time(seconds)
