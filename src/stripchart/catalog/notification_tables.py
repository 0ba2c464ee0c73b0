"""The table of notifications."""

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.tables import NEVER_AGAIN, Base

TITLE_LENGTH = 200


class NotificationRow(Base):
    """One row for each who is told. An id is never given again: a stream that broke off goes on behind one."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_user_id_created_ms", "user_id", "created_ms"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(String(30))
    severity: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    message: Mapped[str] = mapped_column(Text)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"), index=True)
    facts: Mapped[dict[str, str | int | float | None]] = mapped_column("metadata", JSON)
    created_ms: Mapped[int] = mapped_column(BigInteger, index=True)
    delivered_ms: Mapped[int | None] = mapped_column(BigInteger)
    read_ms: Mapped[int | None] = mapped_column(BigInteger)
    dismissed_ms: Mapped[int | None] = mapped_column(BigInteger)
