"""What is published beside the code: the JSON schema, and the user's guide with its examples."""

import re
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from stripchart.profiles.command_forms import CommandForm, StepForm
from stripchart.profiles.device_forms import PacingForm
from stripchart.profiles.library import SHIPPED
from stripchart.profiles.load import parse_profile
from stripchart.profiles.point_forms import DefaultsForm, PointForm, WritableForm
from stripchart.profiles.schema import json_schema, schema_text
from stripchart.profiles.source import read_source
from tests.unit.profiles.texts import profile_text

DOCS = Path(__file__).parents[3] / "docs"
GUIDE = (DOCS / "profiles.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
SHIPPED_FILES = sorted(SHIPPED.glob("*.yaml"))


def as_json(value: object) -> object:
    """A YAML value as JSON has it: keys are texts."""
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value


def errors(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(as_json(read_source(text, "f.yaml").data))]


def test_the_published_schema_is_current() -> None:
    published = (DOCS / "profile.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "run tools/write_profile_schema.py"


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_shipped_files_obey_the_schema_and_point_editors_to_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert errors(text) == []
    found = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert found is not None
    assert (path.parent / found[1]).resolve() == (DOCS / "profile.schema.json").resolve()


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_a_shipped_file_is_named_after_its_profile(path: Path) -> None:
    assert parse_profile(path.read_text(encoding="utf-8"), path.name).key == path.stem


@pytest.mark.parametrize(
    "point",
    [
        "{key: a, name: A, adress: 0}",
        "{key: a, name: A, address: 70000}",
        "{key: a, name: A, address: 0, type: int18}",
        "{key: a, name: {zh: 电}, address: 0}",
        "{key: a, name: A, address: 0, writable: {lo: 1}}",
        "{repeat: {count: 2}, points: []}",
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(point: str) -> None:
    assert errors(profile_text(point))


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_examples_of_the_guide_load(number: int) -> None:
    profile = parse_profile(EXAMPLES[number], f"example {number}")
    assert profile.points
    assert errors(EXAMPLES[number]) == []


def test_the_guide_has_examples_and_names_every_field_of_a_point() -> None:
    assert len(EXAMPLES) == 2
    forms = (PointForm, DefaultsForm, PacingForm, WritableForm, CommandForm, StepForm)
    for field in (field for form in forms for field in form.model_fields):
        assert re.search(rf"\b{field}\b", GUIDE), field


def test_the_guide_says_what_reference_40121_means() -> None:
    point = parse_profile(profile_text("{key: a, name: A, reference: 40121}"), "f.yaml").points[0]
    assert point.address == 120
    assert "40121 and 400121 are holding register 120" in GUIDE
