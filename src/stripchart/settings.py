"""Settings: environment variables with the prefix STRIPCHART_, read once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, FilePath, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from stripchart.api.t3000.options import ApiOptions
from stripchart.bus.options import check_url as check_redis
from stripchart.catalog.database import url_of
from stripchart.history.opening import Place
from stripchart.history.options import HistoryOptions
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.timescale.options import check_url
from stripchart.model.role import Role
from stripchart.pipeline.eviction import CacheOptions
from stripchart.pipeline.pipeline import PipelineOptions
from stripchart.polling.collector import CollectionOptions
from stripchart.polling.live_reads import LiveReadOptions
from stripchart.polling.options import PollingOptions

SECRET_LENGTH = 32
"""Of characters: as many as the hash of the signature has bytes (RFC 7518, clause 3.2)."""


@dataclass(frozen=True, slots=True)
class OtherName:
    """A setting as another program calls it. `part` empty: an option of its own. `unit`: what a 1 of it is here."""

    part: str
    option: str
    unit: float = 1


OTHER_NAMES: Mapping[str, OtherName] = {
    "MODBUS_TIMEOUT": OtherName("polling", "timeout_s"),
    "MODBUS_RETRY_ATTEMPTS": OtherName("polling", "attempts"),
    "DATABASE_URL": OtherName("", "database_url"),
    "REDIS_URL": OtherName("", "redis_url"),
    "ACCESS_TOKEN_EXPIRE_MINUTES": OtherName("", "access_token_minutes"),
    "CORS_ORIGINS": OtherName("", "cors_origins"),
    "JWT_SECRET_KEY": OtherName("", "signing_secret"),
    "LOG_LEVEL": OtherName("", "log_level"),
    "PROMETHEUS_ENABLED": OtherName("", "metrics_enabled"),
    "DATABASE_POOL_SIZE": OtherName("", "catalog_pool_size"),
    "CACHE_DURATION_SECONDS": OtherName("cache", "duration_s"),
    "CACHE_CLEANUP_INTERVAL_MINUTES": OtherName("cache", "cleanup_interval_minutes"),
    "DATA_RETENTION_DAYS": OtherName("history", "raw_days"),
    "PARTITION_CLEANUP_ENABLED": OtherName("history", "drop_expired"),
    "T3000_INTERFACE_TIMEOUT": OtherName("live_reads", "timeout_s", unit=0.001),
    "T3000_MAX_RETRIES": OtherName("live_reads", "retries"),
    "T3000_BULK_REQUEST_SIZE": OtherName("live_reads", "bulk_size"),
    "BACKGROUND_COLLECTION_ENABLED": OtherName("collection", "enabled"),
    "DEFAULT_TREND_INTERVAL_SECONDS": OtherName("collection", "interval_s"),
    "COLLECTOR_ERROR_RETRY_SECONDS": OtherName("collection", "retry_s"),
    "MAX_CONCURRENT_COLLECTIONS": OtherName("collection", "at_once"),
    "API_REQUEST_TIMEOUT_SECONDS": OtherName("api", "request_timeout_s"),
    "API_MAX_CONCURRENT_REQUESTS": OtherName("api", "concurrent_requests"),
}
"""Environment variables of other programs that say the same; Stripchart's own go before them."""

_SQLITE = "sqlite:///"


