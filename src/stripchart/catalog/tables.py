"""The tables of the catalog. HEAD is the migration that makes them."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, MetaData, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from stripchart.catalog.limits import (
    CODE_LENGTH,
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    POINT_KEY_LENGTH,
    PROFILE_LENGTH,
    ZONE_LENGTH,
)

HEAD = "0015"

# An id is never given again: history is kept under point ids, and outlives the rows.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SiteRow(Base):
    """`code_key` is the code as it is compared, because databases disagree on what a capital letter is."""

    __tablename__ = "site"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    code_key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    description: Mapped[str] = mapped_column(String(DESCRIPTION_LENGTH))
    zone: Mapped[str] = mapped_column(String(ZONE_LENGTH), server_default="UTC")


class LinkRow(Base):
    """A link is here while a device is behind it. `options`: those that are not as usual, by name."""

    __tablename__ = "link"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(Text, unique=True)
    options: Mapped[dict[str, object]] = mapped_column(JSON, server_default="{}")


class DeviceRow(Base):
    """A device that was deleted with its data kept stays as a row without site, link and `name_key`.

    So its points keep their ids, its history keeps a name, and the name is free for another device. `records` holds
    record rules by point key, each as a mapping of the fields of `RecordRule`; `thresholds` those of `Thresholds`;
    `own` the fields of `OwnPoint` of a device without a profile, whose `profile` is then empty.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint(
            "deleted_ms IS NOT NULL OR (site_id IS NOT NULL AND link_id IS NOT NULL AND name_key IS NOT NULL)",
            name="whole_unless_deleted",
        ),
        NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"), index=True)
    unit_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str | None] = mapped_column(Text, unique=True)
    profile: Mapped[str] = mapped_column(String(PROFILE_LENGTH))
    interval_s: Mapped[float]
    enabled: Mapped[bool]
    description: Mapped[str] = mapped_column(String(DESCRIPTION_LENGTH))
    created_ms: Mapped[int] = mapped_column(BigInteger)
    updated_ms: Mapped[int] = mapped_column(BigInteger)
    deleted_ms: Mapped[int | None] = mapped_column(BigInteger)
    aligned: Mapped[bool] = mapped_column(server_default=false())
    records: Mapped[dict[str, dict[str, str | float]]] = mapped_column(JSON, server_default="{}")
    retention_days: Mapped[int] = mapped_column(server_default="0")
    thresholds: Mapped[dict[str, dict[str, float | None]]] = mapped_column(JSON, server_default="{}")
    own: Mapped[dict[str, str | int] | None] = mapped_column(JSON(none_as_null=True))

    link: Mapped[LinkRow | None] = relationship(lazy="raise")


class PointRow(Base):
    """The id of a device's point stays when its profile loses the point, and is found again when it returns.

    `trend_log_id`: under this id a trend log keeps its own samples of a point; None: it is the point itself.
    """

    __tablename__ = "point"
    __table_args__ = (UniqueConstraint("device_id", "key"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    key: Mapped[str] = mapped_column(String(POINT_KEY_LENGTH))
    retired: Mapped[bool]
    trend_log_id: Mapped[int | None] = mapped_column(index=True)
