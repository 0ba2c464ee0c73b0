"""Opening the history where the settings say it is: in files of our own, or on a server behind a spool."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stripchart.history.base import Historian
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.history.on_server import OnServer
from stripchart.history.options import HistoryOptions
from stripchart.history.spool.historian import open_spooled
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.timescale.options import ServerOptions, place_of

if TYPE_CHECKING:
    from stripchart.history.timescale.historian import ServerHistorian


@dataclass(frozen=True, slots=True)
class Place:
    """Where the history is: in `folder`, or with a `url` on that server; then what waits is in `spool_folder`."""

    folder: Path
    spool_folder: Path
    url: str | None

    @property
    def told(self) -> str:
        """How messages call it, without a password."""
        return str(self.folder) if self.url is None else place_of(self.url)


@dataclass(frozen=True, slots=True)
class Kept:
    """An open history; `server` is None while it is in files of our own."""

    historian: Historian
    server: OnServer | None = None


@asynccontextmanager
async def open_history(place: Place, options: HistoryOptions, spool: SpoolOptions) -> AsyncIterator[Kept]:
    """The history, closed when the context ends. Raises HistoryError."""
    if place.url is None:
        async with open_historian(place.folder, _embedded(options)) as historian:
            yield Kept(historian)
        return
    from stripchart.history.timescale.storing import checked

    async with (
        open_server(place, options) as on_server,
        open_spooled(on_server, place.spool_folder, spool, checked) as spooled,
    ):
        yield Kept(spooled, OnServer(spooled, on_server, on_server.figures))


async def why_away(place: Place) -> str | None:
    """Why the server does not answer now, in words; None when it does, and for files of our own."""
    if place.url is None:
        return None
    from stripchart.history.timescale.reach import why_away as why_server_is_away

    return await why_server_is_away(ServerOptions(place.url))


@asynccontextmanager
async def open_directly(place: Place, options: HistoryOptions) -> AsyncIterator[Historian]:
    """The same without a spool, for a command that can tell its user to try again. Raises HistoryError."""
    if place.url is None:
        async with open_historian(place.folder, _embedded(options)) as historian:
            yield historian
    else:
        async with open_server(place, options) as on_server:
            yield on_server


def open_server(place: Place, options: HistoryOptions) -> "AbstractAsyncContextManager[ServerHistorian]":
    """The historian of the server, which there must be, without a spool."""
    # Loaded when it is needed: its driver takes memory.
    from stripchart.history.timescale.historian import open_historian as open_on_server

    return open_on_server(_server(place.url or "", options))


def _embedded(options: HistoryOptions) -> EmbeddedOptions:
    return EmbeddedOptions(
        head_bytes=options.head_bytes, max_bytes=options.max_bytes, drop_when_full=options.drop_when_full
    )


def _server(url: str, options: HistoryOptions) -> ServerOptions:
    return ServerOptions(url, max_bytes=options.max_bytes, drop_when_full=options.drop_when_full)
