"""The configured devices with their profiles and point ids, kept in memory for everybody who asks all the time."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from stripchart.catalog.errors import NotFoundError
from stripchart.catalog.repository import Catalog
from stripchart.model.address_book import AddressBook
from stripchart.model.cause import Cause
from stripchart.model.device import Device, DeviceId, LinkAddress, Site, SiteId
from stripchart.model.link import LinkOptions
from stripchart.model.point import DataType, Point, RecordMode
from stripchart.model.profile import Profile
from stripchart.model.sample import PointIds
from stripchart.profiles.library import ProfileLibrary, UnknownProfileError
from stripchart.profiles.problem import ProfileError

_NO_ADDRESSES = AddressBook((), {})


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A device with what its profile says. `point_ids` belongs to `points`, in the profile's order.

    The points have the record rules of the device, where it has its own.
    `overview`: places of the points of its tile; `alarms`: of those in which the device itself says what is the
    matter; `judged`: of those that say how the device is, which are the ones
    with thresholds, or all numbers when none has. `problem`: why the device has no profile, and so no points, or why
    a change of its profile is not in effect; `cause` says so by code.
    """

    device: Device
    profile: Profile | None
    points: tuple[Point, ...]
    point_ids: PointIds
    place_of: Mapping[str, int]
    overview: npt.NDArray[np.intp]
    problem: str | None = None
    judged: npt.NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))
    alarms: npt.NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))
    cause: Cause | None = None

    @property
    def book(self) -> AddressBook:
        """The addresses of its points."""
        return self.profile.book if self.profile else _NO_ADDRESSES

    def read_every_s(self, point: Point) -> float:
        """Seconds between two readings of the point: its read group may be slower than the device."""
        every = self.profile.reads[point.read].every if self.profile else 1
        return self.device.interval_s * every

    def recorded_every_s(self, point: Point) -> float:
        """Seconds between two samples of the point in the history, at the most, while all is well."""
        read_every_s = self.read_every_s(point)
        if point.record.mode is RecordMode.EVERY_POLL:
            return read_every_s
        return max(read_every_s, point.record.heartbeat_s)


class Roster:
    """A snapshot of the catalog. `refresh` takes a new one; what was handed out before does not change.

    A profile whose file was edited into a bad one stays as it was, until it is mended or the program starts again.
    """

    def __init__(self, catalog: Catalog, library: ProfileLibrary) -> None:
        self._catalog = catalog
        self._library = library
        self._entries: dict[DeviceId, RosterEntry] = {}
        self.link_options: Mapping[LinkAddress, LinkOptions] = {}
        self.sites: Mapping[SiteId, Site] = {}

    def all(self) -> tuple[RosterEntry, ...]:
        """Every device, ordered by site and name."""
        return tuple(self._entries.values())

    def get(self, device: DeviceId) -> RosterEntry | None:
        return self._entries.get(device)

    async def refresh(self) -> None:
        """Read the catalog again. Points that a device did not have before get their ids here."""
        self.link_options = await self._catalog.link_options()
        self.sites = {site.id: site for site in await self._catalog.sites()}
        devices = sorted(await self._catalog.devices(), key=lambda device: (device.site_id, device.name.casefold()))
        entries = {}
        for device in devices:
            with contextlib.suppress(NotFoundError):  # deleted since the catalog was read
                entries[device.id] = await self._entry(device)
        self._entries = entries

    async def _entry(self, device: Device) -> RosterEntry:
        known = self._entries.get(device.id)
        try:
            profile = self._library.of(device)
        except UnknownProfileError as error:
            return _without_profile(device, error)
        except ProfileError as error:
            if known is not None and known.device.profile == device.profile:
                return _configured(replace(known, device=device, problem=str(error), cause=error.cause))
            return _without_profile(device, error)
        if known is not None and known.profile is profile:
            return _configured(replace(known, device=device, problem=None, cause=None))
        ids = await self._catalog.point_ids(device.id, [point.key for point in profile.points])
        return _with_profile(device, profile, np.array([ids[p.key] for p in profile.points], np.int32))


def _with_profile(device: Device, profile: Profile, point_ids: PointIds) -> RosterEntry:
    place_of = {point.key: place for place, point in enumerate(profile.points)}
    overview = np.array([place_of[key] for key in profile.overview], np.intp)
    alarms = np.array([place for place, point in enumerate(profile.points) if point.alarm], np.intp)
    return _configured(RosterEntry(device, profile, (), point_ids, place_of, overview, alarms=alarms))


def _configured(entry: RosterEntry) -> RosterEntry:
    """The entry with what its device says about its points now."""
    if entry.profile is None:
        return entry
    points = _recorded(entry.device, entry.profile)
    judged = sorted(entry.place_of[key] for key in entry.device.thresholds if key in entry.place_of)
    if not judged:
        judged = [place for place, point in enumerate(points) if point.type is not DataType.STRING]
    return replace(entry, points=points, judged=np.array(judged, np.intp))


def _recorded(device: Device, profile: Profile) -> tuple[Point, ...]:
    """The profile's points; rules for points that it does not have (any more) wait for their return."""
    own = device.records
    if not own:
        return profile.points
    return tuple(replace(point, record=own.get(point.key, point.record)) for point in profile.points)


def _without_profile(device: Device, error: UnknownProfileError | ProfileError) -> RosterEntry:
    nothing = (np.empty(0, np.int32), dict[str, int](), np.empty(0, np.intp))
    return RosterEntry(device, None, (), *nothing, str(error), cause=error.cause)
