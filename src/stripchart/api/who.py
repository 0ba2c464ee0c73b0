"""Who asks, and whether they may: looked up for every route before anything else happens."""

from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts
from stripchart.api.permissions import PERMISSIONS, Access
from stripchart.auth.authenticator import Caller, Principal
from stripchart.auth.doors import Doors
from stripchart.auth.errors import InvalidTokenError
from stripchart.model.account import TokenKind
from stripchart.model.audit import Actor, act_as

_BEARER = "bearer "
_WITHOUT_HEADERS = frozenset({Access.STREAM, Access.USER_STREAM, Access.SOCKET})
_OF_DISPLAYS = frozenset({Access.DISPLAY, Access.STREAM, Access.METRICS, Access.SOCKET})


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
    address = _address(request)
    act_as(Actor("", address))
    if access is Access.PUBLIC or is_public(parts.doors, access):
        return
    principal = principal_for(parts.doors, access, token_of(request, access))
    request.state.principal = principal
    act_as(Actor(principal.username, address, f"token {principal.token_id}" if principal.token_id else "session"))


def is_public(doors: Doors, access: Access) -> bool:
    """Whether a setting lets everybody in."""
    options = doors.options
    opened = {
        Access.STREAM: options.stream_is_public,
        Access.METRICS: options.metrics_are_public,
        Access.SOCKET: options.socket_is_public,
    }
    return opened.get(access, False)


def token_of(request: HTTPConnection, access: Access) -> str:
    """The token that comes with the request; empty when there is none."""
    from_header = bearer_of(request.headers.get("authorization", ""))
    if from_header or access not in _WITHOUT_HEADERS:
        return from_header
    return request.query_params.get("token", "")


def bearer_of(authorization: str) -> str:
    """The token of the header Authorization; empty when there is none."""
    is_bearer = authorization[: len(_BEARER)].lower() == _BEARER
    return authorization[len(_BEARER) :].strip() if is_bearer else ""


def principal_for(doors: Doors, access: Access, bearer: str) -> Principal:
    """Who comes with the token. Raises InvalidTokenError, and ApiError 403 for somebody who may not."""
    if not bearer:
        raise InvalidTokenError("sign in first: the header Authorization: Bearer ... is missing")
    principal = doors.authenticator.principal(bearer)
    _check(principal, access)
    return principal


def _check(principal: Principal, access: Access) -> None:
    if access.needs_session and not principal.session_id:
        raise ApiError(403, "forbidden", "a token may not do this; sign in with a password")
    if principal.kind is TokenKind.DISPLAY and access not in _OF_DISPLAYS:
        raise ApiError(403, "forbidden", "a display token shows values, and may do nothing else")
    if not principal.role.reaches(access.role):
        raise ApiError(403, "forbidden", f"your role is {principal.role}; this needs {access.role}")


async def _principal(request: Request) -> Principal:
    return cast("Principal", request.state.principal)


async def _follower(request: Request) -> Principal | None:
    return cast("Principal | None", getattr(request.state, "principal", None))


async def _caller(request: Request) -> Caller:
    return Caller(_address(request), request.headers.get("user-agent", ""))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


Who = Annotated[Principal, Depends(_principal)]
"""Who asks, as a parameter of a route that is not public."""

Follower = Annotated[Principal | None, Depends(_follower)]
"""Who asks, as a parameter of a route that a setting may open: None where anybody may."""

From = Annotated[Caller, Depends(_caller)]
"""Where a request comes from."""
