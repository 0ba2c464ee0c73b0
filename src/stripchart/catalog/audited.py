"""Which tables the audit tells of, and what a change of one of their rows comes to in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import inspect
from sqlalchemy.orm import RelationshipProperty
from sqlalchemy.orm.attributes import History

from stripchart.catalog.account_tables import SessionRow, TokenRow, UserRow
from stripchart.catalog.audit_tables import AuditRow
from stripchart.catalog.configuration_tables import BackupRow, ConfigurationRow
from stripchart.catalog.group_tables import GroupRow, MemberRow
from stripchart.catalog.learned_tables import LearnedRow
from stripchart.catalog.level_tables import LevelRow
from stripchart.catalog.tables import Base, DeviceRow, LinkRow, PointRow, SiteRow
from stripchart.catalog.trend_log_tables import TrendLogRow
from stripchart.catalog.write_tables import WriteEntryRow
from stripchart.model.audit import Action, Deed

_HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class Audited:
    """`label`: the column with the name of the thing. `left_out` follow from other columns, or say nothing.

    `secret` columns are told to have changed, and never what they hold.
    """

    kind: str
    label: str
    left_out: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()


_TIMES = frozenset({"id", "created_ms", "updated_ms"})

AUDITED: Mapping[type[Base], Audited] = {
    SiteRow: Audited("site", "code", frozenset({"id", "code_key"})),
    LinkRow: Audited("link", "address", frozenset({"id"})),
    DeviceRow: Audited("device", "name", _TIMES | {"name_key", "link_id"}),
    TrendLogRow: Audited("trend_log", "name", _TIMES | {"name_key"}),
    GroupRow: Audited("group", "name", _TIMES | {"name_key"}),
    MemberRow: Audited("group_member", "device_id", frozenset({"added_ms"})),
    UserRow: Audited("user", "username", _TIMES | {"username_key", "owner_key"}, frozenset({"password_hash"})),
    TokenRow: Audited("token", "name", _TIMES | {"digest"}),
    ConfigurationRow: Audited("configuration", "id", _TIMES | {"updated_ms"}),
    BackupRow: Audited("backup", "origin", frozenset({"id", "started_ms", "ended_ms", "audit_head", "cause"})),
    WriteEntryRow: Audited("write", "", _TIMES),
}

NOT_AUDITED: Mapping[str, str] = {
    AuditRow.__tablename__: "it is the audit",
    PointRow.__tablename__: "ids that follow from devices, profiles and trend logs",
    SessionRow.__tablename__: "signing in and out are records of their own; renewing tokens changes nothing",
    LevelRow.__tablename__: "it follows from values and thresholds",
    LearnedRow.__tablename__: "learned by the program, and learned again when it is lost",
    "notification": "what users are told, and whether they read it",
}
"""The other tables, and why the audit does not tell of them."""


def added(row: Base) -> Deed | None:
    """The deed of a new row, whose id is known; None for a table that the audit does not tell of."""
    return _deed(Action.ADDED, row, {name: {"new": _value(row, name)} for name in _told(row)})


def deleted(row: Base) -> Deed | None:
    """The deed of a row that is deleted."""
    return _deed(Action.DELETED, row, {name: {"old": _value(row, name)} for name in _told(row)})


def changed(row: Base) -> Deed | None:
    """The deed of a row that was changed; None also when nothing was changed that the audit tells."""
    changes = dict(_differences(row)) if type(row) in AUDITED else {}
    return _deed(Action.CHANGED, row, changes) if changes else None


def _deed(action: Action, row: Base, changes: Mapping[str, Mapping[str, object]]) -> Deed | None:
    audited = AUDITED.get(type(row))
    if audited is None:
        return None
    if isinstance(row, WriteEntryRow):
        body = orjson.loads(row.body)
        changes = {name: {"new": value} for name, value in body.items()}
        return Deed(action=action, kind="write", subject=_order_of(body), subject_id=str(row.id), changes=changes)
    subject = str(getattr(row, audited.label))
    return Deed(action=action, kind=audited.kind, subject=subject, subject_id=_id(row), changes=changes)


def _order_of(body: Mapping[str, Any]) -> str:
    return f"order {body['order_id']}" if body.get("order_id") else f"{body['device']}: {body['key']}"


def _id(row: Base) -> str:
    return ",".join(str(part) for part in inspect(row).mapper.primary_key_from_instance(row))


def _told(row: Base) -> list[str]:
    audited = AUDITED.get(type(row))
    if audited is None:
        return []
    state = inspect(row)
    names = {attribute.key for attribute in state.mapper.column_attrs} | {
        relation.key for relation in state.mapper.relationships if relation.key not in state.unloaded
    }
    return sorted(names - audited.left_out)


def _value(row: Base, name: str) -> object:
    if name in AUDITED[type(row)].secret:
        return _HIDDEN
    return _plain(getattr(row, name))


def _plain(value: object) -> object:
    """As it goes into JSON: another row by its name; bytes, which nobody can read, never."""
    if isinstance(value, Base):
        audited = AUDITED.get(type(value))
        return str(getattr(value, audited.label)) if audited else _id(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return _HIDDEN if isinstance(value, bytes) else value


def _differences(row: Base) -> Iterator[tuple[str, Mapping[str, object]]]:
    state = inspect(row)
    for name in _told(row):
        history: History = state.attrs[name].history
        if not history.has_changes():
            continue
        if name in AUDITED[type(row)].secret:
            yield name, {"old": _HIDDEN, "new": _HIDDEN}
            continue
        is_list = _is_list(state.mapper.attrs[name])
        old = [*history.unchanged, *history.deleted] if is_list else _first(history.deleted)
        new = [*history.unchanged, *history.added] if is_list else _first(history.added)
        yield from _pairs(name, _plain(old), _plain(new))


def _is_list(attribute: object) -> bool:
    return isinstance(attribute, RelationshipProperty) and bool(attribute.uselist)


def _first(values: Any) -> object:
    return values[0] if values else None


def _pairs(name: str, old: object, new: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Of a mapping only the keys that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                yield from _pairs(f"{name}.{key}", old.get(key), new.get(key))
    elif old != new:
        yield name, {"old": old, "new": new}
