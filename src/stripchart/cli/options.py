"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Language = Literal["en", "zh", "ru"]
Level = Literal["debug", "info", "warning", "error"]

Host = Annotated[
    str | None,
    typer.Option(
        help="Address to listen on; 0.0.0.0 for all addresses of this machine. "
        "\\[default: STRIPCHART_HOST or 127.0.0.1]"
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65_535,
        help="TCP port of the page and the API; 0 picks a free one. \\[default: STRIPCHART_PORT or 8080]",
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        file_okay=False,
        help="Data folder: catalog, history, your own profiles (in profiles/). "
        "\\[default: STRIPCHART_DATA_DIR or stripchart-data]",
    ),
]
ProfilesDir = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        file_okay=False,
        help="Folder with your own profiles (*.yaml); they take precedence over the shipped ones.",
    ),
]
RoleOfProcess = Annotated[
    Literal["collector", "api", "all"] | None,
    typer.Option(
        help="Role of this process: collector polls and records, api serves the page and the API, all does both. "
        "Several processes share a plant through the same STRIPCHART_DATABASE_URL and STRIPCHART_REDIS_URL. "
        "\\[default: STRIPCHART_ROLE or all]"
    ),
]
Languages = Annotated[Language, typer.Option(help="Language of names and labels.")]
LogLevel = Annotated[
    Level | None,
    typer.Option(help="Minimum level of log lines on stderr. \\[default: STRIPCHART_LOG_LEVEL or info]"),
]
