"""Devices may say how long their samples are kept; trend logs, and the ids of their series."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("retention_days", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "trend_log",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("device_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.Text),
        sa.Column("interval_s", sa.Integer, nullable=False),
        sa.Column("max_samples", sa.Integer, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.Column("deleted_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_trend_log"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_trend_log_device_id"),
        sa.UniqueConstraint("device_id", "name_key", name="uq_trend_log_device_id"),
        sqlite_autoincrement=True,
    )
    op.add_column("point", sa.Column("trend_log_id", sa.Integer))
    op.create_index("ix_point_trend_log_id", "point", ["trend_log_id"])
