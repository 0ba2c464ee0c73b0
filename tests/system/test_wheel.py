"""What users get is what was tested: the wheel holds the page, the profiles and the migrations, and runs."""

import asyncio
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.system.programs import PATIENCE_S, environment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE_S)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_what_is_not_python(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    wanted = {
        str(path.relative_to(source))
        for pattern in ("profiles/definitions/*.yaml", "history/**/*.sql", "web_dist/**/*", "py.typed")
        for path in (source / "stripchart").glob(pattern)
        if path.is_file()
    }
    assert "stripchart/web_dist/index.html" in wanted, "the page is not built: make page"
    assert wanted - names == set()
    assert any(name.startswith("stripchart/catalog/migrations/versions/") for name in names)


async def test_the_unpacked_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stripchart", "profiles", "list"),
        cwd=tmp_path,
        env=environment() | {"PYTHONPATH": str(tmp_path / "site")},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        said, _ = await process.communicate()
    assert process.returncode == 0
    assert "smartgen-hgm9520n" in said.decode()
