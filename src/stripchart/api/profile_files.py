"""The files that profiles are written in: looked at, checked, and those of one's own written."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.complaints import about
from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts, Running
from stripchart.model.audit import Action, Deed
from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.profiles.folder import NoProfileFolderError, ProfileFile, ProfileFolder
from stripchart.profiles.problem import Problem, ProfileError
from stripchart.profiles.source import MAX_BYTES

router = APIRouter(prefix="/api/profiles", tags=["profiles"])

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class ProblemOut(BaseModel):
    """`line` is 1-based, 0 of the file as a whole; `field` is a path such as `points.power.scale`, or empty."""

    line: int
    field: str
    message: str


class ProfileFileOut(BaseModel):
    """`is_own`: in the user's own profiles folder, and editable; `replaces`: takes precedence over the shipped one
    with the same key. `devices`: number of devices using it. `problems`: why it is invalid.
    """

    key: str
    is_own: bool
    replaces: bool
    devices: int
    problems: list[ProblemOut]


class ProfileSourceOut(ProfileFileOut):
    """A profile file with its text (YAML)."""

    source: str


class ProfileSourceIn(Body):
    source: str = Field(max_length=MAX_BYTES)


class ProfileCheckOut(BaseModel):
    """Result of a check: the number of points, or the problems."""

    key: str | None
    points: int
    problems: list[ProblemOut]


@router.get("/files")
async def list_profile_files(parts: Running) -> list[ProfileFileOut]:
    """Every profile file, including invalid ones, ordered by key."""
    return await asyncio.to_thread(lambda: [_file(parts, file) for file in ProfileFolder(parts.profiles).all()])


@router.post("/check")
async def check_profile(body: ProfileSourceIn, parts: Running) -> ProfileCheckOut:
    """Check the text of a profile; nothing is saved."""
    try:
        profile = await asyncio.to_thread(ProfileFolder(parts.profiles).check, body.source)
    except ProfileError as error:
        return ProfileCheckOut(key=None, points=0, problems=_problems(error.problems))
    return ProfileCheckOut(key=profile.key, points=len(profile.points), problems=[])


@router.get("/files/{key}")
async def one_profile_file(key: Key, parts: Running) -> ProfileSourceOut:
    """One profile file, even an invalid one."""
    return await _source(parts, await asyncio.to_thread(ProfileFolder(parts.profiles).one, key))


@router.put("/files/{key}")
async def save_profile_file(key: Key, body: ProfileSourceIn, parts: Running) -> ProfileSourceOut:
    """Save a profile of your own; devices use it from their next poll cycle.

    With the key of a shipped profile it takes precedence. An invalid text is rejected, with every problem and
    its line.
    """
    folder = ProfileFolder(parts.profiles)
    action = Action.CHANGED if key in parts.profiles.keys else Action.ADDED
    try:
        file = await asyncio.to_thread(folder.save, key, body.source)
    except ProfileError as error:
        raise _refused(error) from None
    except NoProfileFolderError:
        raise ApiError(409, "no_folder", "this server has no folder for profiles of your own") from None
    await _in_effect(parts, key, action)
    return await _source(parts, file)


@router.delete("/files/{key}", status_code=204)
async def delete_profile_file(key: Key, parts: Running) -> Response:
    """Delete one of your own profiles; a shipped one that it replaced applies again.

    409 while devices use it.
    """
    folder = ProfileFolder(parts.profiles)
    file = await asyncio.to_thread(folder.one, key)
    needing = _devices(parts, key)
    if not file.is_own:
        raise ApiError(409, "shipped", f"{key} came with Stripchart and cannot be deleted")
    if needing and not file.replaces:
        raise ApiError(
            409,
            "in_use",
            f"{key} is the profile of {', '.join(needing[:5])}; give them another one first",
            complaint=Complaint(ComplaintCode.IN_USE, {"devices": len(needing)}),
        )
    await asyncio.to_thread(folder.delete, key)
    await _in_effect(parts, key, Action.DELETED)
    return Response(status_code=204)


async def _in_effect(parts: Parts, key: str, action: Action) -> None:
    await parts.catalog.audit.note(Deed(action=action, kind="profile", subject=key, subject_id=key))
    await asyncio.to_thread(parts.profiles.load)
    await parts.changed()


async def _source(parts: Parts, file: ProfileFile) -> ProfileSourceOut:
    text = await asyncio.to_thread(ProfileFolder(parts.profiles).text, file.key)
    known = await asyncio.to_thread(_file, parts, file)
    return ProfileSourceOut(**known.model_dump(), source=text)


def _file(parts: Parts, file: ProfileFile) -> ProfileFileOut:
    """Loads every file, to know its problems."""
    problems = [problem for problem in parts.profiles.problems if problem.file == str(file.path)]
    return ProfileFileOut(
        key=file.key,
        is_own=file.is_own,
        replaces=file.replaces,
        devices=len(_devices(parts, file.key)),
        problems=_problems(problems),
    )


def _devices(parts: Parts, key: str) -> list[str]:
    return [entry.device.name for entry in parts.roster.all() if entry.device.profile == key]


def _problems(problems: Iterable[Problem]) -> list[ProblemOut]:
    return [ProblemOut(line=each.line, field=each.field, message=each.message) for each in problems]


def _refused(error: ProfileError) -> ApiError:
    """Each problem at its line: `source` is the field, and the message begins with where in it."""
    refused = ApiError(422, "invalid_profile", "the profile has problems; nothing was saved", "source")
    refused.fields = [
        about("source", f"line {each.line}: {f'{each.field}: ' if each.field else ''}{each.message}")
        for each in error.problems
    ]
    return refused
