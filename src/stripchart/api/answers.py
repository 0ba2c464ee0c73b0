"""Every answer that a route can give, in the description of the API: what holds for all of them is added here."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI

from stripchart.api.permissions import PERMISSIONS, Access

_MEANING = {
    400: "The request cannot be understood, or came to a name that is not this server's",
    401: "Sign in first: there is no token, or it is not good any more",
    403: "You may not do this",
    404: "There is no such thing",
    409: "It cannot be done as things stand",
    413: "The body is larger than is allowed",
    422: "The request is not valid",
    429: "Too many requests; the header Retry-After says when to come again",
    503: "Catalog or history cannot be used now",
}
_T3000 = _MEANING | {400: _MEANING[422], 504: "A device did not answer, or the request took too long"}
_FOR_ALL_USERS = {Access.DISPLAY, Access.STREAM, Access.METRICS}
_OF_EVERY_ROUTE = (400, 422, 429, 503)

Operation = dict[str, Any]
Bodies = Mapping[str, Sequence[str]]


def describe_answers(app: FastAPI) -> None:
    """Have the application describe itself with all its answers, and with how to sign in."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(plain())
        return app.openapi_schema

    app.openapi = whole  # type: ignore[method-assign]


def _completed(description: dict[str, Any]) -> dict[str, Any]:
    components = description["components"]
    components["responses"] = {f"Error{status}": _answer(meaning, "ErrorOut") for status, meaning in _MEANING.items()}
    components["responses"] |= {
        f"Refusal{status}": _answer(meaning, "RefusalOut") for status, meaning in _T3000.items()
    }
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    bodies = {
        f"#/components/schemas/{name}": list(schema.get("properties", ()))
        for name, schema in components["schemas"].items()
    }
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if _access(method, path) is not Access.PUBLIC:
                operation["security"] = [{"token": []}]
            _complete(operation, _statuses(method, path, operation, bodies))
    return description


def _complete(operation: Operation, statuses: Iterator[int]) -> None:
    """Those of the T3000 API come in its envelope; what is not valid is 400 there."""
    said, is_t3000 = operation["responses"], "t3000" in operation.get("tags", ())
    for status in statuses:
        said[str(status)] = {"$ref": f"#/components/responses/{'Refusal' if is_t3000 else 'Error'}{status}"}
    if is_t3000:
        del said["422"]
        said["504"] = {"$ref": "#/components/responses/Refusal504"}


def _answer(meaning: str, name: str) -> Mapping[str, object]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": meaning, "content": {"application/json": {"schema": schema}}}


def _access(method: str, path: str) -> Access:
    return PERMISSIONS.get(f"{method.upper()} {path}", Access.OWNER)


def _statuses(method: str, path: str, operation: Operation, bodies: Bodies) -> Iterator[int]:
    """What the operation can answer beside its success: what it declares itself, and what follows from its kind."""
    declared = {int(status) for status in operation["responses"] if status.isdigit()}
    yield from sorted(declared & _MEANING.keys())
    yield from _OF_EVERY_ROUTE
    access = _access(method, path)
    if access is not Access.PUBLIC:
        yield 401
        if access not in _FOR_ALL_USERS:
            yield 403
    if _names_something(path, operation, bodies):
        yield 404
    if method != "get":
        yield 409
        yield 413


def _names_something(path: str, operation: Operation, bodies: Bodies) -> bool:
    """Whether the path, a parameter or a field says which of several things is meant."""
    names = [parameter["name"] for parameter in operation.get("parameters", ())]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        for each in (schema, *schema.get("anyOf", ())):
            names += bodies.get(each.get("$ref", ""), ())
    return "{" in path or any(name.endswith(("_id", "_ids", "link")) for name in names)
