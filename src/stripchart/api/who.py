"""Who asks, and whether they may: looked up for every route before anything else happens."""

from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts
from stripchart.api.permissions import PERMISSIONS, Access
from stripchart.auth.authenticator import Caller, Principal
from stripchart.auth.doors import Doors
from stripchart.auth.errors import InvalidTokenError
from stripchart.model.account import TokenKind
from stripchart.model.audit import Actor, act_as

_BEARER = "bearer "


async def authorise(request: Request) -> None:
    """Raises InvalidTokenError without a good token, and ApiError 403 for somebody who may not.

    From here on whatever the request does is done on behalf of who asks: so the audit has it.

    A token comes in the header `Authorization: Bearer ...`; a stream, which browsers open without headers, may have
    it in the query as `token`.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return  # A file of the page, which holds nothing of the plant.
    access = PERMISSIONS.get(f"{request.method} {route.path}")
    if access is None:
        raise ApiError(403, "forbidden", "nobody may do this: it is not in the table of permissions")
    parts: Parts = request.app.state.parts
    address = _caller(request).address
    act_as(Actor("", address))
    if access is Access.PUBLIC or _is_public(parts.doors, access):
        return
    principal = parts.doors.authenticator.principal(_token(request, access))
    _check(principal, access)
    request.state.principal = principal
    act_as(Actor(principal.username, address, f"token {principal.token_id}" if principal.token_id else "session"))


def _is_public(doors: Doors, access: Access) -> bool:
    return (access is Access.STREAM and doors.stream_is_public) or (
        access is Access.METRICS and doors.metrics_are_public
    )


def _token(request: Request, access: Access) -> str:
    header = request.headers.get("authorization", "")
    if header[: len(_BEARER)].lower() == _BEARER:
        return header[len(_BEARER) :].strip()
    from_query = request.query_params.get("token") if access in {Access.STREAM, Access.USER_STREAM} else None
    if not from_query:
        raise InvalidTokenError("sign in first: the header Authorization: Bearer ... is missing")
    return from_query


def _check(principal: Principal, access: Access) -> None:
    if access.needs_session and not principal.session_id:
        raise ApiError(403, "forbidden", "a token may not do this; sign in with a password")
    if principal.kind is TokenKind.DISPLAY and access not in {Access.DISPLAY, Access.STREAM, Access.METRICS}:
        raise ApiError(403, "forbidden", "a display token shows values, and may do nothing else")
    if not principal.role.reaches(access.role):
        raise ApiError(403, "forbidden", f"your role is {principal.role}; this needs {access.role}")


def _principal(request: Request) -> Principal:
    return cast("Principal", request.state.principal)


def _caller(request: Request) -> Caller:
    address = request.client.host if request.client else ""
    return Caller(address, request.headers.get("user-agent", ""))


Who = Annotated[Principal, Depends(_principal)]
"""Who asks, as a parameter of a route that is not public."""

From = Annotated[Caller, Depends(_caller)]
"""Where a request comes from."""
