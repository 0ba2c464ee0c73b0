"""The table of what was learned of devices."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.limits import PROFILE_LENGTH
from stripchart.catalog.tables import Base


class LearnedRow(Base):
    """Limits, and of which link, unit and profile they were learned: of others they say nothing."""

    __tablename__ = "learned"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"), primary_key=True)
    link: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int]
    profile: Mapped[str] = mapped_column(String(PROFILE_LENGTH))
    limits: Mapped[dict[str, Any]] = mapped_column(JSON)
    learned_ms: Mapped[int] = mapped_column(BigInteger)
