"""The table of what points are by their thresholds."""

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from stripchart.catalog.tables import Base


class LevelRow(Base):
    """A point that is not normal: 1 a warning, 2 critical above, -1 and -2 below."""

    __tablename__ = "alarm_level"

    point_id: Mapped[int] = mapped_column(ForeignKey("point.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)
