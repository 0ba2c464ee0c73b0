"""Operators: who may have a device do something. The one place where that is decided beside the role."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from stripchart.api.errors import ApiError
from stripchart.api.parts import Running
from stripchart.api.who import From, Who

SWITCHED_OFF = "writing to devices is switched off; STRIPCHART_ALLOW_WRITES=true allows it"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who gives an order, and from where, as the record has it."""

    who: str
    origin: str


async def _operator(parts: Running, who: Who, caller: From) -> Operator:
    """The role was checked already (see `permissions`). Raises ApiError 403 while nobody may write."""
    if not parts.allow_writes:
        raise ApiError(403, "writes_off", SWITCHED_OFF)
    return Operator(who.username, caller.address)


MayWrite = Annotated[Operator, Depends(_operator)]
"""The operator, as a parameter of a route that has a device do something."""
