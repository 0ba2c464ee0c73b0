"""Settings of the environment, with the options of the command line on top."""

import dataclasses
import os
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError
from rich.markup import escape

from stripchart.cli.failure import CommandError
from stripchart.cli.terminal import complaints
from stripchart.profiles.problem import did_you_mean
from stripchart.settings import SECRET_LENGTH, Settings

_PREFIX = "STRIPCHART_"
_OF_COMMANDS = {"STRIPCHART_SERVER", "STRIPCHART_TOKEN"}
"""What commands that ask a running server look at: no settings of the server itself."""


def settings_from(**options: object) -> Settings:
    """The settings; options that are None were not given. Warns of variables that set nothing.

    Raises CommandError naming the variable, its value and what is allowed.
    """
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    for warning in unknown_variables(os.environ):
        complaints().print(f"[bold yellow]warning:[/] {escape(warning)}")
    try:
        return Settings(**given)
    except ValidationError as error:
        raise CommandError("\n".join(_wrong(detail) for detail in error.errors())) from error
    except SettingsError as error:
        raise CommandError(f"{_PREFIX}* variables: {error}: {error.__cause__}") from error


def unknown_variables(names: Iterable[str]) -> list[str]:
    """A sentence for each environment variable that looks like a setting and is none."""
    known = list(_variables())
    ours = (name for name in names if name.upper().startswith(_PREFIX))
    strange = sorted(name for name in ours if name.upper() not in {*known, *_OF_COMMANDS})
    return [f"{name} is not a setting and is ignored; {did_you_mean(name, known)}" for name in strange]


def _variables() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        variable = f"{_PREFIX}{name}".upper()
        yield variable
        if dataclasses.is_dataclass(field.annotation):
            yield from (f"{variable}__{part.name}".upper() for part in dataclasses.fields(field.annotation))


def _wrong(detail: ErrorDetails) -> str:
    if detail["loc"] == ("signing_secret",):
        return f"{_PREFIX}SIGNING_SECRET: must have at least {SECRET_LENGTH} characters"  # and never what was given
    variable = _PREFIX + "__".join(str(part) for part in detail["loc"]).upper()
    return f"{variable}={detail['input']}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
