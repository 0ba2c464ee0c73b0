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
