"""What a command does not need is not imported for it: importing takes longer than most commands."""

import subprocess
import sys

_LIST_LOADED = "from stripchart.cli.app import build_app; import sys; build_app(); print(*sys.modules)"


def test_the_program_is_built_without_what_only_its_commands_need() -> None:
    asked = [sys.executable, "-c", _LIST_LOADED]
    loaded = set(subprocess.run(asked, stdout=subprocess.PIPE, text=True, timeout=60, check=True).stdout.split())
    assert "stripchart.cli.serve" in loaded
    assert loaded.isdisjoint({"asyncio", "numpy", "pydantic", "rich.table", "ruamel.yaml", "sqlalchemy", "ssl"})
