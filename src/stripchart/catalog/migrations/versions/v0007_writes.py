"""The record of what operators had devices do. SQLite itself sees to it that entries are only added."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "write_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("order_id", sa.Integer),
        sa.Column("device_id", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_write_entry"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_write_entry_order_id", "write_entry", ["order_id"])
    op.create_index("ix_write_entry_device_id", "write_entry", ["device_id"])
    if op.get_bind().dialect.name != "sqlite":
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER write_entry_no_{change.lower()} BEFORE {change} ON write_entry "
            "BEGIN SELECT RAISE(ABORT, 'the record of writes is only added to'); END"
        )
