"""Settings: the environment, with the command line on top."""

import pytest

from stripchart.cli.configuration import settings_from, unknown_variables
from stripchart.cli.failure import CommandError


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "DATA_DIR", "LOG_LEVEL"):
        monkeypatch.delenv(f"STRIPCHART_{name}", raising=False)


def test_an_option_goes_before_the_environment_also_when_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPCHART_PORT", "abc")
    monkeypatch.setenv("STRIPCHART_LOG_LEVEL", "error")
    settings = settings_from(port=8090, log_level=None)
    assert (settings.port, settings.log_level) == (8090, "error")


def test_a_wrong_setting_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPCHART_PORT", "70000")
    with pytest.raises(CommandError, match=r"^STRIPCHART_PORT=70000: input should be less than or equal to 65535$"):
        settings_from()


def test_a_wrong_secret_is_named_and_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET_KEY", "changeme")
    with pytest.raises(CommandError) as caught:
        settings_from()
    assert "STRIPCHART_SIGNING_SECRET: must have at least 32 characters" in str(caught.value)
    assert "changeme" not in str(caught.value)


def test_a_part_of_the_settings_that_is_no_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPCHART_PIPELINE", "fast")
    with pytest.raises(CommandError, match='"pipeline"'):
        settings_from()


def test_a_misspelt_variable_is_told_with_the_nearest_one() -> None:
    (warning,) = unknown_variables(["STRIPCHART_DATADIR", "STRIPCHART_PORT", "PATH"])
    assert warning.startswith("STRIPCHART_DATADIR is not a setting")
    assert "did you mean 'STRIPCHART_DATA_DIR'?" in warning


def test_known_variables_are_not_warned_about_in_any_case_nor_nested() -> None:
    known = ["STRIPCHART_HOST", "stripchart_log_level", "STRIPCHART_PIPELINE", "STRIPCHART_PIPELINE__RETRY_S"]
    assert unknown_variables(known) == []
