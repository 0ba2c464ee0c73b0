"""Sites, links, devices and the ids of their points."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_site_and_link()
    _create_device()
    op.create_table(
        "point",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("device_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_point"),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name="fk_point_device_id"),
        sa.UniqueConstraint("device_id", "key", name="uq_point_device_id"),
        sqlite_autoincrement=True,
    )


def _create_site_and_link() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("code_key", sa.Text, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("code_key", name="uq_site_code_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("address", name="uq_link_address"),
        sqlite_autoincrement=True,
    )


def _create_device() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("site_id", sa.Integer),
        sa.Column("link_id", sa.Integer),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.Text),
        sa.Column("profile", sa.String(100), nullable=False),
        sa.Column("interval_s", sa.Double, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.Column("deleted_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_device_site_id"),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name="fk_device_link_id"),
        sa.UniqueConstraint("name_key", name="uq_device_name_key"),
        sa.CheckConstraint(
            "deleted_ms IS NOT NULL OR (site_id IS NOT NULL AND link_id IS NOT NULL AND name_key IS NOT NULL)",
            name=op.f("ck_device_whole_unless_deleted"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_device_site_id", "device", ["site_id"])
    op.create_index("ix_device_link_id", "device", ["link_id"])
