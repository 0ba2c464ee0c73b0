"""The table of trend logs."""

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.limits import NAME_LENGTH
from stripchart.catalog.tables import NEVER_AGAIN, Base


class TrendLogRow(Base):
    """A log that was deleted with its data kept stays as a row without `name_key`, like a device."""

    __tablename__ = "trend_log"
    __table_args__ = (UniqueConstraint("device_id", "name_key"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str | None] = mapped_column(Text)
    interval_s: Mapped[int]
    max_samples: Mapped[int]
    enabled: Mapped[bool]
    created_ms: Mapped[int] = mapped_column(BigInteger)
    updated_ms: Mapped[int] = mapped_column(BigInteger)
    deleted_ms: Mapped[int | None] = mapped_column(BigInteger)
