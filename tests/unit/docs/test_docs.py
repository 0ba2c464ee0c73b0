"""Documents stay true: the files they name exist."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from stripchart.settings import Settings

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
TOUR = ROOT / "docs" / "follow-one-number.md"


def test_every_file_the_tour_names_exists() -> None:
    named = re.findall(r"`((?:src|web)/[\w./-]+)`", TOUR.read_text(encoding="utf-8"))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (document.parent / target).exists()] == []


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
