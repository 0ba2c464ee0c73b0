"""What the owner sets while the program runs, and the backups that were made."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "configuration",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("updated_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_configuration"),
        sa.CheckConstraint("id = 1", name=op.f("ck_configuration_one")),
    )
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("initiated_by", sa.Text, nullable=False),
        sa.Column("started_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("audit_head", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backup"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_backup_status", "backup", ["status"])
