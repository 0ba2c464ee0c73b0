"""Sites: places with a code."""

from collections import Counter

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.catalog.records import NewSite, SiteChange
from stripchart.model.device import Site, SiteId

router = APIRouter(prefix="/api/sites", tags=["sites"])


class SiteIn(Body):
    code: str = Field(min_length=1, max_length=20, pattern=r"^[^\s/]+$", examples=["MKZ"])
    name: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=500)
    zone: str = Field(default="UTC", max_length=64, description="IANA name", examples=["Europe/Berlin"])


class SiteChangeIn(Body):
    """Any subset of a site's fields."""

    code: str | None = Field(default=None, min_length=1, max_length=20, pattern=r"^[^\s/]+$")
    name: str | None = Field(default=None, min_length=1, max_length=100)
    description: str | None = Field(default=None, max_length=500)
    zone: str | None = Field(default=None, max_length=64, description="IANA name")


class SiteOut(BaseModel):
    id: int
    code: str
    name: str
    description: str
    zone: str
    device_count: int


def _out(parts: Parts, site: Site) -> SiteOut:
    counts = Counter(entry.device.site_id for entry in parts.roster.all())
    return SiteOut(
        id=site.id,
        code=site.code,
        name=site.name,
        description=site.description,
        zone=site.zone,
        device_count=counts[site.id],
    )


@router.get("")
async def list_sites(parts: Running) -> list[SiteOut]:
    """Every site, ordered by code."""
    sites = await parts.catalog.sites()
    return [_out(parts, site) for site in sorted(sites, key=lambda site: site.code.casefold())]


@router.post("", status_code=201)
async def add_site(body: SiteIn, parts: Running) -> SiteOut:
    """Add a site. 409 when the code is taken (ignoring case)."""
    site = await parts.catalog.add_site(NewSite(**body.model_dump()))
    await parts.changed()
    return _out(parts, site)


@router.put("/{site_id}")
async def change_site(site_id: Id, body: SiteChangeIn, parts: Running) -> SiteOut:
    """Change a site."""
    site = await parts.catalog.update_site(SiteId(site_id), SiteChange(**body.model_dump()))
    await parts.changed()
    return _out(parts, site)


@router.delete("/{site_id}", status_code=204)
async def delete_site(site_id: Id, parts: Running) -> Response:
    """Delete a site. 409 while it still has devices."""
    await parts.catalog.delete_site(SiteId(site_id))
    return Response(status_code=204)
