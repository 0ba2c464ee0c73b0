"""A setting that cannot work is refused at the start, by name."""

import pytest
from pydantic import ValidationError

from stripchart.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"), [("WAITING_SAMPLES", "-5"), ("STORE_SAMPLES", "0"), ("RETRY_S", "nan"), ("RETRY_S", "-1")]
)
def test_a_pipeline_that_cannot_work_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"STRIPCHART_PIPELINE__{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize(("name", "value"), [("TIMEOUT_S", "0"), ("ATTEMPTS", "0"), ("PAUSE_BEFORE_RETRY_S", "nan")])
def test_polling_that_cannot_work_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"STRIPCHART_POLLING__{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_are_also_known_by_the_names_of_other_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODBUS_TIMEOUT", "4")
    monkeypatch.setenv("MODBUS_RETRY_ATTEMPTS", "5")
    monkeypatch.setenv("STRIPCHART_POLLING__TIMEOUT_S", "3")
    polling = Settings().polling
    assert (polling.timeout_s, polling.attempts, polling.pause_before_retry_s) == (3.0, 5, 0.5)
    assert (polling.pacing.timeout_s, polling.pacing.retries) == (3.0, 4)
