"""Points of a device may have thresholds, a device a point of its own; and groups of devices."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("thresholds", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("device", sa.Column("own", sa.JSON(none_as_null=True)))
    op.create_table(
        "device_group",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_device_group"),
        sa.UniqueConstraint("name_key", name="uq_device_group_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "device_group_member",
        sa.Column("group_id", sa.Integer, nullable=False),
        sa.Column("device_id", sa.Integer, nullable=False),
        sa.Column("added_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "device_id", name="pk_device_group_member"),
        sa.ForeignKeyConstraint(["group_id"], ["device_group.id"], name="fk_device_group_member_group_id"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_device_group_member_device_id"),
    )
    op.create_index("ix_device_group_member_device_id", "device_group_member", ["device_id"])
