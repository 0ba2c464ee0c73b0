"""Who did what: the words of the audit."""

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum


class Action(StrEnum):
    """What was done."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, from where, and by what means; `who` is empty while nobody has signed in."""

    who: str
    origin: str = ""
    via: str = ""


SYSTEM = Actor("system")
"""The program itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One change of one thing, called by its name of that day.

    `changes`: of each field what it was (`old`) and is (`new`), as far as there is one; never a secret.
    """

    action: Action
    kind: str
    subject: str = ""
    subject_id: str = ""
    changes: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


_ACTOR: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def actor_now() -> Actor:
    """On whose behalf the current task works."""
    return _ACTOR.get()


def act_as(actor: Actor) -> None:
    """From here on the current task works on this one's behalf, and so do the tasks that it begins."""
    _ACTOR.set(actor)


@contextlib.contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """What is done inside is done on this one's behalf."""
    before = _ACTOR.set(actor)
    try:
        yield
    finally:
        _ACTOR.reset(before)
