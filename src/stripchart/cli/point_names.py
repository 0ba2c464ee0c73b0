"""The names of all points of a data folder, as its catalog and profiles tell them."""

import asyncio

from stripchart.catalog.records import CatalogPoint
from stripchart.catalog.repository import open_catalog
from stripchart.interop.names import Names, PointName
from stripchart.model.device import Device, DeviceId
from stripchart.model.point import DataType, Point
from stripchart.model.sample import PointId
from stripchart.profiles.library import ProfileLibrary, UnknownProfileError
from stripchart.profiles.problem import ProfileError
from stripchart.settings import Settings


def names_of_points(settings: Settings) -> Names:
    """Every point the catalog knows, those of deleted devices too; none without a catalog.

    Raises CatalogUnavailableError when the catalog cannot be read.
    """
    if not settings.has_catalog:
        return Names({})
    return asyncio.run(_names(settings))


async def _names(settings: Settings) -> Names:
    async with open_catalog(settings.catalog_url) as catalog:
        devices = {device.id: device for device in await catalog.devices()}
        points, device_names = await catalog.points(), await catalog.device_names()
    library = ProfileLibrary(settings.profiles_folder)
    known: dict[str, dict[str, Point]] = {}
    for profile in {device.profile for device in devices.values()}:
        known[profile] = _points_of(library, profile)
    return Names({point.id: _name(point, device_names, devices, known) for point in points})


def _points_of(library: ProfileLibrary, profile: str) -> dict[str, Point]:
    """By key; none of a profile that cannot be used, whose points have names all the same."""
    try:
        return {point.key: point for point in library.get(profile).points}
    except (UnknownProfileError, ProfileError):
        return {}


def _name(
    point: CatalogPoint,
    device_names: dict[DeviceId, str],
    devices: dict[DeviceId, Device],
    known: dict[str, dict[str, Point]],
) -> PointName:
    device = devices.get(point.device_id)
    of_profile = known.get(device.profile, {}).get(point.key) if device is not None else None
    return PointName(
        device=device_names.get(point.device_id, ""),
        key=point.key,
        unit=of_profile.unit if of_profile is not None else "",
        is_text=of_profile.type is DataType.STRING if of_profile is not None else None,
        is_current=device is not None and not point.retired,
    )


def told(names: Names, point: PointId | None) -> str:
    """A point as messages call it: `G1 coolant_temp (point 12)`; '' for none."""
    if point is None:
        return ""
    name = names.of(point)
    return f"{name.device} {name.key} (point {point})" if name.device else f"point {point}"
