"""The tables of groups."""

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.limits import DESCRIPTION_LENGTH, NAME_LENGTH
from stripchart.catalog.tables import NEVER_AGAIN, Base


class GroupRow(Base):
    __tablename__ = "device_group"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(Text, unique=True)
    description: Mapped[str] = mapped_column(String(DESCRIPTION_LENGTH))
    created_ms: Mapped[int] = mapped_column(BigInteger)
    updated_ms: Mapped[int] = mapped_column(BigInteger)


class MemberRow(Base):
    """A device that is in a group; a deleted device is in none."""

    __tablename__ = "device_group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("device_group.id"), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True, index=True)
    added_ms: Mapped[int] = mapped_column(BigInteger)
