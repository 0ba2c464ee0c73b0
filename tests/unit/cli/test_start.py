"""What a command does not need is not imported for it: importing takes longer than most commands."""

import subprocess
import sys

_LIST_LOADED = """
import sys
from stripchart.cli.app import build_app
build_app()
print(*sys.modules)
from stripchart.cli import configuration
print(*sys.modules)
"""


def test_the_program_and_its_settings_need_little_of_what_single_commands_do() -> None:
    asked = [sys.executable, "-c", _LIST_LOADED]
    done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    program, with_settings = (set(line.split()) for line in done.stdout.splitlines())
    assert "stripchart.cli.serve" in program
    assert program.isdisjoint({"asyncio", "numpy", "pydantic", "rich.table", "ruamel.yaml", "sqlalchemy", "ssl"})
    assert "stripchart.settings" in with_settings
    assert with_settings.isdisjoint({"fastapi", "starlette", "uvicorn"})
