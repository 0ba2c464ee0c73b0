"""What owner and admins are told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("device_id", sa.Integer),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("read_ms", sa.BigInteger),
        sa.Column("dismissed_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name="fk_notification_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_notification_device_id", ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notification_user_id_created_ms", "notification", ["user_id", "created_ms"])
    op.create_index("ix_notification_device_id", "notification", ["device_id"])
    op.create_index("ix_notification_created_ms", "notification", ["created_ms"])
