"""Settings: environment variables with the prefix STRIPCHART_, read once."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from stripchart.pipeline.pipeline import PipelineOptions


class Settings(BaseSettings):
    """`data_dir` holds everything that is kept: catalog, history, and the user's own profiles.

    `port` 0 takes a free one.
    """

    model_config = SettingsConfigDict(env_prefix="STRIPCHART_", env_nested_delimiter="__", frozen=True)

    data_dir: Path = Path("stripchart-data")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    pipeline: PipelineOptions = PipelineOptions()

    @property
    def catalog_file(self) -> Path:
        return self.data_dir / "catalog.db"

    @property
    def history_folder(self) -> Path:
        return self.data_dir / "history"

    @property
    def profiles_folder(self) -> Path:
        return self.data_dir / "profiles"
