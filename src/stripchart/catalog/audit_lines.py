"""The audit as lines of text: CSV for spreadsheets, JSON for programs."""

import csv
import io
from dataclasses import fields
from typing import Any

import orjson

from stripchart.catalog.chain import Record
from stripchart.model.time import to_iso

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("id", "at", *(field.name for field in fields(Record) if field.name not in {"id", "at_ms"}))


def csv_header() -> str:
    return _csv(COLUMNS)


def csv_line(record: Record) -> str:
    """A text that a spreadsheet would take for a formula has an apostrophe before it."""
    cells = [str(getattr(record, name)) for name in COLUMNS if name not in {"id", "at"}]
    return _csv([str(record.id), to_iso(record.at_ms), *(_defused(cell) for cell in cells)])


def json_line(record: Record) -> str:
    """`changes` is the very text that was hashed, so that the chain can be checked without the database."""
    return orjson.dumps({**as_object(record), "at_ms": record.at_ms, "changes": record.changes}).decode() + "\n"


def as_object(record: Record) -> dict[str, Any]:
    """The record with its time in ISO 8601 and its changes as an object, as far as they can be read."""
    told = {name: getattr(record, name) for name in COLUMNS if name != "at"}
    return {**told, "at": to_iso(record.at_ms), "changes": _changes(record.changes)}


def _changes(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
