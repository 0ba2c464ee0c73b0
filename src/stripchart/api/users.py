"""Users: the owner makes and removes them, admins see them."""

from fastapi import APIRouter
from pydantic import BaseModel

from stripchart.api.auth import Language, Secret, Username
from stripchart.api.body import Body
from stripchart.api.errors import ApiError, ErrorOut
from stripchart.api.ids import Id
from stripchart.api.parts import Running
from stripchart.auth.passwords import check_password, hashed
from stripchart.model.account import Role, User, UserId
from stripchart.model.time import to_iso

router = APIRouter(
    prefix="/api/users", tags=["accounts"], responses={code: {"model": ErrorOut} for code in (400, 401, 403)}
)


class UserIn(Body):
    """A user to create. There is exactly one owner, created at the first start."""

    username: Username
    password: Secret
    role: Role
    language_preference: Language = Language.EN


class UserOut(BaseModel):
    id: int
    username: str
    role: Role
    language_preference: str
    zone: str
    created_at: str
    updated_at: str


@router.get("")
async def users(parts: Running) -> list[UserOut]:
    """All users, in order of creation."""
    return [_out(user) for user in await parts.catalog.accounts.users()]


@router.post("", status_code=201, responses={409: {"model": ErrorOut}})
async def add_user(body: UserIn, parts: Running) -> UserOut:
    """Create a user."""
    if body.role is Role.OWNER:
        raise ApiError(403, "one_owner", "there is exactly one owner: role admin or read_only", "role")
    check_password(body.password, body.username)
    password_hash = await hashed(body.password)
    user = await parts.catalog.accounts.add_user(body.username, password_hash, body.role, body.language_preference)
    parts.doors.authenticator.know_user(user)
    return _out(user)


@router.delete("/{user_id}", status_code=204, responses={404: {"model": ErrorOut}})
async def delete_user(user_id: Id, parts: Running) -> None:
    """Delete a user; their sessions and tokens end at once."""
    user = parts.doors.authenticator.find_user(UserId(user_id))
    if user is not None and user.role is Role.OWNER:
        raise ApiError(403, "one_owner", "the owner cannot be deleted")
    await parts.catalog.accounts.delete_user(UserId(user_id))
    parts.doors.authenticator.forget_user(UserId(user_id))


def _out(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        username=user.username,
        role=user.role,
        language_preference=user.language,
        zone=user.zone,
        created_at=to_iso(user.created_ms),
        updated_at=to_iso(user.updated_ms),
    )
