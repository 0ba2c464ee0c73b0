"""A table as the bytes of a file, made piece by piece while it is read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import IO, Literal, Protocol

from stripchart.interop.long_form import LongBuckets, LongSamples
from stripchart.interop.rows import Heading, Rows
from stripchart.interop.series import Asked
from stripchart.interop.wide_form import WideBuckets, WideSamples

Layout = Literal["long", "wide"]


class Table(Protocol):
    """Rows that are read as they are asked for. The first column is the time."""

    @property
    def headings(self) -> Sequence[Heading]: ...

    def batches(self) -> AsyncIterator[Rows]: ...


class Encoder(Protocol):
    """Makes a file of the pieces of a table, a part of it at a time. `begin` first, `end` last."""

    def begin(self) -> bytes: ...

    def add(self, rows: Rows) -> bytes: ...

    def end(self) -> bytes: ...


def table_of(asked: Asked, layout: Layout) -> Table:
    """`long`: a row for each sample or bucket; `wide`: a row for each time, with a column for each point."""
    if asked.grid is None:
        return LongSamples(asked) if layout == "long" else WideSamples(asked)
    return LongBuckets(asked, asked.grid) if layout == "long" else WideBuckets(asked, asked.grid)


async def chunks(table: Table, encoder: Encoder) -> AsyncIterator[bytes]:
    """The file in pieces. The next one is read when it is asked for, and no sooner."""
    yield encoder.begin()
    async for rows in table.batches():
        content = await asyncio.to_thread(encoder.add, rows)
        if content:
            yield content
    content = await asyncio.to_thread(encoder.end)
    if content:
        yield content


async def spreadsheet(table: Table, zone: str) -> IO[bytes]:
    """The whole table as an XLSX file without a name, which goes away when it is closed. Raises TooManyRowsError."""
    from stripchart.interop.spreadsheet import SpreadsheetEncoder

    encoder = SpreadsheetEncoder(table.headings, zone)
    try:
        async for rows in table.batches():
            await asyncio.to_thread(encoder.add, rows)
        return await asyncio.to_thread(encoder.end)
    except BaseException:
        encoder.discard()
        raise