class Settings(BaseSettings):
    """`data_dir` holds everything that is kept: catalog, history, and the user's own profiles.

    `port` 0 takes a free one. `stream_is_public`: live values may be followed without signing in.
    `metrics_enabled`: there are figures for Prometheus; `metrics_are_public`: anybody may have them.
    `signing_secret`: signs tokens in place of that of the data folder. `access_token_minutes`: how long one is good.
    `allow_writes`: those who may can write to devices; without it nobody can.
    `host_names`: names, separated by commas, that the server answers to beside its addresses and its own name.
    `tls_certificate`, `tls_key`: PEM files; with them the page and the API are served over TLS.
    `log_format` auto: for people in a terminal, JSON elsewhere. `cors_origins`: pages of these origins, separated by
    commas, may use the API too. `max_request_bytes` of a body; `requests_per_minute` of an address that is not of
    this machine, all at once or evenly; none: as many as come.
    `notification_days`: how long notifications are kept. `catalog_pool_size`: connections to the catalog's database.
    `database_url`: PostgreSQL, with TimescaleDB or without, that keeps catalog and history; none: files of our own.
    `database_wait_s`: how long a start waits for a database that does not answer; none: for ever.
    `redis_url`: Redis, where others find the latest values; none: it is not needed.
    `role`: what this process does, when several share database and Redis: poll, answer, or both.
    `spool`: what of the history waits on the disk while that is away.
    """

    model_config = SettingsConfigDict(
        env_prefix="STRIPCHART_", env_nested_delimiter="__", env_parse_none_str="none", frozen=True
    )

    data_dir: Path = Path("stripchart-data")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "console", "json"] = "auto"
    stream_is_public: bool = True
    socket_is_public: bool = False
    metrics_enabled: bool = True
    metrics_are_public: bool = True
    signing_secret: SecretStr | None = Field(default=None, min_length=SECRET_LENGTH)
    access_token_minutes: int = Field(default=30, ge=1, le=1440)
    allow_writes: bool = False
    host_names: Annotated[tuple[str, ...], NoDecode] = ()
    tls_certificate: FilePath | None = None
    tls_key: FilePath | None = None
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    max_request_bytes: int = Field(default=10_485_760, ge=65_536)
    requests_per_minute: int | None = Field(default=6000, ge=60)
    notification_days: int = Field(default=90, ge=1, le=3650)
    catalog_pool_size: int = Field(default=10, ge=1, le=100)
    database_url: str | None = None
    database_wait_s: float | None = Field(default=None, ge=0)
    redis_url: str | None = None
    role: Role = Role.ALL
    history: HistoryOptions = HistoryOptions()
    spool: SpoolOptions = SpoolOptions()
    pipeline: PipelineOptions = PipelineOptions()
    polling: PollingOptions = PollingOptions()
    cache: CacheOptions = CacheOptions()
    live_reads: LiveReadOptions = LiveReadOptions()
    collection: CollectionOptions = CollectionOptions()
    api: ApiOptions = ApiOptions()

    @field_validator("data_dir", mode="before")
    @classmethod
    def _folder_of(cls, given: object) -> object:
        """The data folder of an address such as `sqlite:///data/stripchart.db`: the folder of its file."""
        if not isinstance(given, str) or "://" not in given:
            return given
        if not given.startswith(_SQLITE) or given == _SQLITE:
            raise ValueError("allowed is a folder, or the address of a SQLite file, as sqlite:///data/stripchart.db")
        return Path(given.removeprefix(_SQLITE)).parent

    @field_validator("log_level", mode="before")
    @classmethod
    def _small(cls, given: object) -> object:
        return given.lower() if isinstance(given, str) else given

    @field_validator("host_names", "cors_origins", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        """Names with commas between, or as a JSON list."""
        if given is None:
            return ()
        if isinstance(given, str) and given.lstrip().startswith("["):
            given = given.strip().strip("[]").replace('"', "")
        return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else given

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, given: str | None) -> str | None:
        return None if given is None else check_url(given)

    @field_validator("redis_url")
    @classmethod
    def _check_redis(cls, given: str | None) -> str | None:
        return None if given is None else check_redis(given)

    @field_validator("role")
    @classmethod
    def _check_role(cls, role: Role, info: ValidationInfo) -> Role:
        missing = [name for name in ("redis_url", "database_url") if info.data.get(name, "") is None]
        if role is not Role.ALL and missing:
            names = " and ".join(f"STRIPCHART_{name}".upper() for name in missing)
            raise ValueError(f"it works beside other processes and needs {names}, the same as theirs")
        return role

    @property
    def is_shared(self) -> bool:
        """Whether other processes may poll the same plant: what each of them does is held by leases."""
        return self.redis_url is not None and self.database_url is not None

    @model_validator(mode="after")
    def _has_both_or_none(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key: give both, or none")
        return self

    @property
    def catalog_file(self) -> Path:
        return self.data_dir / "catalog.db"

    @property
    def catalog_url(self) -> str:
        """Where the catalog is."""
        return self.database_url or self.catalog_file_url

    @property
    def catalog_file_url(self) -> str:
        """The address of the catalog in a file of our own."""
        return url_of(self.catalog_file)

    @property
    def has_catalog(self) -> bool:
        """Whether there can be one; of a server nobody can tell before asking it."""
        return self.database_url is not None or self.catalog_file.exists()

    @property
    def history_place(self) -> Place:
        """Where the history is."""
        return Place(self.history_folder, self.data_dir / "spool", self.database_url)

    @property
    def history_folder(self) -> Path:
        return self.data_dir / "history"

    @property
    def secret_file(self) -> Path:
        return self.data_dir / "signing-secret"

    @property
    def profiles_folder(self) -> Path:
        return self.data_dir / "profiles"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _OtherNames(settings_cls)


class _OtherNames(PydanticBaseSettingsSource):
    """Settings under the names that other programs give them; one without an option is a setting by itself."""

    def get_field_value(self, field: object, field_name: str) -> tuple[object, str, bool]:
        given: dict[str, object] = {}
        for variable, other in OTHER_NAMES.items():
            if variable not in os.environ:
                continue
            value = _in_our_unit(os.environ[variable], other.unit)
            if not other.part and _option_of(other, value) == field_name:
                return value, field_name, False
            if other.part == field_name:
                given[other.option] = value
        return given, field_name, False

    def __call__(self) -> dict[str, object]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: given for name, given in found.items() if given}


def _in_our_unit(given: str, unit: float) -> object:
    """What is no number is left as it is, and refused under its own name later on."""
    if unit == 1:
        return given
    try:
        return float(given) * unit
    except ValueError:
        return given


def _option_of(other: OtherName, value: object) -> str:
    """The address of a SQLite file says where all files are; that of a server, that there is one."""
    is_file = other.option == "database_url" and str(value).startswith("sqlite:")
    return "data_dir" if is_file else other.option
