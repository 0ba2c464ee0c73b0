"""The envelope of every answer: {"success", "data", "error", "source", "timestamp"}; of errors "fields" too."""

import time
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from stripchart.api.t3000.gate import Gate

Data = TypeVar("Data")

_JSON = "application/json"


class Source(StrEnum):
    """Where the data come from: `t3000` is the device itself, whichever make it is of."""

    CACHE = "cache"
    T3000 = "t3000"
    DATABASE = "database"
    API = "api"


class Envelope(BaseModel, Generic[Data]):
    """`timestamp`: when it was answered, Unix seconds."""

    success: bool
    data: Data
    error: str | None
    source: Source
    timestamp: int


class WrongFieldOut(BaseModel):
    """A field of the request, and what is wrong with it; this API has words alone."""

    field: str
    message: str


class RefusalOut(BaseModel):
    """A response of 400 and above. `fields`: the invalid fields of the request, with the reason."""

    success: bool
    data: None
    error: str
    source: Source
    timestamp: int
    fields: list[WrongFieldOut]


def answer(data: object, source: Source) -> Response:
    """The data in the envelope."""
    return answer_of(orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY), source)


def answer_of(data: bytes, source: Source) -> Response:
    """The data, JSON already, in the envelope."""
    return Response(wrapped(data, source), media_type=_JSON)


def wrapped(data: bytes, source: Source) -> bytes:
    return opening() + data + closing(source)


def opening() -> bytes:
    """What lies before the data."""
    return b'{"success":true,"data":'


def closing(source: Source) -> bytes:
    """What lies behind the data."""
    return b',"error":null,"source":"%b","timestamp":%d}' % (source.encode(), int(time.time()))


class EnvelopeRoute(APIRoute):
    """A route whose errors are in the envelope too, and which lets so many requests through at a time."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        plain = super().get_route_handler()

        async def handle(request: Request) -> Response:
            gate: Gate = request.app.state.gate
            try:
                return await gate.through(lambda: plain(request))
            except Exception as error:  # noqa: BLE001 - raised again unless the application has an answer to it
                return await _refusal(request, error)

        return handle


async def _refusal(request: Request, error: Exception) -> Response:
    """What the application makes of the error, in the envelope. A bug keeps rising."""
    handlers = request.app.exception_handlers
    handler = next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)
    if handler is None:
        raise error
    plain: Response = await handler(request, error)
    told = cast("dict[str, Any]", orjson.loads(plain.body))["error"]
    body = RefusalOut(
        success=False,
        data=None,
        error=told["message"],
        source=Source.API,
        timestamp=int(time.time()),
        fields=told["fields"],
    )
    status = 400 if plain.status_code == 422 else plain.status_code
    kept = {name: text for name, text in plain.headers.items() if name in {"retry-after", "www-authenticate"}}
    return Response(body.model_dump_json(), status, kept, media_type=_JSON)
