"""The signing secret is made once, and nobody else reads it."""

from pathlib import Path

import pytest

from stripchart.auth.errors import SecretError
from stripchart.auth.secret import signing_secret


def test_it_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    made = signing_secret(file)
    assert len(made) == 32
    assert signing_secret(file) == made
    assert file.stat().st_mode & 0o777 == 0o600


def test_rights_that_were_loosened_are_tightened_again(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    signing_secret(file)
    file.chmod(0o644)
    signing_secret(file)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "no hex", "abcd"])
def test_a_file_that_holds_something_else_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secret"
    file.write_text(content)
    with pytest.raises(SecretError, match="no signing secret; remove it"):
        signing_secret(file)
