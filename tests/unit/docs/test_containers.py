"""The container files fit the project: as far as that can be seen without an engine."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from stripchart.cli.configuration import unknown_variables
from stripchart.settings import Settings

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
VALUES = {"POSTGRES_PASSWORD": "secret", "STRIPCHART_HOST_NAMES": ""}
"""What stands for the variables of whoever starts it; a variable of another name fails."""


def test_all_that_goes_into_the_image_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert len(copied) >= 5
    missing = [path for line in copied for path in line.split() if not (ROOT / path).exists()]
    assert missing == []


def services() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(COMPOSE)["services"]
    return found


def programs() -> dict[str, Any]:
    """The services that are Stripchart."""
    return {name: each for name, each in services().items() if "build" in each}


def test_the_variables_of_the_image_and_of_the_services_are_settings() -> None:
    given = re.findall(r"(STRIPCHART_\w+)=", DOCKERFILE)
    assert {"STRIPCHART_DATA_DIR", "STRIPCHART_HOST", "STRIPCHART_PORT"} <= set(given)
    assert unknown_variables([*given, *(name for each in programs().values() for name in each["environment"])]) == []


def test_one_process_answers_and_several_poll() -> None:
    roles = [each["environment"]["STRIPCHART_ROLE"] for each in programs().values()]
    assert sorted(roles) == ["api", "collector", "collector"]


@pytest.mark.parametrize("program", programs())
def test_what_compose_says_is_taken_by_the_settings_and_names_its_own_services(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, given in programs()[program]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{(\w+)(:-|:\?)[^}]*\}", lambda each: VALUES[each[1]], given))
    settings = Settings()
    user, name = (services()["database"]["environment"][part] for part in ("POSTGRES_USER", "POSTGRES_DB"))
    assert settings.database_url == f"postgresql://{user}:secret@database:5432/{name}"
    assert settings.redis_url == "redis://redis:6379/0"
    assert settings.host_names == ()
    for url in (settings.database_url, settings.redis_url):
        assert urlsplit(url).hostname in services()


def test_the_program_starts_when_what_it_needs_answers() -> None:
    for program in programs().values():
        waits = {name: each["condition"] for name, each in program["depends_on"].items()}
        assert waits == {"database": "service_healthy", "redis": "service_healthy"}
        assert all("healthcheck" in services()[name] for name in waits)


def test_the_port_of_the_image_is_the_one_that_compose_opens_and_the_health_check_asks() -> None:
    (port,) = re.findall(r"STRIPCHART_PORT=(\d+)", DOCKERFILE)
    assert services()["stripchart"]["ports"] == [f"{port}:{port}"]
    assert re.findall(r"^EXPOSE (\d+)", DOCKERFILE, re.MULTILINE) == [port]
    assert f"http://127.0.0.1:{port}/api/health" in DOCKERFILE


def test_the_data_folder_of_the_image_is_the_one_that_is_kept() -> None:
    (folder,) = re.findall(r"STRIPCHART_DATA_DIR=(\S+)", DOCKERFILE)
    kept = [each["volumes"] for each in programs().values()]
    assert len({volumes[0] for volumes in kept}) == len(kept)
    assert all(volumes[0].endswith(f":{folder}") for volumes in kept)
    assert {volumes[1] for volumes in kept} == {f"profiles:{folder}/profiles"}
    assert f"{folder}/profiles" in DOCKERFILE
    assert re.findall(r"^VOLUME (\S+)", DOCKERFILE, re.MULTILINE) == [folder]


def test_every_volume_is_declared() -> None:
    used = {volume.split(":")[0] for service in services().values() for volume in service.get("volumes", ())}
    assert used == set(YAML(typ="safe").load(COMPOSE)["volumes"])
