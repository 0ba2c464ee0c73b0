"""The time zone of a site; what points were by their thresholds; when a notification reached its user."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("site", sa.Column("zone", sa.String(64), nullable=False, server_default="UTC"))
    op.add_column("notification", sa.Column("delivered_ms", sa.BigInteger))
    op.create_table(
        "alarm_level",
        sa.Column("point_id", sa.Integer, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("point_id", name="pk_alarm_level"),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name="fk_alarm_level_point_id", ondelete="CASCADE"),
    )
