"""Help teaches: what a command is for, an example, and what holds when an option is left out."""

import re

import pytest
from typer.testing import CliRunner

from stripchart.cli.app import build_app
from stripchart.simulator.plant import DEMO_PLANT
from stripchart.simulator.running import DEMO_SPEED

COMMANDS = ["demo", "serve", "simulate", "read", "write", "plan", "profiles list", "profiles show", "profiles check"]
OF_HISTORY = ("check", "stats", "compact", "backup", "restore", "export", "import", "move")
COMMANDS += [f"history {name}" for name in OF_HISTORY]


def help_of(command: str) -> str:
    result = CliRunner().invoke(
        build_app(), [*command.split(), "--help"], env={"TERMINAL_WIDTH": "200", "NO_COLOR": "1"}
    )
    assert result.exit_code == 0
    return re.sub(r"[\s│]+", " ", result.output)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_in_its_help(command: str) -> None:
    assert re.search(rf"Examples? stripchart {command}", help_of(command))


@pytest.mark.parametrize(
    ("command", "default"),
    [
        ("serve", "[default: STRIPCHART_PORT or 8080]"),
        ("serve", "[default: STRIPCHART_DATA_DIR or stripchart-data]"),
        ("simulate", "[default: 5020]"),
        ("simulate", "[default: 1]"),
        ("read", "[default: en]"),
        ("demo", f"[default: {DEMO_SPEED}]"),
        ("demo", f"[default: {min(link.port for link in DEMO_PLANT.links)}]"),
    ],
)
def test_help_says_what_holds_when_an_option_is_left_out(command: str, default: str) -> None:
    assert default in help_of(command)


def test_the_demo_says_how_many_ports_its_plant_takes() -> None:
    ports = [link.port for link in DEMO_PLANT.links]
    assert max(ports) - min(ports) + 1 == len(ports) == 10
    assert "10 TCP ports" in help_of("demo")
