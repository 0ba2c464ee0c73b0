"""What may stand in a field of a profile file: numbers within bounds, words, texts in several languages."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

MAX_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `low` to `high`, both included."""

    low: float
    high: float

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(core), "minimum": self.low, "maximum": self.high}

    def _check(self, number: float) -> float:
        if not self.low <= number <= self.high:
            raise PydanticCustomError("between", f"{number:g}: allowed are {self.low:g} to {self.high:g}")
        return number


Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Word = Annotated[str, Field(min_length=1, max_length=64)]
Line = Annotated[str, Field(min_length=1, max_length=500)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class TextsForm(Form):
    en: Line
    zh: Line | None = None
    ru: Line | None = None


def _text_tag(value: object) -> str:
    return "texts" if isinstance(value, dict | TextsForm) else "text"


Text = Annotated[
    Annotated[Line, Tag("text")] | Annotated[TextsForm, Tag("texts")],
    Discriminator(_text_tag),
]
"""A text, or one for each language: {en: Voltage, zh: 电压, ru: Напряжение}."""

CodeTexts = Annotated[dict[Whole, Text], Field(min_length=1, max_length=1000)]


def mapping_tag(value: object) -> str:
    return "mapping" if isinstance(value, dict | Form) else "plain"


TextSet = Annotated[
    Annotated[Word, Tag("plain")] | Annotated[CodeTexts, Tag("mapping")],
    Discriminator(mapping_tag),
]
"""Texts by code, or the name of one of the profile's `sets`."""

Bound = Number | None


def _no_data_tag(value: object) -> str:
    return "range" if isinstance(value, list | tuple) else "value"


NoData = Annotated[
    Annotated[Number, Tag("value")] | Annotated[tuple[Bound, Bound], Tag("range")],
    Discriminator(_no_data_tag),
]

Yes = Annotated[bool, Field(strict=True)]
