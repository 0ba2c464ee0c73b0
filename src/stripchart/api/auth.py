"""Signing in and out, the first start, and one's own account."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Cookie, Request, Response
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.errors import ErrorOut
from stripchart.api.parts import Running
from stripchart.api.who import From, Who
from stripchart.auth.authenticator import SignedIn
from stripchart.auth.errors import InvalidTokenError
from stripchart.model.account import Role, User

router = APIRouter(
    prefix="/api/auth",
    tags=["accounts"],
    responses={code: {"model": ErrorOut} for code in (400, 401, 429)},
)

COOKIE = "refresh_token"
_COOKIE_PATH = "/api/auth"

Secret = Annotated[str, Field(min_length=1, max_length=200)]
Username = Annotated[str, Field(min_length=1, max_length=50)]


class Language(StrEnum):
    EN = "en"
    ZH = "zh"
    RU = "ru"


class LoginIn(Body):
    username: Username
    password: Secret


class SetupIn(Body):
    """`secret` is the end of the link that the server prints at its first start."""

    secret: Secret
    username: Username
    password: Secret
    language: Language = Language.EN


class LinkIn(Body):
    secret: Secret


class RefreshIn(Body):
    """For programs that keep the refresh token themselves; browsers have it in a cookie."""

    refresh_token: str = Field(min_length=1, max_length=2000)


class PasswordIn(Body):
    old_password: Secret
    new_password: Secret


class MeIn(Body):
    """Any subset of fields. `zone` is an IANA time zone, or empty for that of each site."""

    username: Username | None = None
    language: Language | None = None
    zone: str | None = Field(default=None, max_length=64)


class SetupOut(BaseModel):
    """`needed`: there is no owner yet."""

    needed: bool


class SignedInUserOut(BaseModel):
    user_id: int
    username: str
    role: Role
    language: str
    zone: str


class SignedInOut(BaseModel):
    """`access_token` goes into the header Authorization for half an hour.

    `refresh_token` is null when it came by cookie and goes back by cookie: scripts of the page need not see it.
    """

    access_token: str
    token_type: str
    refresh_token: str | None
    user: SignedInUserOut


class MeOut(SignedInUserOut):
    """Who the token belongs to. `is_session` is false for a token of a program or a display."""

    is_session: bool


@router.get("/setup")
async def setup_state(parts: Running) -> SetupOut:
    """Whether the owner has yet to be created."""
    return SetupOut(needed=await parts.doors.set_up.secret() is not None)


@router.post("/setup", status_code=201)
async def set_up(body: SetupIn, request: Request, response: Response, parts: Running, caller: From) -> SignedInOut:
    """Create the owner with the one-time link, and sign in."""
    done = await parts.doors.set_up.make_owner(body.secret, body.username, body.password, body.language, caller)
    return _take_home(done, request, response)


@router.post("/link")
async def follow_link(
    body: LinkIn, request: Request, response: Response, parts: Running, caller: From
) -> SignedInOut:
    """Sign in with the link printed by the demo."""
    return _take_home(await parts.doors.link.redeem(body.secret, caller), request, response)


@router.post("/login")
async def login(body: LoginIn, request: Request, response: Response, parts: Running, caller: From) -> SignedInOut:
    """Sign in. Unknown user and wrong password give the same response; 429 after 5 failures in 15 minutes."""
    done = await parts.doors.authenticator.sign_in(body.username, body.password, caller)
    return _take_home(done, request, response, keeps_refresh_token=True)


@router.post("/refresh")
async def refresh(
    request: Request,
    response: Response,
    parts: Running,
    *,
    body: RefreshIn | None = None,
    refresh_token: Annotated[str | None, Cookie()] = None,
) -> SignedInOut:
    """Exchange a refresh token for a new pair of tokens. Using one twice ends the session."""
    given = body.refresh_token if body else refresh_token
    if not given:
        raise InvalidTokenError("there is no refresh token; sign in")
    done = await parts.doors.authenticator.refresh(given)
    return _take_home(done, request, response, keeps_refresh_token=body is not None)


@router.post("/logout", status_code=204)
async def logout(response: Response, parts: Running, who: Who) -> None:
    """End this session at once."""
    await parts.doors.authenticator.end_session(who.session_id)
    response.delete_cookie(COOKIE, path=_COOKIE_PATH)


@router.post("/change-password", status_code=204)
async def change_password(body: PasswordIn, parts: Running, who: Who, caller: From) -> None:
    """Change your own password; ends your other sessions."""
    await parts.doors.authenticator.change_password(who, body.old_password, body.new_password, caller)


@router.get("/me")
async def me(parts: Running, who: Who) -> MeOut:
    """Who I am."""
    user = parts.doors.authenticator.user(who.user_id)
    return MeOut(**_user(user).model_dump() | {"role": who.role}, is_session=bool(who.session_id))


@router.put("/me")
async def change_me(body: MeIn, parts: Running, who: Who) -> MeOut:
    """Change your own name, language or time zone."""
    user = await parts.catalog.accounts.change_user(
        who.user_id, username=body.username, language=body.language, zone=body.zone
    )
    parts.doors.authenticator.know_user(user)
    return MeOut(**_user(user).model_dump(), is_session=True)


def _take_home(
    done: SignedIn, request: Request, response: Response, *, keeps_refresh_token: bool = False
) -> SignedInOut:
    """The answer; the refresh token also in a cookie that scripts cannot read, and other sites cannot send."""
    response.set_cookie(
        COOKIE,
        done.refresh_token,
        max_age=done.lasts_s,
        path=_COOKIE_PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return SignedInOut(
        access_token=done.access_token,
        token_type="bearer",  # noqa: S106 - the name of a scheme
        refresh_token=done.refresh_token if keeps_refresh_token else None,
        user=_user(done.user),
    )


def _user(user: User) -> SignedInUserOut:
    return SignedInUserOut(
        user_id=user.id, username=user.username, role=user.role, language=user.language, zone=user.zone
    )
