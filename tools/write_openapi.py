"""Writes the server's OpenAPI description, from which the page's types are made."""

import sys
from pathlib import Path

import orjson

from stripchart.api.app import build_api


def openapi_json() -> bytes:
    """The description, laid out so that changes are easy to read."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(build_api(None).openapi(), option=options)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(openapi_json())
