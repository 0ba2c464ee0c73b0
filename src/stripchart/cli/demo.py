"""`stripchart demo`: a simulated plant, polled, recorded and shown live, in one go."""

from pathlib import Path
from typing import Annotated

import typer

from stripchart.cli.options import Host, Level, Port

_FIRST_PLANT_PORT = 15021
_PLANT_PORTS = 10
_PLANT_SPEED = 10.0
_HISTORY_DAYS = 8

DemoDataDir = Annotated[Path, typer.Option(file_okay=False, help="Data folder of the demo.")]
PlantPort = Annotated[
    int,
    typer.Option(
        min=0,
        max=65_536 - _PLANT_PORTS,
        help=f"First of the {_PLANT_PORTS} TCP ports of the simulated plant; 0 picks free ones.",
    ),
]
Speed = Annotated[float, typer.Option(min=0.1, max=1000, help="Plant seconds per real second.")]
History = Annotated[
    int,
    typer.Option(
        "--history",
        min=0,
        max=400,
        metavar="DAYS",
        help="Days of simulated history in a new data folder, one sample per minute; 0 for none.",
    ),
]
DemoLogLevel = Annotated[Level, typer.Option(help="Minimum level of log lines on stderr.")]


def demo(  # noqa: PLR0913 - a command's options
    host: Host = None,
    port: Port = None,
    plant_port: PlantPort = _FIRST_PLANT_PORT,
    data_dir: DemoDataDir = Path(".stripchart-demo"),
    speed: Speed = _PLANT_SPEED,
    history: History = _HISTORY_DAYS,
    log_level: DemoLogLevel = "warning",
) -> None:
    """Run Stripchart on a simulated plant: gensets, switchgear, a building, sensors, a meter and an inverter.

    The plant is simulated on real Modbus ports of this machine and polled like any other. Its history stays in the \
data folder for the next demo; delete the folder to start afresh.

    A new data folder starts with a simulated history, so that last Tuesday can be looked at right away: days and \
nights, weekends, starts and stops, mains failures, hours without communication. It is written in the background, \
newest day first, while the plant is already live. The history runs in real time; the live plant runs \
[bold]--speed[/] times as fast, and its load and weather pass through a day every hour of plant time.

    While it runs, type commands to disturb the plant: [bold]fault G1 mute[/] makes genset G1 stop responding, \
[bold]clear G1[/] ends that, [bold]set G1 coolant_temp 95[/] holds a value, [bold]help[/] lists all commands.

    [bold]Examples[/]
      stripchart demo
      stripchart demo --history 31
      stripchart demo --port 8090 --speed 60 --data-dir /tmp/demo
    """
    from stripchart.cli.configuration import settings_from
    from stripchart.cli.demo_plant import PlantOptions, show_plant
    from stripchart.cli.expected import naming_option
    from stripchart.cli.interrupt import run_until_interrupted
    from stripchart.cli.logs import configure_logs

    settings = settings_from(host=host, port=port, data_dir=data_dir, log_level=log_level, allow_writes=True)
    # The demo keeps to its own folder.
    settings = settings.model_copy(update={"database_url": None, "redis_url": None})
    configure_logs(settings.log_level, settings.log_format)
    options = PlantOptions(plant_port, speed, history)
    with naming_option("--plant-port"):
        run_until_interrupted(lambda interrupts: show_plant(settings, interrupts, options))


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
