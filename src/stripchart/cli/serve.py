"""`stripchart serve`: poll, record, and serve the page and the API."""

import typer
import uvloop
from rich.console import Console

from stripchart.api.parts import Parts
from stripchart.cli.logs import configure_logs
from stripchart.cli.options import DataDir, Host, LogLevel, Port, settings_from
from stripchart.cli.server import serve as serve_until_stopped


def serve(host: Host = None, port: Port = None, data_dir: DataDir = None, log_level: LogLevel = None) -> None:
    """Poll the configured devices, record every reading, and show them live in a browser.

    Settings come from the environment (STRIPCHART_HOST, STRIPCHART_PORT, STRIPCHART_DATA_DIR, STRIPCHART_LOG_LEVEL);
    options go before them. Devices are added through the API (see /docs) and are polled at once.
    """
    settings = settings_from(host=host, port=port, data_dir=data_dir, log_level=log_level)
    configure_logs(settings.log_level)
    console = Console()

    async def announce(parts: Parts) -> None:
        devices = len(parts.roster.all())
        console.print(f"Stripchart polls {devices} devices: [bold]http://{settings.host}:{settings.port}[/]")
        console.print(f"data in {settings.data_dir.resolve()}; Ctrl-C stops it", style="dim")

    uvloop.run(serve_until_stopped(settings, announce))


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
