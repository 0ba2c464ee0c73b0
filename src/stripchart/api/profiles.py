"""Profiles: the device types that can be read."""

from fastapi import APIRouter
from pydantic import BaseModel

from stripchart.api.parts import Running
from stripchart.profiles.library import ProfileLibrary

router = APIRouter(prefix="/api/profiles", tags=["profiles"])


class ProfileOut(BaseModel):
    """`kind`: what sort of device it is (genset, mains, meter ...); `points`: how many it has."""

    key: str
    name: dict[str, str]
    kind: str
    maker: str
    interval_s: float
    points: int


@router.get("")
async def list_profiles(parts: Running) -> list[ProfileOut]:
    """Every profile that can be used, ordered by key."""
    return _all(parts.profiles)


def _all(library: ProfileLibrary) -> list[ProfileOut]:
    return [
        ProfileOut(
            key=profile.key,
            name=dict(profile.name),
            kind=profile.kind,
            maker=profile.maker,
            interval_s=profile.interval_s,
            points=len(profile.points),
        )
        for profile in sorted(library.all(), key=lambda profile: profile.key)
    ]
