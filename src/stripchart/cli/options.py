"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from stripchart.settings import Settings

Host = Annotated[str | None, typer.Option(help="Address to listen on; this machine only. [default: 127.0.0.1]")]
Port = Annotated[int | None, typer.Option(min=1, max=65_535, help="Port of the page and the API. [default: 8080]")]
DataDir = Annotated[
    Path | None, typer.Option(file_okay=False, help="Folder that holds everything that is kept: catalog and history.")
]
ProfilesDir = Annotated[
    Path | None, typer.Option(file_okay=False, help="Folder with profiles of your own, beside the shipped ones.")
]
LogLevel = Annotated[str | None, typer.Option(help="debug, info, warning or error. [default: info]")]


def settings_from(**options: object) -> Settings:
    """Settings of the environment, with the options that were given on the command line on top."""
    return Settings.model_validate({**Settings().model_dump(), **{k: v for k, v in options.items() if v is not None}})
