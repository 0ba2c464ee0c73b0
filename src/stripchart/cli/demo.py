"""`stripchart demo`: a simulated plant, polled, recorded and shown live, in one go."""

from pathlib import Path
from typing import Annotated

import typer

from stripchart.cli.options import Host, Level, Port

_FIRST_PLANT_PORT = 15021
_PLANT_PORTS = 10
_PLANT_SPEED = 10.0

DemoDataDir = Annotated[Path, typer.Option(file_okay=False, help="Folder for the demo's catalog and history.")]
PlantPort = Annotated[
    int,
    typer.Option(
        min=0,
        max=65_536 - _PLANT_PORTS,
        help=f"First of the simulated plant's {_PLANT_PORTS} TCP ports; 0 takes free ones.",
    ),
]
Speed = Annotated[float, typer.Option(min=0.1, max=1000, help="Plant seconds that pass in a real second.")]
DemoLogLevel = Annotated[Level, typer.Option(help="Least level of what is logged on stderr.")]


def demo(
    host: Host = None,
    port: Port = None,
    plant_port: PlantPort = _FIRST_PLANT_PORT,
    data_dir: DemoDataDir = Path(".stripchart-demo"),
    speed: Speed = _PLANT_SPEED,
    log_level: DemoLogLevel = "warning",
) -> None:
    """Show Stripchart at work: two power houses, a switchboard, a building, sensors, a meter and an inverter.

    The plant is simulated on real Modbus ports of this machine, and polled like any other. What it records is kept \
in the data folder, so that the next demo still has it; delete the folder to start afresh.

    While it runs it takes commands, a line each: [bold]help[/] names them, [bold]fault G1 mute[/] silences genset \
G1, [bold]clear G1[/] heals it, [bold]set G1 coolant_temp 95[/] holds a value.

    [bold]Examples[/]
      stripchart demo
      stripchart demo --port 8090 --speed 60 --data-dir /tmp/demo
    """
    from stripchart.cli.configuration import settings_from
    from stripchart.cli.demo_plant import show_plant
    from stripchart.cli.failure import naming_option
    from stripchart.cli.interrupt import run_until_interrupted
    from stripchart.cli.logs import configure_logs

    settings = settings_from(host=host, port=port, data_dir=data_dir, log_level=log_level, allow_writes=True)
    # The demo keeps to its own folder.
    settings = settings.model_copy(update={"database_url": None, "redis_url": None})
    configure_logs(settings.log_level, settings.log_format)
    with naming_option("--plant-port"):
        run_until_interrupted(lambda interrupts: show_plant(settings, interrupts, plant_port, speed))


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
