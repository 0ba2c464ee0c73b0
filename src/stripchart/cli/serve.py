"""`stripchart serve`: poll, record, and serve the page and the API."""

from typing import TYPE_CHECKING

import typer

from stripchart.cli.options import DataDir, Host, LogLevel, Port, RoleOfProcess
from stripchart.cli.terminal import output
from stripchart.model.role import Role

if TYPE_CHECKING:
    from stripchart.api.parts import Parts

_DOES = {Role.ALL: "polls", Role.COLLECTOR: "collects, beside others,", Role.API: "shows"}


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    log_level: LogLevel = None,
    role: RoleOfProcess = None,
) -> None:
    """Poll the configured devices, record every reading, and show them live in a browser.

    The first start prints a link with which you become the owner; [bold]stripchart user[/] makes users too. Devices \
are added through the API, described at /docs on the same port, and are polled at once.

    Settings also come from environment variables, and the options go before them: STRIPCHART_HOST, STRIPCHART_PORT, \
STRIPCHART_DATA_DIR, STRIPCHART_LOG_LEVEL, STRIPCHART_ROLE.

    [bold]Examples[/]
      stripchart serve
      stripchart serve --port 8090 --data-dir /var/lib/stripchart
      stripchart serve --role collector
    """
    from stripchart.cli.configuration import settings_from
    from stripchart.cli.interrupt import run_until_interrupted
    from stripchart.cli.logs import configure_logs
    from stripchart.cli.server import serve as serve_until_stopped

    settings = settings_from(host=host, port=port, data_dir=data_dir, log_level=log_level, role=role)
    configure_logs(settings.log_level, settings.log_format)
    console = output()

    async def announce(parts: "Parts", url: str) -> None:
        count = len(parts.roster.all())
        does = _DOES[parts.role]
        console.print(f"Stripchart {does} {count} device{'' if count == 1 else 's'}: [bold]{url}[/]", soft_wrap=True)
        secret = await parts.doors.set_up.secret() if parts.role.answers else None
        if secret:
            console.print(f"nobody owns it yet; make the owner: [bold]{url}/setup#{secret}[/]", soft_wrap=True)
        console.print(f"data in {settings.data_dir.resolve()}; Ctrl-C stops it", style="dim", soft_wrap=True)

    run_until_interrupted(lambda interrupts: serve_until_stopped(settings, interrupts, announce))


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
