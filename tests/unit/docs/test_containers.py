"""The container files fit the project: as far as that can be seen without an engine."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from stripchart.cli.configuration import unknown_variables
from stripchart.history.timescale.options import check_url

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_all_that_goes_into_the_image_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert len(copied) >= 5
    missing = [path for line in copied for path in line.split() if not (ROOT / path).exists()]
    assert missing == []


def test_the_variables_of_the_image_and_of_the_services_are_settings() -> None:
    given = re.findall(r"(STRIPCHART_\w+)=", DOCKERFILE)
    services = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    program, database = services["stripchart"], services["database"]
    assert unknown_variables([*given, *program["environment"]]) == []
    url = re.sub(r"\$\{[^}]+\}", "x", program["environment"]["STRIPCHART_DATABASE_URL"])
    user, name = (database["environment"][part] for part in ("POSTGRES_USER", "POSTGRES_DB"))
    assert check_url(url) == f"postgresql://{user}:x@database:5432/{name}"
    assert program["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in database


def test_every_volume_is_declared() -> None:
    compose = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", ())}
    assert used == set(compose["volumes"])
