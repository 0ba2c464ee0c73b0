"""Blocks and repeats of a profile file, rolled out to one draft for each point."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stripchart.model.point import Texts
from stripchart.profiles.point_forms import BlockForm, DefaultsForm, PointForm, RepeatForm, WritableForm
from stripchart.profiles.problem import Findings, Place, did_you_mean
from stripchart.profiles.schema import ProfileForm
from stripchart.profiles.values import MAX_POINTS, TextsForm

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LANGUAGES = ("en", "zh", "ru")


@dataclass(frozen=True, slots=True)
class Draft:
    """A point as written, with the defaults it takes and the copy it is.

    `own`: fields written on the point itself. `words`: what the placeholders stand for, by language. `shift`: how
    far this copy lies behind the address that is written.
    """

    form: PointForm
    own: frozenset[str]
    place: Place
    words: Mapping[str, Texts] = field(default_factory=dict)
    shift: int = 0

    def filled(self, template: str, language: str = "en") -> str:
        """The template with its placeholders replaced; unknown ones stay."""
        return _PLACEHOLDER.sub(lambda found: _word(self.words, found, language), template)

    def filled_texts(self, written: str | TextsForm) -> Texts:
        """The texts with their placeholders replaced, in every language that the texts or their words have."""
        texts = to_texts(written)
        if not self.words:
            return texts
        used = {name for template in texts.values() for name in _PLACEHOLDER.findall(template)}
        spoken = {*texts, *(language for name in used for language in self.words.get(name, {}))}
        return {
            language: self.filled(texts.get(language, texts["en"]), language)
            for language in _LANGUAGES
            if language in spoken
        }

    def unknown_words(self, template: str) -> list[str]:
        return [name for name in _PLACEHOLDER.findall(template) if name not in self.words]


def to_texts(written: str | TextsForm) -> Texts:
    """A bare text is English."""
    if isinstance(written, str):
        return {"en": written}
    every = {"en": written.en, "zh": written.zh, "ru": written.ru}
    return {language: text for language, text in every.items() if text is not None}


def expand(form: ProfileForm, findings: Findings) -> list[Draft]:
    """One draft for each point, in the order of the file. Raises ProfileError when there are too many."""
    total = sum(_size(entry) for entry in form.points)
    if total > MAX_POINTS:
        findings.add(("points",), f"{total} points after repeating; allowed are {MAX_POINTS}")
        findings.stop_if_any()
    drafts: list[Draft] = []
    for number, entry in enumerate(form.points):
        place: Place = ("points", number)
        if isinstance(entry, PointForm):
            drafts.append(_draft(entry, place, form.defaults))
        else:
            drafts.extend(_block(entry, place, form.defaults, findings))
    for draft in drafts:
        _check_words(draft, findings)
    return drafts


def _size(entry: PointForm | BlockForm) -> int:
    if isinstance(entry, PointForm):
        return 1
    repeat = entry.repeat
    copies = 1 if repeat is None else len(repeat.items or ()) or repeat.count or 1
    return copies * len(entry.points)


def _draft(point: PointForm, place: Place, *defaults: DefaultsForm) -> Draft:
    """The point with the first default that is written for each field it lacks."""
    taken: dict[str, object] = {}
    for name in DefaultsForm.model_fields:
        values = [value for form in (point, *defaults) if (value := getattr(form, name)) is not None]
        if values:
            taken[name] = values[0]
    own = frozenset(name for name in point.model_fields_set if getattr(point, name) is not None)
    return Draft(point.model_copy(update=taken), own, place)


def _block(block: BlockForm, place: Place, defaults: DefaultsForm, findings: Findings) -> Iterator[Draft]:
    layers = (defaults,) if block.defaults is None else (block.defaults, defaults)
    masters = [_draft(point, (*place, "points", i), *layers) for i, point in enumerate(block.points)]
    if block.repeat is None:
        yield from masters
        return
    for number, words in enumerate(_copies(block.repeat, (*place, "repeat"), findings)):
        for master in masters:
            yield Draft(master.form, master.own, master.place, words, number * block.repeat.stride)


def _copies(repeat: RepeatForm, place: Place, findings: Findings) -> Iterator[Mapping[str, Texts]]:
    """The placeholders of each copy."""
    if (repeat.count is None) == (repeat.items is None):
        findings.add(place, "how often? allowed is one of count and items")
        return
    fields = {name for item in repeat.items or () if isinstance(item, dict) for name in item}
    for number, item in enumerate(repeat.items or range(repeat.count or 0)):
        words: dict[str, Texts] = {"n": {"en": str(repeat.first + number)}}
        if isinstance(item, dict):
            for name in sorted(fields - item.keys()):
                findings.add((*place, "items", number, name), "missing; all items need the same fields")
            words |= {name: to_texts(text) for name, text in item.items()}
        elif repeat.items is not None:
            words["item"] = {"en": str(item)}
        yield words


def _word(words: Mapping[str, Texts], found: re.Match[str], language: str) -> str:
    texts = words.get(found[1])
    return found[0] if texts is None else texts.get(language, texts["en"])


def _needed_point(form: PointForm) -> str | None:
    """The point that must have a certain value before this one is written."""
    needs = form.writable.needs if isinstance(form.writable, WritableForm) else None
    return needs.point if needs else None


def _check_words(draft: Draft, findings: Findings) -> None:
    form = draft.form
    templates: list[tuple[str, str | None]] = [
        ("key", form.key),
        *(("name", text) for text in to_texts(form.name).values()),
        ("group", form.group),
        ("panel_point", form.panel_point),
        ("capacity", form.capacity),
        ("manual_when", form.manual_when.point if form.manual_when else None),
        ("ranged", form.ranged.code if form.ranged else None),
        ("ranged", form.ranged.kind if form.ranged else None),
        ("read", form.read),
        ("scale_factor", form.scale_factor),
        ("scale_when", form.scale_when.point if form.scale_when else None),
        ("writable", _needed_point(form)),
        ("labels", form.labels if isinstance(form.labels, str) else None),
        ("bits", form.bits if isinstance(form.bits, str) else None),
    ]
    for name, template in templates:
        if template is None or "{" not in template:
            continue
        for word in draft.unknown_words(template):
            known = did_you_mean(word, draft.words) if draft.words else "placeholders are for repeated points"
            findings.add((*draft.place, name), f"unknown placeholder {{{word}}}; {known}")
