"""The tables of what the owner sets, and of backups."""

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.limits import DESCRIPTION_LENGTH
from stripchart.catalog.tables import NEVER_AGAIN, Base


class ConfigurationRow(Base):
    """One row. `fields`: those of `Configuration` that are not as usual, by name."""

    __tablename__ = "configuration"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, object]] = mapped_column(JSON)
    updated_ms: Mapped[int] = mapped_column(BigInteger)


class BackupRow(Base):
    """A backup that was begun. `ended_ms` is None while it is made; `audit_head` that of the audit when it began.

    `cause` says by code what `error` says in words.
    """

    __tablename__ = "backup"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    origin: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(String(DESCRIPTION_LENGTH))
    initiated_by: Mapped[str] = mapped_column(Text)
    started_ms: Mapped[int] = mapped_column(BigInteger)
    ended_ms: Mapped[int | None] = mapped_column(BigInteger)
    path: Mapped[str] = mapped_column(Text)
    bytes: Mapped[int] = mapped_column(BigInteger)
    error: Mapped[str] = mapped_column(Text)
    cause: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    audit_head: Mapped[str] = mapped_column(Text)
