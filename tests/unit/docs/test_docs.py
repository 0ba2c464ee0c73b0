"""Documents stay true: the files, headings, settings and commands they name exist."""

import re
import shlex
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from stripchart.api.health_problem import ProblemCode
from stripchart.cli.app import build_app
from stripchart.model.cause import CauseCode
from stripchart.model.complaint import ComplaintCode
from stripchart.model.warning import WarningCode
from stripchart.settings import Settings

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
TOUR = ROOT / "docs" / "follow-one-number.md"


def test_every_file_the_tour_names_exists() -> None:
    named = re.findall(r"`((?:src|web)/[\w./-]+)`", TOUR.read_text(encoding="utf-8"))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_code_of_a_cause_is_described() -> None:
    causes, rest = (ROOT / "docs" / "causes.md").read_text(encoding="utf-8").split("| complaint |")
    complaints, rest = rest.split("| warning |")
    warnings, problems = rest.split("| problem |")
    assert codes_in(causes.split("## Codes")[1]) == [code.value for code in CauseCode]
    assert set(codes_in(complaints)) == {code.value for code in ComplaintCode}
    assert codes_in(problems) == [code.value for code in ProblemCode]
    assert codes_in(warnings) == [code.value for code in WarningCode if code is not WarningCode.OTHER]


def codes_in(table: str) -> list[str]:
    """What stands in the first column."""
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    return [code for row in rows for code in re.findall(r"`(\w+)`", row)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_heading_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", document.read_text(encoding="utf-8"))
    local = [(document.parent / target if target else document, heading) for target, heading in links]
    documents = [(path, heading) for path, heading in local if path.suffix == ".md" and path.exists()]
    assert [(path.name, heading) for path, heading in documents if heading not in headings_of(path)] == []


def headings_of(document: Path) -> list[str]:
    """As GitHub calls them in addresses."""
    titles = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]


def test_every_command_of_an_example_has_the_options_it_is_given() -> None:
    examples = [line for document in DOCUMENTS for line in commands_in(document)]
    assert len(examples) > 30
    for line in examples:
        words = shlex.split(line, comments=True)
        command = typer.main.get_command(build_app())
        while isinstance(command, TyperGroup):
            assert words, line
            assert words[0] in command.commands, line
            command, words = command.commands[words[0]], words[1:]
        command.make_parser(command.context_class(command)).parse_args(words)


def commands_in(document: Path) -> list[str]:
    """The lines of code blocks that call `stripchart`, without the program's name."""
    blocks = re.findall(r"```(?:sh|text)\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL)
    return re.findall(r"^(?:\.venv/bin/)?stripchart (.+)$", "\n".join(blocks), re.MULTILINE)


def test_every_setting_is_described_with_its_default() -> None:
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| `STRIPCHART_(\w+)` \| `([^`]+)` \|", text, re.MULTILINE))
    defaults = Settings()
    plain = {name.upper(): getattr(defaults, name) for name in type(defaults).model_fields}
    parts = [name for name, value in plain.items() if is_dataclass(value)]
    nested = {
        f"{part}__{option.name.upper()}": getattr(plain[part], option.name)
        for part in parts
        for option in fields(plain[part])
    }
    for part in parts:
        del plain[part]
    assert described == {name: _as_given(value) for name, value in (plain | nested).items()}


def _as_given(value: object) -> str:
    """How a value is written in the environment."""
    if isinstance(value, tuple):
        return ",".join(value) or "none"
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
