"""A setting that cannot work is refused at the start, by name."""

from pathlib import Path

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


OF_T3000 = {
    "DATABASE_URL": ("sqlite:///plant/t3000.db", "data_dir", Path("plant")),
    "DATABASE_POOL_SIZE": ("4", "catalog_pool_size", 4),
    "CACHE_DURATION_SECONDS": ("30", "cache.duration_s", 30.0),
    "CACHE_CLEANUP_INTERVAL_MINUTES": ("2", "cache.cleanup_interval_minutes", 2.0),
    "DATA_RETENTION_DAYS": ("1095", "history.raw_days", 1095),
    "PARTITION_CLEANUP_ENABLED": ("false", "history.drop_expired", False),
    "T3000_INTERFACE_TIMEOUT": ("2500", "live_reads.timeout_s", 2.5),
    "T3000_MAX_RETRIES": ("1", "live_reads.retries", 1),
    "T3000_BULK_REQUEST_SIZE": ("50", "live_reads.bulk_size", 50),
    "BACKGROUND_COLLECTION_ENABLED": ("false", "collection.enabled", False),
    "DEFAULT_TREND_INTERVAL_SECONDS": ("60", "collection.interval_s", 60),
    "COLLECTOR_ERROR_RETRY_SECONDS": ("10", "collection.retry_s", 10.0),
    "MAX_CONCURRENT_COLLECTIONS": ("3", "collection.at_once", 3),
    "API_REQUEST_TIMEOUT_SECONDS": ("5", "api.request_timeout_s", 5.0),
    "API_MAX_CONCURRENT_REQUESTS": ("7", "api.concurrent_requests", 7),
}
"""What is given, and where it goes."""


def test_every_setting_of_t3000_is_taken_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Settings()
    for variable, (given, _, _) in OF_T3000.items():
        monkeypatch.setenv(variable, given)
    settings = Settings()
    for variable, (_, place, wanted) in OF_T3000.items():
        name, _, option = place.partition(".")
        found, before = (getattr(each, name) for each in (settings, plain))
        assert (getattr(found, option) if option else found) == wanted, variable
        assert (getattr(before, option) if option else before) != wanted, variable


def test_what_a_setting_of_t3000_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, given, said in (
        ("DATABASE_URL", "mysql://db/t3000", "postgresql"),
        ("T3000_INTERFACE_TIMEOUT", "soon", "timeout_s"),
        ("T3000_BULK_REQUEST_SIZE", "0", "bulk_size 0: allowed are 1 to 1000"),
        ("CACHE_DURATION_SECONDS", "-1", "duration_s"),
        ("API_MAX_CONCURRENT_REQUESTS", "0", "concurrent_requests"),
        ("COLLECTOR_ERROR_RETRY_SECONDS", "0", "retry_s"),
    ):
        with monkeypatch.context() as one:
            one.setenv(variable, given)
            with pytest.raises(ValidationError, match=said):
                Settings()


def test_settings_are_also_known_by_the_names_of_other_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODBUS_TIMEOUT", "4")
    monkeypatch.setenv("MODBUS_RETRY_ATTEMPTS", "5")
    monkeypatch.setenv("STRIPCHART_POLLING__TIMEOUT_S", "3")
    polling = Settings().polling
    assert (polling.timeout_s, polling.attempts, polling.pause_before_retry_s) == (3.0, 5, 0.5)
    assert (polling.pacing.timeout_s, polling.pacing.retries) == (3.0, 4)


def test_a_server_is_set_up_with_the_names_of_ddms(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "JWT_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "ACCESS_TOKEN_EXPIRE_MINUTES": "15",
        "CORS_ORIGINS": '["http://localhost:3000", "https://scada.example"]',
        "PROMETHEUS_ENABLED": "False",
        "LOG_LEVEL": "WARNING",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.signing_secret is not None
    assert settings.signing_secret.get_secret_value() == given["JWT_SECRET_KEY"]
    assert given["JWT_SECRET_KEY"] not in repr(settings)
    assert settings.cors_origins == ("http://localhost:3000", "https://scada.example")
    found = settings.access_token_minutes, settings.metrics_enabled, settings.log_level
    assert found == (15, False, "warning")


def test_a_signing_secret_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET_KEY", "changeme")
    with pytest.raises(ValidationError, match="32"):
        Settings()


@pytest.mark.parametrize("role", ["collector", "api"])
def test_a_role_beside_other_processes_needs_what_they_share(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPCHART_ROLE", role)
    with pytest.raises(ValidationError, match="needs STRIPCHART_REDIS_URL and STRIPCHART_DATABASE_URL, the same"):
        Settings()
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/0")
    with pytest.raises(ValidationError, match="needs STRIPCHART_DATABASE_URL, the same"):
        Settings()
    monkeypatch.setenv("DATABASE_URL", "postgresql://stripchart@127.0.0.1/plant")
    assert Settings().role == role
    assert Settings().is_shared


def test_a_process_alone_shares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/0")
    assert Settings().role == "all"
    assert not Settings().is_shared
