"""`stripchart serve`: poll, record, and serve the page and the API."""

from typing import TYPE_CHECKING

import typer

from stripchart.cli.options import DataDir, Host, LogLevel, Port, RoleOfProcess
from stripchart.cli.terminal import output
from stripchart.model.role import Role

if TYPE_CHECKING:
    from stripchart.api.parts import Parts

_DOES = {Role.ALL: "polls", Role.COLLECTOR: "shares, with other collectors,", Role.API: "serves"}


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    log_level: LogLevel = None,
    role: RoleOfProcess = None,
) -> None:
    """Run the server: poll the configured devices, record every sample, and serve the page and the API.

    The first start prints a link that makes you the owner; [bold]stripchart user create[/] does the same. Add \
devices on the page or through the API (described at /docs on the same port); they are polled at once.

    Every setting is also an environment variable, such as STRIPCHART_DATA_DIR; options take precedence.

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
            console.print(
                f"no owner yet; open this link to create the owner: [bold]{url}/setup#{secret}[/]", soft_wrap=True
            )
        console.print(f"data in {settings.data_dir.resolve()}; Ctrl-C stops the server", style="dim", soft_wrap=True)

    run_until_interrupted(lambda interrupts: serve_until_stopped(settings, interrupts, announce))


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
