"""How a file of what was recorded is made: what is looked at before the first byte is sent, and what comes after."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import IO

from stripchart.api.downloads import PACKED_TYPES, Download, Downloads
from stripchart.api.errors import ApiError
from stripchart.api.export_request import ExportRequest
from stripchart.api.file_names import disposition
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.interop.csv_rows import CsvRows
from stripchart.interop.files import Encoder, Table, chunks, spreadsheet, table_of
from stripchart.interop.reading import extent, texts_in
from stripchart.interop.series import Asked, Cells, Series
from stripchart.interop.sheet_limits import TooManyRowsError, check_fits
from stripchart.model.point import DataType, Point, text_in
from stripchart.model.sample import PointId

_MOST_COLUMNS = 1000
_PIECE_BYTES = 256 * 1024
_WHOLE = {DataType.UINT64, DataType.INT64}


async def file_of(
    parts: Parts, wanted: ExportRequest, entries: Sequence[RosterEntry], things: str, downloads: Downloads
) -> Download:
    """Raises ApiError before anything is sent: when nothing was recorded, or when it does not fit."""
    asked = _asked(parts, wanted, entries)
    if entries:
        asked = await _narrowed(asked, wanted)
    table = table_of(asked, wanted.layout)
    headers = {
        "Content-Disposition": disposition(wanted.name(things, parts.clock.now_ms()), f".{wanted.format}"),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    downloads.begin()
    try:
        content = await _content(table, wanted)
    except BaseException:
        downloads.end()
        raise
    return Download(content, headers, PACKED_TYPES.get(wanted.format, "text/csv; charset=utf-8"), downloads)


def _asked(parts: Parts, wanted: ExportRequest, entries: Sequence[RosterEntry]) -> Asked:
    grid, span = wanted.grid(), wanted.span(parts)
    series = _series(wanted, entries)
    if wanted.layout == "wide" and len(series) > _MOST_COLUMNS:
        message = f"{len(series)} points: the wide layout has columns for {_MOST_COLUMNS}; ask for fewer"
        raise ApiError(422, "too_many_points", message, "layout")
    return Asked(parts.historian, series, span, Cells(wanted.format == "csv"), grid)


def _series(wanted: ExportRequest, entries: Sequence[RosterEntry]) -> list[Series]:
    """Points of the devices in the order of these; in that of the keys, when there are some."""
    keys = wanted.keys
    for key in keys:
        if entries and not any(key in entry.place_of for entry in entries):
            raise ApiError(422, "unknown_point", f"there is no point {key!r}", "points")
    return [
        _one(wanted, entry, entry.place_of[key])
        for entry in entries
        for key in keys or entry.place_of
        if key in entry.place_of
    ]


def _one(wanted: ExportRequest, entry: RosterEntry, place: int) -> Series:
    point = entry.points[place]
    labels = None
    if wanted.language is not None and (wanted.aggregate is None or wanted.layout == "wide"):
        labels = {code: text_in(texts, wanted.language) for code, texts in point.labels.items()}
    return Series(
        point=PointId(int(entry.point_ids[place])),
        device=entry.device.name,
        key=point.key,
        unit=point.unit,
        is_text=point.type is DataType.STRING,
        is_exact=_is_exact(point),
        is_state=point.type.is_state or bool(point.labels),
        labels=labels,
    )


def _is_exact(point: Point) -> bool:
    """Whether the value is the number of 64 bits itself, of which the historian keeps the digits."""
    is_plain = point.scale == 1 and not point.offset and point.scale_factor is None and point.scale_when is None
    return point.type in _WHOLE and is_plain


async def _narrowed(asked: Asked, wanted: ExportRequest) -> Asked:
    """The part of the range in which there is something. Raises ApiError when there is nothing, or far too much."""
    if asked.grid is not None:
        asked = replace(asked, series=asked.numbers)
    reach = await extent(asked.historian, asked.points, asked.span)
    if asked.grid is not None:
        if reach is None:
            raise _nothing()
        return replace(asked, span=reach)
    samples = await asked.historian.count(asked.points, *asked.span)
    if wanted.format == "xlsx":
        _check_rows(samples if wanted.layout == "long" else -(-samples // len(asked.series)))
    if any(each.is_text for each in asked.series):
        if not samples and not await _has_texts(asked):
            raise _nothing()
        return asked  # texts may be older than all samples
    if not samples or reach is None:
        raise _nothing()
    return replace(asked, span=reach)


def _nothing() -> ApiError:
    return ApiError(404, "nothing_found", "nothing was recorded of these points in this range")


def _check_rows(rows: int) -> None:
    try:
        check_fits(rows, 0)
    except TooManyRowsError as error:
        raise _too_many(error) from error


def _too_many(error: TooManyRowsError) -> ApiError:
    return ApiError(422, "too_many_rows", str(error), "format")


async def _has_texts(asked: Asked) -> bool:
    for each in asked.series:
        if each.is_text and await texts_in(asked.historian, each.point, asked.span):
            return True
    return False


async def _content(table: Table, wanted: ExportRequest) -> AsyncIterator[bytes]:
    """Raises ApiError when a spreadsheet has too many rows, which is found out before any of it is sent."""
    if wanted.format == "xlsx":
        try:
            return _read_out(await spreadsheet(table, wanted.zone))
        except TooManyRowsError as error:
            raise _too_many(error) from error
    return chunks(table, await asyncio.to_thread(_encoder, table, wanted))


def _encoder(table: Table, wanted: ExportRequest) -> Encoder:
    """Arrow is loaded when it is first needed: it takes memory that a server without such files does not need."""
    if wanted.format == "csv":
        return CsvRows(table.headings, wanted.zone, has_bom=wanted.bom)
    import pyarrow as pa

    from stripchart.interop.arrow_rows import ParquetRows

    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps some 20 MB of what it once had
    return ParquetRows(table.headings, wanted.zone)


async def _read_out(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while content := await asyncio.to_thread(file.read, _PIECE_BYTES):
            yield content
