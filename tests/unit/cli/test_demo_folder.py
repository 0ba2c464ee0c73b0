"""The demo never touches the catalog of a real plant."""

from pathlib import Path

import pytest

from stripchart.cli.demo_plant import claim_folder
from stripchart.cli.failure import CommandError
from stripchart.settings import Settings


def test_a_new_folder_and_the_demo_s_own_are_taken(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    claim_folder(settings)
    settings.catalog_file.touch()
    claim_folder(settings)


def test_a_folder_with_a_plant_of_one_s_own_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.catalog_file.touch()
    with pytest.raises(CommandError, match="not the demo's; choose another folder with --data-dir"):
        claim_folder(settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalog.db"]
