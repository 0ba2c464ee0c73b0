"""Tokens for programs, and for screens on a wall."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.errors import ErrorOut, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Running
from stripchart.api.who import Who
from stripchart.model.account import ApiToken, Role, TokenKind
from stripchart.model.time import to_iso

router = APIRouter(
    prefix="/api/tokens", tags=["accounts"], responses={code: {"model": ErrorOut} for code in (401, 403)}
)

_DAY_MS = 24 * 3600 * 1000


class TokenIn(Body):
    """A token to create. It may do what `role` may, never more than you; a display token can only view.

    `days`: validity; null: until it is deleted.
    """

    name: str = Field(min_length=1, max_length=100)
    kind: TokenKind = TokenKind.API
    role: Role = Role.READ_ONLY
    days: int | None = Field(default=90, ge=1, le=3650)


class TokenOut(BaseModel):
    """`hint`: the first characters of the token."""

    id: int
    name: str
    kind: TokenKind
    role: Role
    hint: str
    created_at: str
    expires_at: str | None


class NewTokenOut(TokenOut):
    """`token` is shown only once: only its hash is stored."""

    token: str


@router.get("")
async def tokens(parts: Running, who: Who) -> list[TokenOut]:
    """Your own tokens."""
    return [TokenOut(**_fields(token)) for token in parts.doors.authenticator.tokens_of(who.user_id)]


@router.post("", status_code=201)
async def make_token(body: TokenIn, parts: Running, who: Who) -> NewTokenOut:
    """Create a token; it is shown in this response only."""
    expires_ms = None if body.days is None else parts.clock.now_ms() + body.days * _DAY_MS
    text, token = await parts.doors.authenticator.make_token(who, body.name, body.kind, body.role, expires_ms)
    return NewTokenOut(**_fields(token), token=text)


@router.delete("/{token_id}", status_code=204, responses={404: {"model": ErrorOut}})
async def delete_token(token_id: Id, parts: Running, who: Who) -> None:
    """Delete one of your own tokens; it stops working at once."""
    found = [token for token in parts.doors.authenticator.tokens_of(who.user_id) if token.id == token_id]
    if not found:
        raise not_found("token", token_id)
    await parts.doors.authenticator.drop_token(found[0])


def _fields(token: ApiToken) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "kind": token.kind,
        "role": token.role,
        "hint": token.hint,
        "created_at": to_iso(token.created_ms),
        "expires_at": None if token.expires_ms is None else to_iso(token.expires_ms),
    }
