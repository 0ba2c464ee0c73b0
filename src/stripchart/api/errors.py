"""Every error leaves as one envelope: {"error": {"code", "message", "fields", "facts"}}."""

import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from stripchart.api.complaints import FieldErrorOut, about, complaint_of
from stripchart.auth.errors import (
    AuthError,
    InvalidTokenError,
    SetUpError,
    TooManyAttemptsError,
    WeakPasswordError,
    WrongPasswordError,
)
from stripchart.catalog.errors import (
    CatalogError,
    CatalogUnavailableError,
    DuplicateError,
    InvalidReferenceError,
    InvalidValueError,
    NotFoundError,
)
from stripchart.drivers.base import DriverError
from stripchart.history.base import HistoryError
from stripchart.model.cause import Cause
from stripchart.model.complaint import GONE, Complaint, ComplaintCode
from stripchart.model.device import AddressError
from stripchart.model.facts import Facts
from stripchart.profiles.library import UnknownProfileError
from stripchart.profiles.problem import ProfileError

_OF_T3000 = (
    "/api/device/",
    "/api/timeseries/",
    "/api/trend-logs/",
    "/api/monitoring-points/",
    "/api/health/metrics",
)


class ErrorBody(BaseModel):
    """`facts`: what the message is about, for those who word the code in another language; docs/causes.md."""

    code: str
    message: str
    fields: list[FieldErrorOut]
    facts: dict[str, float | str | None]


class ErrorOut(BaseModel):
    """Body of every response of 400 and above."""

    error: ErrorBody


class ApiError(HTTPException):
    """An error a route raises on purpose: status, code, message, and the field it is about."""

    def __init__(
        self, status: int, code: str, message: str, field: str | None = None, *, complaint: Complaint | None = None
    ) -> None:
        super().__init__(status, message)
        self.code, self.facts = code, complaint.facts if complaint else {}
        self.fields = [about(field, message, complaint)] if field else []

    def because(self, cause: Cause) -> "ApiError":
        """The same, with the cause of what the message says."""
        self.facts = {**self.facts, **cause.told(str(self.detail))}
        return self


def not_found(what: str, key: object) -> ApiError:
    return ApiError(404, "not_found", f"there is no {what} {key}")


def install_error_handlers(app: FastAPI) -> None:
    """Turn every failure into the envelope."""
    app.add_exception_handler(StarletteHTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(AuthError, _on_auth)
    app.add_exception_handler(CatalogError, _on_catalog)
    app.add_exception_handler(HistoryError, _on_history)
    app.add_exception_handler(DriverError, _on_driver)
    app.add_exception_handler(AddressError, _on_address)
    app.add_exception_handler(UnknownProfileError, _on_unknown_profile)
    app.add_exception_handler(ProfileError, _on_bad_profile)


def envelope(
    status: int, code: str, message: str, fields: Sequence[FieldErrorOut] = (), facts: Facts | None = None
) -> JSONResponse:
    body = ErrorOut(error=ErrorBody(code=code, message=message, fields=list(fields), facts=dict(facts or {})))
    return JSONResponse(body.model_dump(), status_code=status)


def refusal(path: str, status: int, code: str, message: str) -> JSONResponse:
    """What is refused before a route is found; the T3000 API has an envelope of its own."""
    if not path.startswith(_OF_T3000):
        return envelope(status, code, message)
    now_s = int(time.time())
    body: dict[str, object] = {
        "success": False,
        "data": None,
        "error": message,
        "source": "api",
        "timestamp": now_s,
        "fields": [],
    }
    return JSONResponse(body, status_code=status)


async def _on_http(_: Request, error: Exception) -> JSONResponse:
    known = cast("StarletteHTTPException", error)
    if isinstance(known, ApiError):
        return envelope(known.status_code, known.code, known.detail, known.fields, known.facts)
    code = HTTPStatus(known.status_code).name.lower()
    return envelope(known.status_code, code, str(known.detail))


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    problems = cast("RequestValidationError", error).errors()
    fields = [about(_field(problem), _sentence(problem["msg"]), complaint_of(problem)) for problem in problems]
    first = f"{fields[0].field}: {fields[0].message}" if fields else "the request is not valid"
    return envelope(422, "invalid_request", first, fields)


def _field(problem: Mapping[str, Any]) -> str:
    """The name of the field; where the request came in (body, query) when it is about the whole of that."""
    place, *names = problem["loc"]
    return str(place) if problem["type"] == "json_invalid" or not names else ".".join(map(str, names))


def _sentence(text: str) -> str:
    return text.removeprefix("Value error, ")


_AUTH_STATUS: dict[type[AuthError], int] = {
    WrongPasswordError: 401,
    InvalidTokenError: 401,
    TooManyAttemptsError: 429,
    WeakPasswordError: 400,
    SetUpError: 401,
}


async def _on_auth(_: Request, error: Exception) -> JSONResponse:
    refused = cast("AuthError", error)
    status = _AUTH_STATUS[type(refused)]
    fields = [about("password", str(error), getattr(error, "complaint", None))] if status == 400 else []
    answer = envelope(status, refused.code, str(error), fields)
    if isinstance(error, TooManyAttemptsError):
        answer.headers["Retry-After"] = str(max(1, round(error.wait_s)))
    elif isinstance(error, InvalidTokenError):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


_CATALOG_STATUS: tuple[tuple[type[CatalogError], int, str], ...] = (
    (NotFoundError, 404, "not_found"),
    (DuplicateError, 409, "duplicate"),
    (InvalidReferenceError, 422, "invalid_reference"),
    (InvalidValueError, 422, "invalid_value"),
    (CatalogUnavailableError, 503, "catalog_unavailable"),
    (CatalogError, 409, "in_use"),
)


async def _on_catalog(_: Request, error: Exception) -> JSONResponse:
    status, code = next((status, code) for kind, status, code in _CATALOG_STATUS if isinstance(error, kind))
    known = cast("CatalogError", error)
    fields = [about(known.field, str(error), known.complaint)] if known.field else []
    return envelope(status, code, str(error), fields, known.complaint.facts if known.complaint else None)


async def _on_history(_: Request, error: Exception) -> JSONResponse:
    return envelope(503, "history_unavailable", str(error))


async def _on_driver(_: Request, error: Exception) -> JSONResponse:
    facts = cast("DriverError", error).cause.told(str(error))
    return envelope(503, "out_of_reach", str(error), facts=facts)


async def _on_address(_: Request, error: Exception) -> JSONResponse:
    return envelope(
        422, "invalid_address", str(error), [about("link", str(error), cast("AddressError", error).complaint)]
    )


async def _on_unknown_profile(_: Request, error: Exception) -> JSONResponse:
    return envelope(422, "unknown_profile", str(error), [about("profile", str(error), GONE)])


async def _on_bad_profile(_: Request, error: Exception) -> JSONResponse:
    first = str(cast("ProfileError", error).problems[0])
    complaint = Complaint(ComplaintCode.BAD_FILE, {"said": first})
    return envelope(422, "bad_profile", str(error), [about("profile", str(error), complaint)])
